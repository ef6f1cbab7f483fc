"""On 10,000 releases no page reads a big table whole, on either database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.storage.queries import public_releases
from portal.storage.queries.cursors import cursor
from portal.storage.queries.public_releases import Filter
from portal.storage.tables import Place
from portal.storage.unit_of_work import UnitOfWork
from tests.rigs.many_releases import fill
from tests.rigs.query_plans import gather_statistics, whole_table_reads

BIG = ("releases", "editions", "revisions")


@pytest.fixture
def busy_database(database, now):
    with UnitOfWork(database) as work:
        fill(work, 10_000, now)
        work.commit()
    gather_statistics(database)
    return database


def public_questions(now) -> dict[str, Callable[[Session], object]]:
    country, city = (
        Place(slug="cambodia", country="KH"),
        Place(slug="cambodia-city-3", country="KH", city="City 3"),
    )
    lists = {
        "front page": Filter(),
        "kind": Filter(kind="sports"),
        "country": Filter(place=country),
        "city": Filter(place=city),
        "organisation": Filter(organisation="house-7"),
    }

    def listing(chosen: Filter, after: str | None = None, with_text: bool = False):
        return lambda session: public_releases.page(session, now, chosen, after=after, with_text=with_text)

    return {
        **{name: listing(chosen) for name, chosen in lists.items()},
        **{f"{name}, further down": listing(chosen, after=middle(now)) for name, chosen in lists.items()},
        **{f"feed of {name}": listing(chosen, with_text=True) for name, chosen in lists.items()},
        "release page": lambda session: public_releases.one(session, now, "SEAP-2025-1000001"),
        "organisation page": lambda session: public_releases.organisation(session, now, "house-7"),
        "is there a country": lambda session: public_releases.place(session, now, "cambodia"),
        "is there a city": lambda session: public_releases.place(session, now, "cambodia-city-3"),
        "places": lambda session: public_releases.places(session, now),
        "dates ahead": lambda session: public_releases.newest_events(session, now, 60),
        "next change": lambda session: public_releases.next_change(session, now),
    }


def middle(now) -> str:
    """A cursor half way down the list."""
    return cursor(now - timedelta(minutes=50_000), 1_005_000)


def test_no_public_page_reads_a_big_table_whole(busy_database, now):
    reads = {name: whole_table_reads(busy_database, ask, BIG) for name, ask in public_questions(now).items()}

    assert {name: steps for name, steps in reads.items() if steps} == {}


def test_the_rig_itself_sees_a_full_scan(busy_database, now):
    def unindexed(session: Session) -> object:
        statement = public_releases.public_releases(now).where(public_releases.Release.created_by_id == 0)
        return session.scalars(statement).all()

    assert whole_table_reads(busy_database, unindexed, BIG) != []
