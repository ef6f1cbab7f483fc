"""On 10,000 releases no page reads a big table whole, on either database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.storage.queries import (
    desk,
    event_dates,
    public_releases,
    queue,
    releases,
    removal,
    searching,
    senders,
    sitemap,
    waiting,
)
from portal.storage.queries.cursors import cursor
from portal.storage.queries.public_releases import Filter
from portal.storage.tables import Base, Place, Release
from portal.storage.unit_of_work import UnitOfWork
from portal.text.search_words import asked_terms
from tests import builders
from tests.rigs.many_records import fill_records
from tests.rigs.many_releases import fill
from tests.rigs.query_plans import gather_statistics, whole_table_reads

BIG = ("releases", "editions", "revisions", "search_entries", "event_dates")


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

    def listing(chosen: Filter, after: str | None = None):
        return lambda session: public_releases.page(session, now, chosen, after=after)

    def feed(chosen: Filter):
        return lambda session: public_releases.page_with_text(session, now, chosen)

    def gone(chosen: Filter):
        return lambda session: public_releases.tombstones(session, now, chosen, 30)

    def left(chosen: Filter):
        return lambda session: public_releases.last_left(session, now, chosen)

    return {
        **{name: listing(chosen) for name, chosen in lists.items()},
        **{f"{name}, further down": listing(chosen, after=middle(now)) for name, chosen in lists.items()},
        **{f"feed of {name}": feed(chosen) for name, chosen in lists.items()},
        "more news": lambda session: public_releases.related(
            session, now, session.query(Release).filter_by(reference="SEAP-2025-1000001").one(), 3
        ),
        "release page": lambda session: public_releases.one(session, now, "SEAP-2025-1000001"),
        "organisation page": lambda session: public_releases.organisation(session, now, "house-7"),
        "is there a country": lambda session: public_releases.place(session, now, "cambodia"),
        "is there a city": lambda session: public_releases.place(session, now, "cambodia-city-3"),
        "places": lambda session: public_releases.places(session, now),
        "dates ahead": lambda session: public_releases.newest_events(session, now, 60),
        **{f"search: {words}": look_for(now, *words.split()) for words in WORDS},
        "search, further down": look_for(now, "story", after=middle(now)),
        "search within a list": look_for(now, "story", chosen=Filter(kind="sports", place=city)),
        "events to come": lambda session: event_dates.upcoming(session, now, None, 60),
        "a part of the sitemap": lambda session: sitemap.part(session, now, sitemap.BEGINNING, 200),
        "a removed release": lambda session: public_releases.tombstone(session, "SEAP-2025-1000001"),
        **{f"notices of {name}": gone(chosen) for name, chosen in lists.items()},
        **{f"last to leave {name}": left(chosen) for name, chosen in lists.items()},
        "to archive": lambda session: removal.to_archive(session, now, limit=50),
        "next change": lambda session: public_releases.next_change(session, now),
    }


# In every release, in a seventh, in ten, in one, in none; and two that never stand together.
WORDS = ("story", "week3", "year77", "own77", "absent", "story week3 year77", "week3 week4")


def look_for(now, *words: str, **more) -> Callable[[Session], object]:
    return lambda session: searching.search(session, now, asked_terms(" ".join(words)), **more)


def middle(now) -> str:
    """A cursor half way down the list."""
    return cursor(now - timedelta(minutes=50_000), 1_005_000)


def test_no_public_page_reads_a_big_table_whole(busy_database, now):
    reads = {name: whole_table_reads(busy_database, ask, BIG) for name, ask in public_questions(now).items()}
    growing = {name: [step for step in steps if not sorts_corrections(step)] for name, steps in reads.items()}

    assert {name: steps for name, steps in growing.items() if steps} == {}


def sorts_corrections(step: str) -> bool:
    """The corrections of one page of releases, found by an index."""
    return step.startswith("USE TEMP B-TREE") and step.rstrip().endswith("ORDER BY editions.number")


def test_the_rig_itself_sees_a_full_scan(busy_database, now):
    def unindexed(session: Session) -> object:
        statement = public_releases.public_releases(now).where(public_releases.Release.created_by_id == 0)
        return session.scalars(statement).all()

    assert whole_table_reads(busy_database, unindexed, BIG) != []


KEPT = (*BIG, "decisions", "timeline", "outbox", "deliveries", "messages", "examinations")


@pytest.fixture
def busy_newsroom(database, now):
    """The id of an editor in a newsroom of years."""
    with UnitOfWork(database) as work:
        fill(work, 10_000, now)
        editor = builders.user(work, role="editor")
        fill_records(work, editor.id)
        work.commit()
    gather_statistics(database)
    return editor.id


def questions_of_the_desk(editor_id, now) -> dict[str, Callable[[Session], object]]:
    today = now.replace(hour=0)

    def about(ask: Callable[[Session, releases.Case], object]) -> Callable[[Session], object]:
        def asked(session: Session) -> object:
            case = releases.find(session, "SEAP-2025-1000050")
            assert case is not None
            return ask(session, case)

        return asked

    views = [view for view in queue.VIEWS if view != "decided"]
    return {
        **{
            f"queue: {view}": lambda session, view=view: queue.page(session, view, editor_id)
            for view in views
        },
        "queue, further down": lambda session: queue.page(session, "due", editor_id, after=middle(now)),
        "decided": queue.decided,
        "decided, further down": lambda session: queue.decided(session, after=middle(now)),
        "counts": lambda session: queue.counts(session, editor_id, now=now, since=today),
        "oldest": queue.oldest_waiting,
        "numbers": lambda session: waiting.waiting(session, now),
        "desk": lambda session: desk.page(session, [1]),
        "desk, further down": lambda session: desk.page(session, [1], after=middle(now)),
        "timeline": about(lambda session, case: releases.timeline(session, case.release)),
        "versions": about(lambda session, case: releases.revisions(session, case.release)),
        "messages": about(lambda session, case: desk.messages(session, case.release)),
        "mails": about(lambda session, case: desk.deliveries(session, case.release)),
        "decision": about(lambda session, case: releases.decision_that_stands(session, case.edition)),
        "examination": about(lambda session, case: releases.examination(session, case.edition.revision_id)),
        "last act": about(lambda session, case: releases.last_act_of_a_person(session, case.release)),
        "notes": about(lambda session, case: senders.notes(session, case.release)),
        "is it public": about(lambda session, case: public_releases.is_visible(session, case.release, now)),
    }


# Partial indexes that hold only what waits: reading one whole reads the queue, not the archive.
OF_WHAT_WAITS = tuple(
    index.name
    for table in Base.metadata.sorted_tables
    for index in table.indexes
    if "IS NULL" in str(index.dialect_options["sqlite"]["where"])
    or "'submitted', 'in_review', 'awaiting_second')" in str(index.dialect_options["sqlite"]["where"])
)
# These sort what an index found: the editions of one page of releases, the decisions on one edition.
SORTS_A_HANDFUL = ("desk", "desk, further down", "decision")


def grows(name: str, step: str) -> bool:
    if "TEMP B-TREE" in step and name in SORTS_A_HANDFUL:
        return False
    return not any(f"USING INDEX {index} " in step for index in OF_WHAT_WAITS)


def test_no_page_of_the_desk_or_the_newsroom_reads_a_big_table_whole(database, busy_newsroom, now):
    questions = questions_of_the_desk(busy_newsroom, now)
    reads = {name: whole_table_reads(database, ask, KEPT) for name, ask in questions.items()}
    growing = {name: [step for step in steps if grows(name, step)] for name, steps in reads.items()}

    assert len(OF_WHAT_WAITS) >= 7
    assert {name: steps for name, steps in growing.items() if steps} == {}
