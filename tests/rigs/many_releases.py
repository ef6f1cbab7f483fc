"""Thousands of releases in a second or two: enough for a planner to take the shape of the tables seriously."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import insert

from portal.storage.queries import searching
from portal.storage.tables import Edition, EventDate, Place, Release, Revision, SearchEntry
from portal.storage.unit_of_work import UnitOfWork
from portal.text.search_words import words_of
from portal.text.slugs import place_slug
from tests import builders

KINDS = tuple(builders.FACTS)
COUNTRIES = ("KH", "ID", "LA", "MY", "MM", "PH", "SG", "TH", "VN", "BN")
CITIES = 10
HOUSES = 40
WAITING_EVERY = 50
"""One release in so many is not public: it waits for the editors."""


def fill(work: UnitOfWork, how_many: int, now: datetime, *, length: int = 10) -> None:
    """Releases of all kinds from forty houses and a hundred cities, one every ten minutes back from `now`."""
    sender = builders.user(work)
    houses = [
        builders.organisation(work, name=f"House {number}", slug=f"house-{number}")
        for number in range(HOUSES)
    ]
    _fill_places(work)
    rows = [
        _row(number, houses[number % HOUSES].id, sender.id, now, length) for number in range(1, how_many + 1)
    ]
    for table, name in ((Release, "release"), (Edition, "edition"), (Revision, "revision")):
        work.session.execute(insert(table), [row[name] for row in rows])
    for entries, name in ((SearchEntry, "words"), (EventDate, "hours")):
        work.session.execute(insert(entries), [row[name] for row in rows if row[name]])


def _fill_places(work: UnitOfWork) -> None:
    for country in COUNTRIES:
        work.session.add(Place(slug=place_slug(country), country=country, city=""))
        for city in range(CITIES):
            work.session.add(
                Place(slug=place_slug(country, f"City {city}"), country=country, city=f"City {city}")
            )
    work.session.flush()


def _row(number: int, house_id: int, sender_id: int, now: datetime, length: int) -> dict[str, dict[str, Any]]:
    key = 1_000_000 + number
    at = now - timedelta(minutes=10 * number)
    waits = number % WAITING_EVERY == 0
    kind, country, city = KINDS[number % 5], COUNTRIES[number // 7 % 10], f"City {number // 3 % CITIES}"
    content = {"values": {**builders.NEWS, **builders.FACTS[kind]}, "body_html": builders.STORY * length}
    times = {"submitted_at": at, "promise_at": at + timedelta(hours=4), "due_at": at + timedelta(hours=4)}
    return {
        "release": {
            "id": key,
            "reference": f"SEAP-2025-{key}",
            "feed_id": f"urn:uuid:{key}",
            "kind": kind,
            "organisation_id": house_id,
            "created_by_id": sender_id,
            "created_at": at,
            "moved_at": at,
            "publication": "hidden" if waits else "live",
            "live_from": None if waits else at,
            "went_live_at": None if waits else at,
            "updated_at": None if waits else at,
            "slug": None if waits else f"story-{number}",
            "country_slug": place_slug(country),
            "city_slug": place_slug(country, city),
            "live_edition_id": None if waits else key,
            "live_revision_id": None if waits else key,
        },
        "edition": {
            "id": key,
            "release_id": key,
            "number": 1,
            "state": "submitted" if waits else "approved",
            "draft": content,
            "draft_saved_at": at,
            "draft_saved_by_id": sender_id,
            "headline": f"Story {number}",
            "language": "en",
            "submission_key": f"key-{key}",
            "round": 1,
            "revision_id": key,
            "submitted_by_id": sender_id,
            "decided_at": None if waits else at,
            "flags": [],
            **times,
        },
        "revision": {
            "id": key,
            "edition_id": key,
            "number": 1,
            "content": content,
            "hash": f"{key:064d}",
            "headline": f"Story {number}",
            "language": "en",
            "city": city,
            "country": country,
            "excerpt": "Eleven villages will mill their own rice.",
            "created_at": at,
            "created_by_id": sender_id,
        },
        "words": {} if waits else _words(key, number, kind, at, country, city),
        "hours": {} if waits or kind != "event" else _hours(key, number, now),
    }


@cache
def _common() -> list[str]:
    return words_of("", " ".join(f"common{word}" for word in range(200)), english=True)


def _words(key: int, number: int, kind: str, at: datetime, country: str, city: str) -> dict[str, Any]:
    """Words as a year of releases has them: some in all, some in every seventh or thousandth, one in its own alone."""
    own = f"week{number % 7} year{number % 1000} own{number}"
    within = searching.marks_of(
        kind, f"house-{number % HOUSES}", place_slug(country), place_slug(country, city)
    )
    return {
        "release_id": key,
        "revision_id": key,
        "position": searching.position(at, key),
        "words": list(dict.fromkeys([*words_of(f"Story {number}", own, english=True), *_common(), *within])),
    }


def _hours(key: int, number: int, now: datetime) -> dict[str, Any]:
    """All but one in fifty are over."""
    starts = now + timedelta(days=number % 1000 - 980)
    return {
        "release_id": key,
        "revision_id": key,
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=3),
    }
