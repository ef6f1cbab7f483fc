"""How times are written for people: `24 Mar 2026, 11:20 GMT+8`. Locale settings of the machine play no part."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

MONTHS = (
    "January February March April May June July August September October November December".split()
)  # fmt: skip
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def shown(instant: datetime, zone: str) -> str:
    """An instant in a zone: `24 Mar 2026, 11:20 GMT+8`."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{local.day} {short_month(local)} {local.year}, {local:%H:%M} {offset_name(local)}"


def shown_clock(instant: datetime, zone: str) -> str:
    """The clock alone, for a line that has the date already: `11:20 GMT+8`."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{local:%H:%M} {offset_name(local)}"


def long_date(day: date) -> str:
    """`6 April 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(day: date) -> str:
    """`Mon 6 Apr 2026`."""
    return f"{weekday(day)[:3]} {day.day} {short_month(day)} {day.year}"


def weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def short_month(day: date) -> str:
    return MONTHS[day.month - 1][:3]


def offset_name(local: datetime) -> str:
    """`GMT+8`, `GMT+5:30`, `GMT-3`, and `GMT` where there is no difference."""
    offset = local.utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    if minutes == 0:
        return "GMT"
    hours, rest = divmod(abs(minutes), 60)
    return f"GMT{'+' if minutes > 0 else '-'}{hours}{f':{rest:02}' if rest else ''}"
