"""Events for readers' calendars (RFC 5545): the uid is the feed id for life, and every public change moves SEQUENCE.

SEQUENCE is counted in seconds from going public to the last public change, so that it only grows and tells nothing
that the page does not. Times are in UTC. A killed event keeps its hours, because a calendar finds it by them, and
nothing of what it said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from portal.outlets.feeds.entries import safe_characters
from portal.outlets.public_release import FullRelease
from portal.outlets.removed_release import HEADING, RemovedRelease
from portal.rules.kinds.event import EVENT, EVENT_KIND
from portal.rules.kinds.fields import choice_label, typed

CONTENT_TYPE = "text/calendar; charset=utf-8"
ASKED_AGAIN = timedelta(hours=1)
STATUS = {"cancelled": "CANCELLED", "postponed": "TENTATIVE"}


@dataclass(frozen=True)
class Hours:
    """When an event takes place."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class CalendarEntry:
    """One event in a calendar."""

    uid: str
    hours: Hours
    status: str
    summary: str
    location: str
    description: str
    url: str
    published: datetime
    changed: datetime
    category: str


def entry(release: FullRelease, hours: Hours, base_url: str) -> CalendarEntry:
    """A public event; `base_url` has no slash at its end."""
    banner = release.banner
    name = typed(release.answers, "event_name") or release.headline
    said = f"{banner.word}: {banner.text}" if banner and banner.text else ""
    supplied = f"PRESS RELEASE – supplied by {release.organisation.name}"
    return CalendarEntry(
        uid=release.feed_id,
        hours=hours,
        status=STATUS.get(banner.id if banner else "", "CONFIRMED"),
        summary=f"{banner.word}: {name}" if banner else name,
        location=", ".join(
            filter(None, (typed(release.answers, part) for part in ("venue_name", "street_address")))
        ),
        description="\n".join(filter(None, (said, release.summary or release.excerpt, supplied))),
        url=base_url + release.url,
        published=release.published_at,
        category=_category(release.answers),
        changed=max(release.updated_at, *(notice.at for notice in release.notices), release.published_at),
    )


def cancelled_entry(release: RemovedRelease, hours: Hours, base_url: str) -> CalendarEntry:
    """What tells calendars that a killed event is off."""
    return CalendarEntry(
        uid=release.feed_id,
        hours=hours,
        status="CANCELLED",
        summary=release.title,
        location="",
        description=f"{HEADING}.",
        url=base_url + release.url,
        published=release.published_at,
        changed=release.removed_at,
        category=EVENT.label,
    )


def _category(answers: Mapping[str, str]) -> str:
    """`Festival`; `Event` where it is of no kind of ours."""
    chosen = typed(answers, "event_kind")
    return EVENT.label if chosen in ("", "other") else choice_label(EVENT_KIND, chosen) or EVENT.label


def write(entries: Iterable[CalendarEntry], *, name: str, site: str) -> bytes:
    """A calendar as bytes, its lines folded. Without a name it is one event to be added to a calendar, not one of its own."""
    from icalendar import Calendar, Event  # slow to load, and no start should wait for a calendar

    calendar = Calendar()
    calendar.add("prodid", f"-//{safe_characters(site)}//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if name:
        calendar.add("x-wr-calname", safe_characters(name))
        calendar.add("refresh-interval", ASKED_AGAIN, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    for each in entries:
        calendar.add_component(_filled(Event(), each))
    return bytes(calendar.to_ical())


def _filled(event: Any, entry: CalendarEntry) -> Any:  # an icalendar.Event
    event.add("uid", entry.uid)
    event.add("dtstamp", _utc(entry.changed))
    event.add("created", _utc(entry.published))
    event.add("last-modified", _utc(entry.changed))
    event.add("sequence", max(0, int((entry.changed - entry.published).total_seconds())))
    event.add("dtstart", _utc(entry.hours.starts_at))
    if entry.hours.ends_at > entry.hours.starts_at:
        event.add("dtend", _utc(entry.hours.ends_at))
    event.add("status", entry.status)
    # News of an event is no appointment: nobody who follows the calendar is busy by it (RFC 5545 §3.8.2.7).
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    event.add("categories", [entry.category])
    event.add("summary", safe_characters(entry.summary))
    if entry.location:
        event.add("location", safe_characters(entry.location))
    event.add("description", safe_characters(entry.description))
    event.add("url", entry.url)
    return event


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
