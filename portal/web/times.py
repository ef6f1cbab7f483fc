"""Instants and dates as pages show them, on top of the words that rules use in sentences."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from portal.rules import shown_times


def when(instant: datetime, zone: str = "UTC") -> str:
    """`24 Mar 2026, 11:20 GMT+8`; `UTC` stands where that is the zone asked for."""
    return _named(shown_times.shown(instant, zone), zone)


def clock(instant: datetime, zone: str = "UTC") -> str:
    """`11:20`: only where the same line or block has the date."""
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M}"


def clock_and_zone(instant: datetime, zone: str = "UTC") -> str:
    """`11:20 GMT+8`."""
    return _named(shown_times.shown_clock(instant, zone), zone)


def day(value: date | datetime, zone: str = "UTC") -> str:
    """`24 Mar 2026`."""
    found = _as_date(value, zone)
    return f"{short_date(found)} {found.year}"


def long_day(value: date | datetime, zone: str = "UTC") -> str:
    """`Tuesday 24 March 2026`."""
    found = _as_date(value, zone)
    return f"{shown_times.weekday(found)} {shown_times.long_date(found)}"


def short_date(value: date) -> str:
    """`24 Mar`: only where the year goes without saying."""
    return f"{value.day} {shown_times.short_month(value)}"


def iso(value: datetime | date) -> str:
    """RFC 3339 in UTC for an instant, `YYYY-MM-DD` for a date."""
    if not isinstance(value, datetime):
        return value.isoformat()
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def zone_label(zone: str, instant: datetime) -> str:
    """`Singapore time (GMT+8)` for `Asia/Singapore`."""
    place = zone.rpartition("/")[2].replace("_", " ")
    offset = shown_times.offset_name(instant.astimezone(ZoneInfo(zone)))
    return "UTC" if zone == "UTC" else f"{place} time ({offset})"


def reads_as_time(text: str, kind: str) -> bool:
    """Whether a browser's own control would show this `date` or `datetime`; it empties what it cannot read."""
    try:
        if kind == "date":
            return date.fromisoformat(text).isoformat() == text
        read = datetime.fromisoformat(text)
        return read.tzinfo is None and read.isoformat(timespec="minutes") == text
    except ValueError:
        return False


def _as_date(value: date | datetime, zone: str) -> date:
    return value.astimezone(ZoneInfo(zone)).date() if isinstance(value, datetime) else value


def _named(words: str, zone: str) -> str:
    return words.removesuffix("GMT") + "UTC" if zone == "UTC" else words
