"""The daily e-mail as rules: when the issue of a date is due, what a reader finds in it, and in which order.

A date has one due instant also where the clocks jump: a time that never comes is due at the first minute after it,
one that comes twice at the earlier.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.rules.kinds import KINDS
from portal.rules.publication_time import never_comes, valid_times_around
from portal.rules.reader_choice import Choice
from portal.rules.release_states import HIDDEN, KILLED, LIVE, TAKEN_DOWN

NEWS, AHEAD = "news", "ahead"
CORRECTION, KILL, NOTICE, REMOVAL = "correction", "kill", "notice", "removal"

LATE_AFTER = timedelta(minutes=15)
MOST_MISSED = 3
"""After a longer standstill only so many issues are made up for; the oldest of them holds what came before."""
FURTHEST_AHEAD = timedelta(days=7)
DATES_AHEAD = timedelta(days=7)
"""Events that begin within so long stand in the issue's last part."""
MOST_NEWS = 20
MOST_AHEAD = 8
MOST_AFTERWARDS = 8
"""So a mail stays below 60 kB in any script; the rest is a click away on the site."""

NOBODY = 2**62
"""No reader has this number: what a letter that is only a test says."""

_DAY = timedelta(days=1)
_RANK = {KILL: 0, REMOVAL: 1, CORRECTION: 2, NOTICE: 3}
# What holds while the release stands in one of these states of its publication.
_HOLDS_IN = {KILL: (KILLED,), REMOVAL: (TAKEN_DOWN, HIDDEN)}


@dataclass(frozen=True)
class Entry:
    """One release of an issue. `country` and `city` are slugs of places; `section` is NEWS or AHEAD.

    `is_off`: cancelled, postponed or out of date, so that it leads no letter."""

    release_id: int
    kind: str
    country: str
    city: str
    section: str = NEWS
    is_off: bool = False


@dataclass(frozen=True)
class Afterword:
    """What became of a release that had been public before: CORRECTION, KILL, NOTICE or REMOVAL."""

    release_id: int
    what: str


@dataclass(frozen=True)
class Wants:
    """What a reader reads."""

    choice: Choice
    corrections_only: bool = False


@dataclass(frozen=True)
class Picked:
    """What one reader finds in an issue, in its order; equal for readers who find the same."""

    afterwords: tuple[Afterword, ...] = ()
    lead: int | None = None
    by_kind: tuple[tuple[str, tuple[int, ...]], ...] = ()
    ahead: tuple[int, ...] = ()
    left_out: int = 0
    # The first date that holds, for a letter that has nothing but dates.
    first_date: int | None = None

    @property
    def is_empty(self) -> bool:
        """Dates ahead alone are no news: each stood in a letter when it was, and would come again daily for a week."""
        return not (self.afterwords or self.lead or self.by_kind)

    def named(self) -> dict[int, str]:
        """Each release with what it is named as: the ledger of this letter."""
        news = [self.lead] if self.lead else []
        news += [number for _, numbers in self.by_kind for number in numbers]
        return {
            **dict.fromkeys(self.ahead, AHEAD),
            **dict.fromkeys(news, NEWS),
            **{each.release_id: each.what for each in self.afterwords},
        }


def due_at(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The one instant (UTC) at which the issue of a local date is due."""
    local = datetime.combine(day, at)
    if never_comes(local, zone):
        local = valid_times_around(local, zone)[1]
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def newest_due(now: datetime, at: time, zone: ZoneInfo) -> date:
    """The newest local date whose issue is due."""
    day = now.astimezone(zone).date() + _DAY
    while due_at(day, at, zone) > now or not _is_lived(day, zone):
        day -= _DAY
    return day


def next_due(now: datetime, at: time, zone: ZoneInfo) -> date:
    """The first local date whose issue is still to come."""
    day = newest_due(now, at, zone) + _DAY
    while not _is_lived(day, zone):
        day += _DAY
    return day


def to_close(now: datetime, at: time, zone: ZoneInfo, closed: Collection[date]) -> list[date]:
    """The dates whose issue is due and not closed, oldest first; of the time before the first issue the newest only."""
    newest = newest_due(now, at, zone)
    last = max((day for day in closed if day <= newest), default=newest - _DAY)
    days = [last + _DAY * number for number in range(1, (newest - last).days + 1)]
    return [day for day in days if _is_lived(day, zone)][-MOST_MISSED:]


def is_late(due: datetime, now: datetime) -> bool:
    return now - due > LATE_AFTER


def pick(
    entries: Sequence[Entry], afterwords: Sequence[Afterword], wants: Wants, had: Collection[int]
) -> Picked:
    """What a reader finds: corrections of what they `had`, the lead, the rest by kind, events of the coming week.

    `entries` stand in the order of the issue.
    """
    told = _ordered(each for each in afterwords if each.release_id in had)
    if wants.corrections_only:
        return Picked(afterwords=told)
    mine = [each for each in entries if _wanted(each, wants.choice)]
    news = [each for each in mine if each.section == NEWS]
    shown = news[:MOST_NEWS]
    lead = next((each for each in shown if not each.is_off), None)
    ahead = [each for each in mine if each.section == AHEAD][:MOST_AHEAD]
    return Picked(
        afterwords=told,
        lead=lead.release_id if lead else None,
        by_kind=_by_kind([each for each in shown if each is not lead]),
        ahead=tuple(each.release_id for each in ahead),
        left_out=len(news) - len(shown),
        first_date=next((each.release_id for each in ahead if not each.is_off), None),
    )


def in_order(contents: Iterable[Mapping[str, Any]], chosen: Sequence[str]) -> list[Mapping[str, Any]]:
    """The contents of an issue as an editor ordered them; what nobody placed follows as it stood."""
    place = {reference: number for number, reference in enumerate(chosen)}
    return sorted(contents, key=lambda each: place.get(each["reference"], len(place)))


def entries_of(contents: Iterable[Mapping[str, Any]], off: Collection[int] = ()) -> list[Entry]:
    """The kept contents of an issue, read. `off`: the releases over which a notice stands now."""
    return [
        Entry(
            each["release_id"],
            each["kind"],
            each["country"],
            each["city"],
            each["section"],
            is_off=each["release_id"] in off,
        )
        for each in contents
    ]


def afterwords_of(kept: Iterable[Mapping[str, Any]]) -> list[Afterword]:
    """The kept afterwards of an issue, read."""
    return [Afterword(each["release_id"], each["what"]) for each in kept]


def that_hold(afterwords: Iterable[Afterword], publications: Mapping[int, str]) -> list[Afterword]:
    """Those that are still so. `publications`: where each release stands; one of LIVE can be read on the site."""
    return [
        each for each in afterwords if publications.get(each.release_id) in _HOLDS_IN.get(each.what, (LIVE,))
    ]


def _ordered(chosen: Iterable[Afterword]) -> tuple[Afterword, ...]:
    """Kills first; each release once, with the gravest that became of it."""
    ranked = sorted(chosen, key=lambda each: _RANK[each.what])
    first: dict[int, Afterword] = {}
    for each in ranked:
        first.setdefault(each.release_id, each)
    return tuple(first.values())[:MOST_AFTERWARDS]


def _by_kind(entries: Sequence[Entry]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    grouped = ((kind, tuple(each.release_id for each in entries if each.kind == kind)) for kind in KINDS)
    return tuple((kind, numbers) for kind, numbers in grouped if numbers)


def _wanted(each: Entry, choice: Choice) -> bool:
    """Kinds and places, both; none of a dimension means all of it."""
    of_kind = not choice.kinds or each.kind in choice.kinds
    return of_kind and (not choice.places or each.country in choice.places or each.city in choice.places)


def _is_lived(day: date, zone: ZoneInfo) -> bool:
    """False for the rare date that a zone left out when it crossed the date line."""
    return not never_comes(datetime.combine(day, time(12)), zone)
