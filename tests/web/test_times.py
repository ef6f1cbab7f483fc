"""Times as pages show them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from portal.web.times import (
    clock,
    clock_and_zone,
    day,
    iso,
    long_day,
    reads_as_time,
    short_date,
    when,
    zone_label,
)


def test_an_instant_is_shown_with_its_zone(now: datetime) -> None:
    assert when(now, "Asia/Singapore") == "24 Mar 2026, 11:20 GMT+8"
    assert when(now, "Asia/Yangon") == "24 Mar 2026, 09:50 GMT+6:30"


def test_utc_is_called_by_its_name(now: datetime) -> None:
    assert when(now, "UTC") == "24 Mar 2026, 03:20 UTC"
    assert clock_and_zone(now, "UTC") == "03:20 UTC"


def test_the_clock_alone_has_no_date(now: datetime) -> None:
    assert clock(now, "Asia/Singapore") == "11:20"


def test_a_day_is_that_of_the_zone() -> None:
    late = datetime(2026, 3, 24, 20, 0, tzinfo=UTC)

    assert day(late, "UTC") == "24 Mar 2026"
    assert day(late, "Asia/Singapore") == "25 Mar 2026"
    assert long_day(late, "Asia/Singapore") == "Wednesday 25 March 2026"


def test_a_date_has_no_zone() -> None:
    assert day(date(2026, 4, 4), "America/New_York") == "4 Apr 2026"
    assert short_date(date(2026, 4, 4)) == "4 Apr"


def test_programs_read_rfc_3339_in_utc() -> None:
    there = datetime(2026, 3, 24, 11, 20, 5, 123, tzinfo=timezone(timedelta(hours=8)))

    assert iso(there) == "2026-03-24T03:20:05Z"
    assert iso(date(2026, 4, 4)) == "2026-04-04"


def test_a_zone_is_named_by_its_city(now: datetime) -> None:
    assert zone_label("Asia/Singapore", now) == "Singapore time (GMT+8)"
    assert zone_label("Asia/Ho_Chi_Minh", now) == "Ho Chi Minh time (GMT+7)"
    assert zone_label("UTC", now) == "UTC"


@pytest.mark.parametrize(
    ("text", "kind", "readable"),
    [
        ("2026-05-01", "date", True),
        ("2026-02-30", "date", False),
        ("20260501", "date", False),
        ("2026-W18-5", "date", False),
        ("1st of May", "date", False),
        ("2026-05-01T07:00", "datetime", True),
        ("2026-05-01 07:00", "datetime", False),
        ("2026-05-01T07:00+08:00", "datetime", False),
        ("2026-05-01T25:00", "datetime", False),
        ("", "datetime", False),
    ],
)
def test_a_browser_shows_only_what_it_can_read(text: str, kind: str, readable: bool) -> None:
    assert reads_as_time(text, kind) == readable
