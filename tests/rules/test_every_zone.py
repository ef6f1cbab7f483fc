"""Every zone that there is, around every change of its clocks: one instant, a refusal or a question, never a guess."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from portal.rules.digest import due_at, newest_due, next_due, to_close
from portal.rules.issues import Issue
from portal.rules.publication_time import echo, fold_answers, local_instant
from portal.rules.reading import zone_names

BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
LOOK_EVERY = timedelta(days=6)
"""Shorter than the shortest time between two changes of one zone (the Ramadan of Morocco)."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@cache
def changes() -> dict[tuple[tuple[datetime, timedelta, timedelta], ...], ZoneInfo]:
    """For each way of changing the clocks from 2026 to 2028 one zone: the instants, with the offset before and after.

    Names that stand for the same clocks (Asia/Rangoon, Asia/Yangon) have the same instants, so one of them is asked.
    """
    found = ((tuple(_changes_of(ZoneInfo(name))), name) for name in sorted(zone_names()))
    return {instants: ZoneInfo(name) for instants, name in found if instants}


def _changes_of(zone: ZoneInfo) -> Iterator[tuple[datetime, timedelta, timedelta]]:
    low = BEGIN
    while low < END:
        high = low + LOOK_EVERY
        if _offset(low, zone) != _offset(high, zone):
            yield _change_between(low, high, zone), _offset(low, zone), _offset(high, zone)
        low = high


def _change_between(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    before = _offset(low, zone)
    while high - low > MINUTE:
        middle = low + (high - low) // (2 * MINUTE) * MINUTE
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return high


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _minutes_around(at: datetime, before: timedelta, after: timedelta) -> set[datetime]:
    """Local times from two hours before the change to two hours after it, and the minute on each side of every edge."""
    edges = [(at + offset).replace(tzinfo=None) for offset in (before, after)]
    first, last = min(edges) - 2 * HOUR, max(edges) + 2 * HOUR
    quarters = {
        first + timedelta(minutes=15) * number for number in range((last - first) // (15 * MINUTE) + 1)
    }
    return quarters | {edge + side for edge in edges for side in (-MINUTE, timedelta(), MINUTE)}


def test_a_time_near_a_change_of_the_clocks_is_the_instants_that_show_it_and_nothing_else():
    counted: Counter[str] = Counter()
    for instants, zone in changes().items():
        for at, before, after in instants:
            for local in _minutes_around(at, before, after):
                # What the clocks of that place really show: the only two instants that may be meant.
                meant = sorted({(local - offset).replace(tzinfo=UTC) for offset in (before, after)})
                showing = [each for each in meant if each.astimezone(zone).replace(tzinfo=None) == local]
                counted[_read(local, zone, showing)] += 1

    assert set(counted) == {"refused", "read", "asked"}
    assert len(changes()) > 20  # a machine without its zones would show nothing


def _read(local: datetime, zone: ZoneInfo, showing: list[datetime]) -> str:
    typed = f"{local:%Y-%m-%dT%H:%M}"
    answers = [local_instant(typed, zone.key, fold, field="release_at") for fold in ("", "earlier", "later")]
    expected: list[datetime | type[Issue]] = [Issue] * 3
    if showing:
        expected = [showing[0] if len(showing) == 1 else Issue, showing[0], showing[-1]]
    assert [Issue if isinstance(answer, Issue) else answer for answer in answers] == expected, (zone, typed)
    assert len(fold_answers(typed, zone.key)) == (2 if len(showing) == 2 else 0)
    return ("refused", "read", "asked")[len(showing)]


def test_in_every_zone_the_echo_shows_the_typed_time_again_beside_two_others():
    """A leap day, in each of the names that a sender may choose."""
    typed = datetime(2028, 2, 29, 6, 30)  # noqa: DTZ001  # as a form sends it
    for name in sorted(zone_names()):
        instant = local_instant(f"{typed:%Y-%m-%dT%H:%M}", name, "", field="release_at")
        assert isinstance(instant, datetime)

        assert [line.local.replace(tzinfo=None) for line in echo(instant, [name, "Asia/Tokyo", "UTC"])][
            :1
        ] == [typed]


def test_every_date_in_the_week_of_a_change_has_one_issue_due_at_one_instant():
    """At the hour of the issue, at the very minute of the change, and in the hours that are missing or come twice."""
    for instants, zone in changes().items():
        for at, before, after in instants[-2:]:
            day = (at + before).date()
            for hour in {time(0), time(6), (at + before).time(), (at + min(before, after) + HOUR / 2).time()}:
                _one_issue_for_each([day + DAY * number for number in range(-3, 4)], hour, zone)


def test_leap_day_and_the_last_of_december_have_one_issue_each():
    turns = [date(2028, 2, 27), date(2027, 12, 30), date(2028, 12, 30)]
    for name in sorted(zone_names()):
        for first in turns:
            days = [first + DAY * number for number in range(4)]
            _one_issue_for_each(days, time(6), ZoneInfo(name))

    assert date(2028, 2, 29) == turns[0] + 2 * DAY


def _one_issue_for_each(days: list[date], hour: time, zone: ZoneInfo) -> None:
    dues = [due_at(day, hour, zone) for day in days]
    assert dues == sorted(set(dues))
    for due, day in zip(dues, days, strict=True):
        local = due.astimezone(zone).replace(tzinfo=None)
        # At the hour itself, or at the first minute after a gap that swallowed it (in Ittoqqortoormiit: midnight).
        assert local == datetime.combine(day, hour) or _offset(due - MINUTE, zone) < _offset(due, zone)
    for due, day in zip(dues, days, strict=True):
        assert (newest_due(due, hour, zone), newest_due(due - MINUTE, hour, zone)) == (day, day - DAY)
        assert next_due(due, hour, zone) == day + DAY
        # After a run there is nothing left; a missed one is made up for by the next.
        assert to_close(due, hour, zone, [day]) == []
        assert to_close(due + HOUR, hour, zone, [day - 2 * DAY]) == [day - DAY, day]
