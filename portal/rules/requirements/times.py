"""Times that cannot be (these stop a release) and times that look wrong (these do not)."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from portal.rules.issues import Issue, advice, blocking
from portal.rules.publication_time import never_comes, valid_times_around, wish
from portal.rules.reading import read_date, read_datetime, zone_or_none
from portal.rules.requirements.case import Case
from portal.rules.shown_times import MONTHS, WEEKDAYS, long_date, weekday

STALE_DAYS = 30

_NAMED_DAY = re.compile(
    rf"\b({'|'.join(WEEKDAYS)}),? (?:the )?(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({'|'.join(MONTHS)})(?:,? (\d{{4}}))?"
)


def publication_wish(case: Case) -> Iterator[Issue]:
    """The sender's timing; a correction has none."""
    if case.is_correction:
        return
    read = wish(
        case.typed("timing"),
        case.typed("release_at"),
        case.typed("release_timezone"),
        case.typed("release_fold"),
        site_timezone=case.site_timezone,
        now=case.now,
        min_embargo_minutes=case.min_embargo_minutes,
        min_schedule_minutes=case.min_schedule_minutes,
    )
    if isinstance(read, Issue):
        yield read


def event_times(case: Case) -> Iterator[Issue]:
    if case.kind_name != "event":
        return
    yield from _hours_that_never_come(case)
    starts, ends = event_instant(case, "starts_at"), event_instant(case, "ends_at")
    if starts and ends and ends < starts:
        yield blocking("FACTS", "ends_at", "The event ends before it starts. Change the end or the start.")
    doors, last_day = event_instant(case, "doors_at"), read_date(case.typed("booking_deadline"))
    if doors and starts and doors > starts:
        yield advice("FACTS", "doors_at", "The doors open after the start. Check both times.")
    if last_day and ends and last_day > ends.date() + timedelta(days=1):
        yield advice(
            "FACTS", "booking_deadline", "The last day for booking is after the end. Check the date."
        )


def event_instant(case: Case, name: str) -> datetime | None:
    """A time of an event as an instant; None where time or zone cannot be read."""
    local, zone = read_datetime(case.typed(name)), zone_or_none(case.typed("timezone"))
    return local.replace(tzinfo=zone).astimezone(UTC) if local and zone else None


def _hours_that_never_come(case: Case) -> Iterator[Issue]:
    zone = zone_or_none(case.typed("timezone"))
    for name in ("starts_at", "ends_at", "doors_at"):
        local = read_datetime(case.typed(name))
        if local and zone and never_comes(local, zone):
            last, first = valid_times_around(local, zone)
            told = (
                f"{long_date(local)}, {local:%H:%M} does not exist in {zone.key}: the clocks go forward then."
            )
            yield blocking("FACTS", name, f"{told} Choose {last:%H:%M} or {first:%H:%M}.")


def old_news(case: Case) -> Iterator[Issue]:
    """Old dates advise only: news may be late for a good reason."""
    starts = event_instant(case, "starts_at") if case.kind_name == "event" else None
    if starts and starts < case.now:
        told = "The start of the event is over."
        yield advice("STALE", "starts_at", f"{told} Check the date; tell the editors why it is still news.")
    for name in ("effective_date", "date"):
        day = read_date(case.typed(name))
        if day and case.now.date() - day > timedelta(days=STALE_DAYS):
            told = f"{long_date(day)} is more than {STALE_DAYS} days ago."
            yield advice("STALE", name, f"{told} Check the date; tell the editors why it is still news.")


def weekdays_fit(case: Case) -> Iterator[Issue]:
    """“Thursday 1 May 2026”: the day of the week must fit the date."""
    if not case.english:
        return
    for field, text in (("headline", case.typed("headline")), ("summary", case.typed("summary")),
                        ("body", case.measured.body_text)):  # fmt: skip
        for named, day in _named_days(text, case.now):
            if weekday(day) != named:
                told = f"{long_date(day)} is a {weekday(day)}, not a {named}."
                yield advice("FACTS", field, f"{told} Check which of the two is right.")


def _named_days(text: str, now: datetime) -> Iterator[tuple[str, date]]:
    for named, number, month, year in _NAMED_DAY.findall(text):
        read = [_date(int(y), MONTHS.index(month) + 1, int(number)) for y in _years(year, now)]
        days = [day for day in read if day]
        fitting = [day for day in days if weekday(day) == named]
        yield from [(named, (fitting or days)[0])] if days else []


def _years(year: str, now: datetime) -> list[str]:
    return [year] if year else [str(now.year), str(now.year + 1), str(now.year - 1)]


def _date(year: int, month: int, day: int) -> date | None:
    return read_date(f"{year:04}-{month:02}-{day:02}")
