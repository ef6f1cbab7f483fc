"""The bench measures what it names; how fast it is, no test can say on a shared machine."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.bench import (
    bench,
    burst,
    daily_letters,
    drawing,
    due_in_one_minute,
    hostile_forms,
    mean_texts,
    near_texts,
    queue,
    ratios,
)
from tests.bench.ratios import Ratio


@pytest.fixture(autouse=True)
def _the_log_is_heard_again() -> Iterator[None]:
    """Measuring silences it for the whole process, in which other tests follow."""
    before = logging.root.manager.disable
    yield
    logging.disable(before)


def test_every_page_is_measured_beside_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "SAMPLES", 2)

    rows = bench.measure(f"sqlite:///{tmp_path / 'bench.sqlite3'}", 60)

    assert [row.page for row in rows if row.page] == [
        "front page",
        "release page",
        "feed",
        "search, common",
        "search, rare",
        "search, in part",
        "queue page",
        "submit",
    ]
    assert all(row.ours > 0 and row.limit > 0 and row.statements > 0 for row in rows)


def test_the_minute_with_many_due_releases_is_measured_whole(tmp_path: Path) -> None:
    found = due_in_one_minute.run(f"sqlite:///{tmp_path / 'bench.sqlite3'}", tmp_path, bench.NOW, 98)

    assert (found.due, found.visible, found.recorded, found.mails, found.whole) == (98, 98, 98, 98, True)
    assert "98 releases due in one minute: 98 visible on the dot" in due_in_one_minute.told(found)


def test_the_daily_letters_are_measured_beside_a_bare_loop(tmp_path: Path) -> None:
    found = daily_letters.run(f"sqlite:///{tmp_path / 'bench.sqlite3'}", tmp_path, bench.NOW, 120)

    assert (found.readers, found.whole) == (120, True)
    assert "120 letters of" in daily_letters.told(found)


def test_mean_texts_are_measured_by_twice_their_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mean_texts, "MEAN", ("!" * 2_000, "A " * 1_000))

    assert "2 kinds" in mean_texts.told(mean_texts.run())


def test_hostile_forms_are_measured_on_both_sides_of_the_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hostile_forms, "HOSTILE", {"letters": "a" * 1_000})

    told = hostile_forms.told(hostile_forms.run(tmp_path, bench.NOW))

    assert "Hostile forms without a login" in told
    assert "Hostile forms with a login" in told


def test_a_ratio_is_told_with_its_spread_and_against_its_goal() -> None:
    figures = ratios.in_turns(iter((2.0, 4.0, 6.0)).__next__, lambda: 4.0, rounds=3)
    rows = [
        Ratio("P1", "bytes", figures, 0.4),
        Ratio("P5", "growth", [2.0], 1.3, at_least=False, note="the sitemap"),
    ]

    assert figures == [0.5, 1.0, 1.5]
    assert [row.is_reached for row in rows] == [True, False]
    told = ratios.told(rows)
    assert "1.000   0.500   1.500   ≥ 0.4" in told
    assert "≤ 1.3  missed" in told
    assert "the sitemap" in told


def test_the_picture_names_every_row_and_the_commit(tmp_path: Path) -> None:
    rows = [
        Ratio("P1", "bytes < bytes", [0.5, 0.6, 0.4], 0.4),
        Ratio("P5", "growth", [2.0], 1.3, at_least=False),
    ]
    ratios.kept_as_json(rows, tmp_path / "speed.json")
    picture = ET.fromstring(drawing.drawn(rows, on=date(2026, 3, 24), commit="abc1234"))

    words = " ".join(picture.itertext())
    assert "bytes < bytes" in words
    assert "2026-03-24, commit abc1234" in words
    assert [row["middle"] for row in json.loads((tmp_path / "speed.json").read_text())] == [0.5, 2.0]


def test_near_copies_are_looked_for_among_many_texts(tmp_path: Path) -> None:
    found = near_texts.run(f"sqlite:///{tmp_path / 'bench.sqlite3'}", tmp_path, bench.NOW, 200, base=50)

    assert found.recall[0] == found.recall[10] == (50, 50)
    assert "Near copies among 200 texts" in near_texts.told(found)


def test_a_burst_is_taken_and_examined_whole(tmp_path: Path) -> None:
    found = burst.run(f"sqlite:///{tmp_path / 'bench.sqlite3'}", tmp_path, bench.NOW, 6)

    assert (found.sent, found.refused, found.lost) == (6, 0, 0)
    assert "6 submissions by 20 clients" in burst.told(found)


def test_jobs_are_measured_beside_a_bare_worker(tmp_path: Path) -> None:
    found = queue.run(f"sqlite:///{tmp_path / 'bench.sqlite3'}", tmp_path, bench.NOW, 2)

    assert found.one_by_one.limit > 0 < found.rung.ours
    assert "2 jobs / a bare RQ worker" in queue.told(found)
