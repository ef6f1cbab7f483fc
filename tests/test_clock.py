"""The clock: the machine's own, or a file that stands still until somebody replaces it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.clock import ClockFileUnreadable, FileClock, SystemClock, clock_from
from portal.settings import Settings


def test_the_system_clock_is_aware_and_in_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()

    assert now.tzinfo is UTC
    assert timedelta(0) <= now - before < timedelta(seconds=5)


def test_the_file_clock_stands_still_and_follows_a_rename(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    clock = FileClock(path)
    path.write_text("2026-03-24T11:20:00+08:00\n")
    first, second = clock.now(), clock.now()
    (tmp_path / "next").write_text("2026-03-24T11:21:00.5+08:00")
    (tmp_path / "next").rename(path)

    assert first == second == datetime(2026, 3, 24, 3, 20, tzinfo=UTC)
    assert clock.now() == datetime(2026, 3, 24, 3, 21, 0, 500000, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_z_is_an_offset_too(tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("2026-03-24T03:20:00Z\n")

    assert FileClock(tmp_path / "clock").now() == datetime(2026, 3, 24, 3, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "line", ["", "soon", "2026-03-24", "2026-03-24T11:20:00", "11:20+08:00", "2026-03-24T11:20:00+08:00\nx"]
)
def test_an_unreadable_line_is_an_error_that_names_the_file(tmp_path: Path, line: str) -> None:
    path = tmp_path / "clock"
    path.write_text(line)

    with pytest.raises(ClockFileUnreadable, match=str(path)):
        FileClock(path).now()


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ClockFileUnreadable, match=str(tmp_path / "none")):
        FileClock(tmp_path / "none").now()


def test_the_settings_choose_the_clock(settings: Settings, tmp_path: Path) -> None:
    under_test = replace(settings, test_clock=tmp_path / "clock")

    assert isinstance(clock_from(settings), SystemClock)
    assert isinstance(clock_from(under_test), FileClock)
