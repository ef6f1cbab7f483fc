"""The promise: by when the desk will have decided, counted in the hours in which it is open, and who is told when.

All instants are aware and in UTC; the desk's hours are what a clock in the desk's zone shows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAY_END = 24 * 60

_RANGE = re.compile(r"(?:([A-Za-z]{2})(?:\s*-\s*([A-Za-z]{2}))?\s+)?(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})")
_EXAMPLE = "Write them like Mo-Fr 08:00-18:00, Sa 09:00-13:00, or always."


@dataclass(frozen=True)
class DeskHours:
    """When the desk is open. `open_times` holds (weekday from 0, first minute, last minute); empty means always.

    As text it is what an operator wrote.
    """

    open_times: tuple[tuple[int, int, int], ...] = ()
    written: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.written

    @property
    def always(self) -> bool:
        return not self.open_times

    @classmethod
    def parse(cls, text: str) -> "DeskHours":
        """Reads `Mo-Fr 08:00-18:00, Sa 09:00-13:00`; empty, `always` and `24/7` mean always.

        A time without days repeats the days before it; a time that ends before it begins runs over midnight.
        Raises ValueError with a sentence that says what to write.
        """
        if text.strip().lower() in ("", "always", "24/7"):
            return cls(written=text.strip())
        open_times: list[tuple[int, int, int]] = []
        days: list[int] = list(range(7))
        for part in re.split(r"[,;]", text.strip().rstrip(",;")):
            days, first, last = _one_range(part.strip(), days)
            open_times += [span for day in days for span in _on_day(day, first, last)]
        return cls(_merged(open_times), text.strip())


def _one_range(part: str, days_before: list[int]) -> tuple[list[int], int, int]:
    found = _RANGE.fullmatch(part)
    if not found:
        raise ValueError(f"The desk hours “{part}” cannot be read. {_EXAMPLE}")
    days = _days(found[1], found[2] or found[1], part) if found[1] else days_before
    first, last = _minute(found[3], part), _minute(found[4], part)
    if first in (last, DAY_END):
        raise ValueError(f"The desk hours “{part}” have no length. {_EXAMPLE}")
    return days, first, last


def _days(first: str, last: str, part: str) -> list[int]:
    names = [name.capitalize() for name in (first, last)]
    if unknown := [name for name in names if name not in DAYS]:
        raise ValueError(
            f"“{unknown[0]}” in the desk hours “{part}” is not a day. The days are {', '.join(DAYS)}."
        )
    start, end = (DAYS.index(name) for name in names)
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]


def _minute(clock: str, part: str) -> int:
    hour, minute = (int(digits) for digits in clock.split(":"))
    if minute > 59 or hour * 60 + minute > DAY_END:
        raise ValueError(f"“{clock}” in the desk hours “{part}” is not a time of day. {_EXAMPLE}")
    return hour * 60 + minute


def _on_day(day: int, first: int, last: int) -> list[tuple[int, int, int]]:
    if first < last:
        return [(day, first, last)]
    over_midnight = [((day + 1) % 7, 0, last)] if last else []
    return [(day, first, DAY_END), *over_midnight]


def _merged(open_times: list[tuple[int, int, int]]) -> tuple[tuple[int, int, int], ...]:
    merged: list[tuple[int, int, int]] = []
    for span in sorted(open_times):
        before = merged[-1] if merged else (-1, 0, 0)
        if before[0] == span[0] and before[2] >= span[1]:
            merged[-1] = (before[0], before[1], max(before[2], span[2]))
        else:
            merged.append(span)
    return tuple(merged)


def promise_by(received: datetime, hours: float, desk_hours: DeskHours, zone: str) -> datetime:
    """The instant at which the desk has been open for `hours` since `received`."""
    left = timedelta(hours=hours)
    if desk_hours.always or left <= timedelta():
        return received.astimezone(UTC) + left
    for opens, closes in _open_spans(received.astimezone(UTC), desk_hours, ZoneInfo(zone)):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    raise AssertionError("unreachable: the desk opens every week")


def _open_spans(
    start: datetime, desk_hours: DeskHours, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    """Every span from `start` on in which the desk is open, in UTC, so that a change of the clocks costs nothing."""
    counted, day = start, start.astimezone(zone).date()
    while True:
        for weekday, first, last in desk_hours.open_times:
            opens, closes = (_instant(day, minute, zone) for minute in (first, last))
            if weekday == day.weekday() and closes > counted:
                yield max(opens, counted), closes
                counted = closes
        day += timedelta(days=1)


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    midnight = datetime.combine(day, time())
    return (midnight + timedelta(minutes=minute)).replace(tzinfo=zone).astimezone(UTC)


def new_promise(
    promise_at: datetime, now: datetime, hours: float, desk_hours: DeskHours, zone: str
) -> datetime:
    """The new time of the one notice of delay: the same number of open hours again, from the later of the two."""
    return promise_by(max(promise_at, now), hours, desk_hours, zone)


@dataclass(frozen=True)
class Rung:
    """A step of the ageing ladder: `audience` is duty, editors or administrators. Each is told once."""

    name: str
    at: datetime
    audience: str


def ladder(submitted_at: datetime, promise_at: datetime, *, hours: float | None = None) -> tuple[Rung, ...]:
    """Who is told when about a release that nobody has decided.

    The steps are quarters of the promise: one quarter before it, at it, one quarter and one half after it. Give
    `hours` where the desk closes at night: the steps then follow the promised hours and not the whole weekend.
    """
    span = timedelta(hours=hours) if hours else promise_at - submitted_at
    return (
        Rung("promise_near", max(submitted_at, promise_at - span / 4), "duty"),
        Rung("promise_reached", promise_at, "duty"),
        Rung("promise_missed", promise_at + span / 4, "editors"),
        Rung("promise_long_missed", promise_at + span / 2, "administrators"),
    )
