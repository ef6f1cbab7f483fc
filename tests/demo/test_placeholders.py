"""Days that move with the moment of loading."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.demo.placeholders import filled
from portal.demo.reading import offset

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("placeholder", "shown"),
    [
        ("{date:+12d}", "6 December 2026"),
        ("{daymonth:+12d}", "6 December"),
        ("{weekday:+12d}", "Sunday"),
        ("{month:+12d}", "December 2026"),
        ("{year:+60d}", "2027"),
        ("{iso:+12d}", "2026-12-06"),
        ("{isotime:+12d 19:30}", "2026-12-06T19:30"),
        ("{numeric:+12d}", "6.12.2026"),
        ("{date:-3d}", "21 November 2026"),
        ("{date@vi:+12d}", "6 tháng 12, 2026"),
        ("{date@id:+12d}", "6 Desember 2026"),
        ("{date@zh:+12d}", "2026年12月6日"),
    ],
)
def test_a_placeholder_becomes_a_day(placeholder: str, shown: str) -> None:
    assert filled(placeholder, TUESDAY) == shown


def test_a_weekday_ahead_is_the_first_from_that_day_on() -> None:
    assert filled("{iso:+7d tue} {iso:+7d wed} {iso:+7d mon}", TUESDAY) == "2026-12-01 2026-12-02 2026-12-07"


def test_a_weekday_that_is_past_is_the_last_up_to_that_day() -> None:
    assert filled("{iso:-7d tue} {iso:-7d mon} {iso:-7d wed}", TUESDAY) == "2026-11-17 2026-11-16 2026-11-11"


def test_days_can_be_counted_on_from_a_weekday() -> None:
    assert filled("{isotime:+20d fri+2 21:30}", TUESDAY) == "2026-12-20T21:30"


def test_placeholders_stand_in_the_middle_of_a_text() -> None:
    assert filled("on {weekday:+12d} {date:+12d}.", TUESDAY) == "on Sunday 6 December 2026."


@pytest.mark.parametrize(
    "wrong", ["{day:+1d}", "{date:1d}", "{isotime:+1d}", "{iso:+1d 19:30}", "{date:+1d sunday}", "{"]
)
def test_a_placeholder_that_cannot_be_read_is_not_printed(wrong: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        filled(f"on {wrong} at noon", TUESDAY)


def test_an_offset_is_a_time_before_the_loading() -> None:
    assert offset("-3d 4h 20m") == -timedelta(days=3, hours=4, minutes=20)
    assert offset("-25m") == -timedelta(minutes=25)


@pytest.mark.parametrize("wrong", ["", "-", "3d", "+3d", "-3x"])
def test_an_offset_that_cannot_be_read_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not an offset"):
        offset(wrong)
