"""What each public page shows, gathered by a fixed number of questions to the one public query."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from portal.outlets.mail.newsletter_words import place_words
from portal.outlets.public_release import in_list, supplier, whole
from portal.rules.kinds import KINDS
from portal.rules.reading import read_datetime, zone_or_none
from portal.rules.refusals import NotFound
from portal.rules.removal import NOTICE_WORDS
from portal.storage.queries import public_releases, searching
from portal.storage.queries.cursors import cursor, read_cursor
from portal.storage.queries.public_releases import Event, Filter, Listed
from portal.storage.tables import Place, Release
from portal.text.places import country_name, shown_city
from portal.text.plain import clean_line
from portal.text.search_words import LONGEST_QUESTION, asked_terms
from portal.web.public.addresses import is_slug

FRONT_PAGE = 21
LIST_PAGE = 30
MORE_NEWS = 3
DATES_AHEAD = 6
EVENTS_LOOKED_AT = 60

Shown = dict[str, Any]  # what a template is given


@dataclass(frozen=True)
class DateAhead:
    """An event still to come, on its own calendar's day."""

    date: date
    url: str
    headline: str
    language: str
    place: str
    off: str = ""


@dataclass(frozen=True)
class Asked:
    """A list as somebody asked for it; empty means all. Nothing else in an address changes a page."""

    kind: str = ""
    place: str = ""
    org: str = ""
    q: str = ""
    after: str = ""


def front(session: Session, now: datetime) -> Shown:
    found = public_releases.page(session, now, Filter(), size=FRONT_PAGE)
    shown = [in_list(release) for release in found[:FRONT_PAGE]]
    lead = next((release for release in shown if not release.banner), None)
    return {
        "lead": lead,
        "releases": [release for release in shown if release is not lead],
        "older_url": _next_url("/releases/", Asked(), found, FRONT_PAGE),
        "dates_ahead": dates_ahead(session, now),
        "places": [
            {"slug": place.slug, "name": place_name(place)} for place in public_releases.places(session, now)
        ],
    }


def listing(session: Session, now: datetime, asked: Asked) -> Shown:
    """A list by kind, place or organisation. Raises NotFound for a kind, place or organisation that has none."""
    place = known_place(session, now, asked.place) if asked.place else None
    organisation = known_organisation(session, now, asked.org) if asked.org else None
    if asked.kind and asked.kind not in KINDS:
        raise NotFound
    releases, next_url = _found(session, now, asked, Filter(asked.kind, place, asked.org))
    names = {
        "kind": asked.kind,
        "place": place_name(place),
        "organisation": organisation.name if organisation else "",
    }
    places = {each.slug: place_name(each) for each in public_releases.places(session, now)}
    return {
        "heading": heading(**names),
        "releases": [in_list(release) for release in releases],
        "next_url": next_url,
        "first_url": _first_url("/releases/", asked),
        "canonical": _own_address("/releases/", asked),
        "no_word": bool(asked.q.strip()) and not asked_terms(asked.q),
        "feeds": feeds_of(_feed_name(asked)),
        "filters": {
            "kind": asked.kind,
            "place": asked.place,
            "org": asked.org,
            "q": asked.q,
            "places": list((places | ({place.slug: place_name(place)} if place else {})).items()),
        },
    }


def release_page(session: Session, now: datetime, release: Release) -> Shown:
    near = public_releases.related(session, now, release, MORE_NEWS)
    return {
        "release": whole(release),
        "more": [in_list(other) for other in near],
        "publication": release.publication,
        "letter_places": [(slug, place_words(slug, {})) for slug in filter(None, [release.country_slug])],
    }


def organisation_page(session: Session, now: datetime, slug: str, after: str) -> Shown:
    """Raises NotFound for an organisation without public releases."""
    organisation = supplier(known_organisation(session, now, slug))
    asked, own = Asked(org=slug, after=after), Asked(after=after)
    found = public_releases.page(session, now, Filter(organisation=slug), after=after, size=LIST_PAGE)
    return {
        "organisation": organisation,
        "releases": [in_list(release) for release in found[:LIST_PAGE]],
        "next_url": _next_url(organisation.url, own, found, LIST_PAGE),
        "first_url": _first_url(organisation.url, own),
        "canonical": _own_address(organisation.url, own),
        "feeds": feeds_of(_feed_name(asked)),
    }


def dates_ahead(session: Session, now: datetime) -> list[DateAhead]:
    """The next events, the soonest first."""
    events = public_releases.newest_events(session, now, EVENTS_LOOKED_AT)
    ahead = [(starts, event) for event in events if (starts := _start_of(event)) and starts > now]
    ahead.sort(key=lambda pair: pair[0])
    return [_date_ahead(starts, event) for starts, event in ahead[:DATES_AHEAD]]


def known_place(session: Session, now: datetime, slug: str) -> Place:
    """Raises NotFound for a place without public releases."""
    place = public_releases.place(session, now, slug) if is_slug(slug) else None
    if place is None:
        raise NotFound
    return place


def known_organisation(session: Session, now: datetime, slug: str) -> Any:  # an Organisation row
    """Raises NotFound for an organisation without public releases."""
    organisation = public_releases.organisation(session, now, slug) if is_slug(slug) else None
    if organisation is None:
        raise NotFound
    return organisation


def place_name(place: Place | None) -> str:
    """`Cambodia`, or `Battambang, Cambodia`."""
    if place is None:
        return ""
    country = country_name(place.country)
    city = shown_city(place.city, place.country, "en")
    return country if city in ("", country) else f"{city}, {country}"


def heading(*, kind: str, place: str, organisation: str) -> str:
    """`All releases`, `Sport from Malaysia`, `Business from Cambodia, supplied by Lotus Basin Rice Growers`."""
    words = KINDS[kind].plural if kind else "All releases" if not (place or organisation) else "Releases"
    return (
        words
        + (f" from {place}" if place else "")
        + (f", supplied by {organisation}" if organisation else "")
    )


def question(typed: str) -> str:
    """What was asked, in one line, cut to what a search reads. What cannot be typed is a blank."""
    return clean_line(typed[: 4 * LONGEST_QUESTION].replace("\0", " "))[:LONGEST_QUESTION]


def feeds_of(which: str) -> list[tuple[str, str]]:
    """The three feeds of one list as (name, address); none for a list that has no feed of its own."""
    forms = (("RSS", "rss"), ("Atom", "atom"), ("JSON", "json"))
    return [(name, f"/feeds/{which}.{form}") for name, form in forms] if which else []


def _found(session: Session, now: datetime, asked: Asked, chosen: Filter) -> tuple[list[Listed], str]:
    """One page of a list, and where it goes on; with words, those of its releases that hold them all."""
    if asked.q.strip():
        hits = searching.search(
            session, now, asked_terms(asked.q), chosen=chosen, after=asked.after, size=LIST_PAGE
        )
        return hits.releases, _address("/releases/", replace(asked, after=hits.next)) if hits.next else ""
    found = public_releases.page(session, now, chosen, after=asked.after, size=LIST_PAGE)
    return found[:LIST_PAGE], _next_url("/releases/", asked, found, LIST_PAGE)


def _feed_name(asked: Asked) -> str:
    if asked.q.strip():
        return ""
    given = [
        name
        for name in (asked.kind, asked.place and f"place-{asked.place}", asked.org and f"org-{asked.org}")
        if name
    ]
    return "all" if not given else given[0] if len(given) == 1 else ""


def _next_url(path: str, asked: Asked, found: list[Listed], size: int) -> str:
    """Where the list goes on: `found` holds one row more than `size` if it does."""
    last = found[size - 1] if len(found) > size else None
    return _address(path, replace(asked, after=cursor(last.live_from, last.id))) if last else ""


def _first_url(path: str, asked: Asked) -> str:
    return _address(path, replace(asked, after="")) if _is_further(asked) else ""


def _own_address(path: str, asked: Asked) -> str:
    """Each page of a list is a page of its own; one that goes on from nowhere is the first."""
    return _address(path, asked if _is_further(asked) else replace(asked, after=""))


def _is_further(asked: Asked) -> bool:
    if asked.q.strip():
        return searching.is_further(asked.after)
    return read_cursor(asked.after) is not None


def _address(path: str, asked: Asked) -> str:
    given = {name: value for name, value in vars(asked).items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def _start_of(event: Event) -> datetime | None:
    local, zone = read_datetime(event.starts_at or ""), zone_or_none(event.zone or "")
    return local.replace(tzinfo=zone or UTC) if local else None


def _date_ahead(starts: datetime, event: Event) -> DateAhead:
    place = Place(slug="", country=event.country, city=event.city)
    url = f"/releases/{event.reference}/{event.slug or 'release'}"
    off = NOTICE_WORDS.get(event.notice_kind, "")
    return DateAhead(starts.date(), url, event.headline, event.language, place_name(place), off)
