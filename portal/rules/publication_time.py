"""When a release may run: the sender's wish as one instant, and what the desk makes of it.

Local times that come twice are asked about, local times that never come are refused; nothing is guessed, because
an embargo that lifts an hour early cannot be taken back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.rules.issues import Issue, blocking
from portal.rules.reading import read_datetime, zone_or_none
from portal.rules.shown_times import long_date, offset_name, short_month, shown, weekday

__all__ = [
    "Wish", "ZoneLine", "comes_twice", "echo", "fold_answers", "live_from", "local_instant", "shown", "too_close", "wish",
]  # fmt: skip

IMMEDIATE, EMBARGO, SCHEDULE = "immediate", "embargo", "schedule"
LATE = timedelta(minutes=2)
"""What is recorded as public later than this after its time is late: that is said to people."""


@dataclass(frozen=True)
class Wish:
    """What the sender asked for: `at` is in UTC, and None means as soon as it is approved."""

    timing: str
    at: datetime | None
    zone: str


@dataclass(frozen=True)
class ZoneLine:
    """One instant as a clock in one zone shows it: `Wed 25 Mar 2026, 07:00` · `GMT+8` · `Singapore`."""

    zone: str
    local: datetime
    text: str
    offset: str
    place: str


def wish(
    timing: str,
    release_at: str,
    release_timezone: str,
    release_fold: str,
    *,
    site_timezone: str,
    now: datetime | None = None,
    min_embargo_minutes: int = 120,
    min_schedule_minutes: int = 15,
) -> Wish | Issue:
    """The sender's timing as typed, read; or the one issue that stands in the way.

    Without `now` the lead times are not looked at: so it is read again when an editor decides.
    """
    zone = release_timezone.strip() or site_timezone
    if timing.strip() in ("", IMMEDIATE):
        return Wish(IMMEDIATE, None, zone)
    if timing not in (EMBARGO, SCHEDULE):
        return _issue("Choose when it may run.", field="timing")
    at = local_instant(release_at, zone, release_fold, field="release_at", zone_field="release_timezone")
    if isinstance(at, Issue):
        return at
    least = min_embargo_minutes if timing == EMBARGO else min_schedule_minutes
    refused = too_close(at, zone, now=now, least_minutes=least) if now else None
    return refused or Wish(timing, at, zone)


def local_instant(
    text: str, zone_name: str, fold: str, *, field: str, zone_field: str = ""
) -> datetime | Issue:
    """A local time with its zone as an instant in UTC. `fold` (earlier, later) answers for a time that comes twice."""
    zone, local = zone_or_none(zone_name), read_datetime(text)
    if zone is None:
        return _issue(
            f"“{zone_name}” is not a time zone. Choose one such as Asia/Yangon.", field=zone_field or field
        )
    if not text.strip():
        return _issue("Give the day and time when it may run.", field=field)
    if local is None:
        return _issue(
            f"“{text}” cannot be read as a day and time. Write it like 2026-04-06T21:00.", field=field
        )
    if never_comes(local, zone):
        return _issue(_never_comes_message(local, zone), field=field)
    if comes_twice(local, zone) and fold not in ("earlier", "later"):
        return _issue(_comes_twice_message(local, zone), field=field)
    return local.replace(tzinfo=zone, fold=int(fold == "later" and comes_twice(local, zone))).astimezone(UTC)


def too_close(
    at: datetime, zone: str, *, now: datetime, least_minutes: int, field: str = "release_at"
) -> Issue | None:
    """Does the desk have time enough before this instant, and is it within twelve months?"""
    if at <= now:
        return _issue(f"{shown(at, zone)} is over. Choose a later time.", field=field)
    if at - now < timedelta(minutes=least_minutes):
        earliest = _up_to_the_minute(now + timedelta(minutes=least_minutes))
        told = f"The desk needs {_duration(least_minutes)}. Choose {shown(earliest, zone)} or later."
        return _issue(f"{shown(at, zone)} is too soon. {told}", field=field)
    if at > _twelve_months_after(now, zone):
        return _issue(f"{shown(at, zone)} is more than 12 months away. Choose an earlier time.", field=field)
    return None


def live_from(now: datetime, publish_at: datetime | None, wish: datetime | None, timing: str) -> datetime:
    """From when an approved release is public: the editor's time or else the sender's, an embargo never earlier."""
    chosen = max(now, publish_at or wish or now)
    return max(chosen, wish) if timing == EMBARGO and wish else chosen


def echo(instant: datetime, zones: Iterable[str]) -> list[ZoneLine]:
    """The same instant in several zones, each zone once and in the order given."""
    return [_zone_line(instant, zone) for zone in dict.fromkeys(zones)]


def never_comes(local: datetime, zone: ZoneInfo) -> bool:
    """Do the clocks jump over this local time?"""
    there_and_back = local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return there_and_back.replace(tzinfo=None) != local


def comes_twice(local: datetime, zone: ZoneInfo) -> bool:
    """Do the clocks show this local time twice?"""
    earlier, later = (local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return earlier != later and not never_comes(local, zone)


def fold_answers(text: str, zone_name: str) -> tuple[tuple[str, str], ...]:
    """The two answers to a local time that comes twice, each with its words; none for every other time."""
    zone, local = zone_or_none(zone_name), read_datetime(text)
    if zone is None or local is None or not comes_twice(local, zone):
        return ()
    names = [offset_name(local.replace(tzinfo=zone, fold=fold)) for fold in (0, 1)]
    return (
        ("earlier", f"The earlier one: {local:%H:%M} {names[0]}"),
        ("later", f"The later one: {local:%H:%M} {names[1]}"),
    )


def valid_times_around(local: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The last local minute before a jump of the clocks and the first one after it."""
    before = local.replace(tzinfo=zone, fold=0).utcoffset() or timedelta()
    after = local.replace(tzinfo=zone, fold=1).utcoffset() or timedelta()
    low, high = ((local - offset).replace(tzinfo=UTC) for offset in (after, before))
    while high - low > timedelta(minutes=1):
        middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return low.astimezone(zone).replace(tzinfo=None), high.astimezone(zone).replace(tzinfo=None)


def _never_comes_message(local: datetime, zone: ZoneInfo) -> str:
    last, first = valid_times_around(local, zone)
    return (
        f"{_day_and_clock(local)} does not exist in {zone.key}: the clocks go forward then. "
        f"Choose {_clock_near(last, local)} or {_clock_near(first, local)}."
    )


def _comes_twice_message(local: datetime, zone: ZoneInfo) -> str:
    first, second = (offset_name(local.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    return (
        f"{_day_and_clock(local)} comes twice in {zone.key}: the clocks go back then. "
        f"Choose the earlier one ({first}) or the later one ({second})."
    )


def _day_and_clock(local: datetime) -> str:
    return f"{long_date(local)}, {local:%H:%M}"


def _clock_near(local: datetime, other: datetime) -> str:
    return f"{local:%H:%M}" if local.date() == other.date() else _day_and_clock(local)


def _zone_line(instant: datetime, zone: str) -> ZoneLine:
    local = instant.astimezone(ZoneInfo(zone))
    text = f"{weekday(local)[:3]} {local.day} {short_month(local)} {local.year}, {local:%H:%M}"
    in_utc = zone in ("UTC", "Etc/UTC")
    place = "" if in_utc else zone.rpartition("/")[2].replace("_", " ")
    return ZoneLine(zone, local, text, "UTC" if in_utc else offset_name(local), place)


def _twelve_months_after(now: datetime, zone: str) -> datetime:
    """The same day and clock a year on; 1 March where that day is a leap day."""
    local = now.astimezone(ZoneInfo(zone))
    day = (local.month, local.day) if (local.month, local.day) != (2, 29) else (3, 1)
    return local.replace(year=local.year + 1, month=day[0], day=day[1])


def _up_to_the_minute(instant: datetime) -> datetime:
    minute = instant.replace(second=0, microsecond=0)
    return minute if minute == instant else minute + timedelta(minutes=1)


def _duration(minutes: int) -> str:
    if minutes % 60 == 0:
        return "1 hour" if minutes == 60 else f"{minutes // 60} hours"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def _issue(message: str, *, field: str) -> Issue:
    return blocking("EMBARGO", field, message, page="contact")
