"""Events for calendars: one event, and all that are still to come."""

from datetime import datetime

from flask import request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.outlets import calendar
from portal.outlets.calendar import CalendarEntry, Hours
from portal.outlets.public_release import whole
from portal.outlets.removed_release import removed
from portal.rules.refusals import NotFound
from portal.rules.release_states import KILLED
from portal.storage.queries import event_dates, public_releases
from portal.storage.queries.public_releases import Filter
from portal.storage.tables import Place
from portal.web.access import access, now, portal, settings
from portal.web.public import blueprint, pages
from portal.web.public.addresses import is_reference
from portal.web.public.answers import open_to_scripts, public_answer

MOST_EVENTS = 200
MOST_KILLED = 30


@blueprint.get("/releases/<reference>/event.ics")
@access("anyone")
def event_ics(reference: str) -> Response:
    with portal().database.reading() as session:
        found = _one(session, now(), reference, _base()) if is_reference(reference) else None
        if found is None:
            raise NotFound
        return _answer(session, [found], "")


@blueprint.get("/feeds/events.ics")
@access("anyone")
def events_ics() -> Response:
    """The events of everywhere, or of the place that is named. 404 for a place without public releases."""
    with portal().database.reading() as session:
        asked = request.args.get("place", "")
        place = pages.known_place(session, now(), asked) if asked else None
        name = f"Events from {pages.place_name(place)}" if place else "Events"
        entries = _upcoming(session, now(), place, _base())
        newest = max((entry.changed for entry in entries), default=None)
        chosen = Filter(kind="event", place=place)
        left_at = public_releases.last_left(session, now(), chosen, since=newest) if newest else None
        return _answer(session, entries, f"{settings().site_name}: {name}", left_at)


def _answer(
    session: Session, entries: list[CalendarEntry], name: str, left_at: datetime | None = None
) -> Response:
    body = calendar.write(entries, name=name, site=settings().site_name)
    changes = [entry.changed for entry in entries] + ([left_at] if left_at else [])
    changed = max(changes, default=None)
    answer = public_answer(session, now(), body, content_type=calendar.CONTENT_TYPE, changed=changed)
    return open_to_scripts(answer)


def _one(session: Session, moment: datetime, reference: str, base: str) -> CalendarEntry | None:
    release = public_releases.one(session, moment, reference)
    if release is not None:
        hours = _hours(session, release.id)
        return calendar.entry(whole(release), hours, base) if hours else None
    tombstone = public_releases.tombstone(session, reference)
    hours = _hours(session, tombstone.id) if tombstone and tombstone.publication == KILLED else None
    return calendar.cancelled_entry(removed(tombstone), hours, base) if tombstone and hours else None


def _upcoming(session: Session, moment: datetime, place: Place | None, base: str) -> list[CalendarEntry]:
    """Those that are off stay until they would have been over, so that calendars hear of it."""
    dated = event_dates.upcoming(session, moment, place, MOST_EVENTS)
    live = [calendar.entry(whole(each.release), Hours(each.starts_at, each.ends_at), base) for each in dated]
    tombstones = public_releases.tombstones(session, moment, Filter(kind="event", place=place), MOST_KILLED)
    hours = event_dates.hours(session, [tombstone.id for tombstone in tombstones])
    off = [
        calendar.cancelled_entry(removed(tombstone), Hours(*hours[tombstone.id]), base)
        for tombstone in tombstones
        if tombstone.id in hours and hours[tombstone.id][1] > moment
    ]
    return sorted([*live, *off], key=lambda entry: (entry.hours.starts_at, entry.uid))


def _hours(session: Session, release_id: int) -> Hours | None:
    found = event_dates.hours(session, [release_id]).get(release_id)
    return Hours(*found) if found else None


def _base() -> str:
    return settings().base_url.rstrip("/")
