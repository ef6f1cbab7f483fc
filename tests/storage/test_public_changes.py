"""The mark of what is public moves with every change that readers can see, whoever makes it, and with no other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from portal.settings import Settings
from portal.storage import public_changes
from portal.storage.database import Database
from portal.storage.tables import Base
from portal.storage.unit_of_work import UnitOfWork
from tests import builders
from tests.builders import NOON
from tests.rigs.public_statements import tables_of_public_pages

# Columns of watched tables that no public page shows, and why a change of them may leave kept answers alone.
NOT_SHOWN = {
    "releases": {
        "id", "created_by_id", "created_at", "ancestor_id", "version", "moved_at", "answer_wanted_at", "archived_at",
        "chain_count", "chain_head",
    },
    "organisations": {"id", "name_key", "domain", "lookalike_of_id", "lookalike_by", "created_at", "version"},
}  # fmt: skip

# Tables that public pages ask without the mark moving for them, and why.
UNWATCHED = {
    "search_entries": "written in the transaction that changes the release",
    "search_index": "the same",
    "known_words": "suggestions for a search; the clock learns them within a minute",
    "word_grams": "the same",
    "sitemap_parts": "where the parts of the sitemap begin, kept by the clock; what is in them is asked of the releases",
    "outbox": "on the notice of a kill, to how many its own mails have gone: shown within a minute",
    "deliveries": "the same",
    "digest_deliveries": "that a first letter has left: shown within a minute",
}


@pytest.fixture
def furnished(database: Database) -> Database:
    with UnitOfWork(database) as work:
        shown = builders.published_release(work, headline="Farmers open a mill", at=NOON - timedelta(hours=1))
        shown.editions[0].published_at = NOON
        builders.draft_release(work, house=shown.organisation)
        work.commit()
    return database


def mark(database: Database) -> int:
    with database.reading() as session:
        return int(session.execute(text("SELECT mark FROM public_generation")).scalar_one())


def said(database: Database, statement: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(statement))


MOVES = [
    "UPDATE releases SET publication = 'killed', removed_at = live_from WHERE publication = 'live'",
    "UPDATE releases SET notice_kind = 'cancelled' WHERE publication = 'live'",
    "UPDATE releases SET expires_at = live_from WHERE publication = 'live'",
    "UPDATE releases SET slug = 'other' WHERE publication = 'live'",
    "UPDATE releases SET live_from = went_live_at WHERE publication = 'live'",
    "UPDATE revisions SET headline = 'By hand'",
    "UPDATE organisations SET name = 'Another'",
    "UPDATE editions SET correction_what = 'A figure' WHERE published_at IS NOT NULL",
    "INSERT INTO clock_hold (id, kind, since, why) VALUES (1, 'clock', '2026-03-24 03:20:00', 'a jump')",
    "INSERT INTO places (slug, country, city) VALUES ('xx', 'XX', '')",
    "INSERT INTO event_dates SELECT id, 1, live_from, live_from FROM releases WHERE publication = 'live'",
]
STANDS = [
    "UPDATE releases SET version = version + 1, chain_count = 7",
    "UPDATE releases SET slug = 'x', live_from = NULL WHERE publication = 'hidden'",
    "UPDATE editions SET headline = 'Typed', holder_id = NULL WHERE published_at IS NULL",
    "UPDATE editions SET priority = 3",
    "UPDATE users SET name = 'Another'",
    "UPDATE organisations SET version = version + 1",
]


@pytest.mark.parametrize("statement", MOVES)
def test_what_readers_can_see_moves_it(furnished: Database, statement: str) -> None:
    before = mark(furnished)

    said(furnished, statement)

    assert mark(furnished) != before


@pytest.mark.parametrize("statement", STANDS)
def test_what_they_cannot_see_leaves_it(furnished: Database, statement: str) -> None:
    before = mark(furnished)

    said(furnished, statement)

    assert mark(furnished) == before


def test_it_moves_with_the_change_and_not_before(furnished: Database) -> None:
    before = mark(furnished)
    with furnished.engine.connect() as connection, connection.begin() as change:
        connection.execute(text("UPDATE releases SET slug = 'other' WHERE publication = 'live'"))
        assert mark(furnished) == before
        change.commit()
    assert mark(furnished) != before


def test_what_is_taken_back_leaves_it(furnished: Database) -> None:
    before = mark(furnished)
    with furnished.engine.connect() as connection, connection.begin() as change:
        connection.execute(text("UPDATE releases SET slug = 'other' WHERE publication = 'live'"))
        change.rollback()

    assert mark(furnished) == before


def test_every_column_is_watched_or_known_to_show_nowhere() -> None:
    for name, watched in public_changes.WATCHED.items():
        if watched.columns and name != "editions":
            columns = set(Base.metadata.tables[name].columns.keys())
            assert columns == set(watched.columns) | NOT_SHOWN[name], name
            assert set(watched.columns) & NOT_SHOWN[name] == set()


def test_no_trigger_is_missing_and_one_that_is_shows(furnished: Database) -> None:
    with furnished.engine.begin() as connection:
        assert public_changes.missing(connection) == []
        on = "" if furnished.is_sqlite else " ON releases"
        connection.execute(text(f"DROP TRIGGER public_changed_releases_update{on}"))
        assert public_changes.missing(connection) == ["public_changed_releases_update"]
        public_changes.install(connection)
        assert public_changes.missing(connection) == []


def test_two_that_publish_at_once_do_not_wait_for_each_other(database: Database) -> None:
    """The mark is the last lock of a transaction, so its row is free until somebody commits."""
    if database.is_sqlite:
        pytest.skip("there is one writer at a time")
    with UnitOfWork(database) as work:
        for number in range(2):
            builders.published_release(work, headline=f"News {number}", at=NOON)
        work.commit()
    engine = database.engine
    with engine.connect() as one, engine.connect() as other, one.begin() as first, other.begin() as second:
        first_id, second_id = one.execute(text("SELECT min(id), max(id) FROM releases")).one()
        one.execute(text(f"UPDATE releases SET slug = 'a' WHERE id = {first_id}"))
        other.execute(text("SET LOCAL lock_timeout = '2s'"))
        other.execute(text(f"UPDATE releases SET slug = 'b' WHERE id = {second_id}"))
        second.commit()
        first.commit()


def test_the_tables_of_every_public_query_are_watched(database: Database, settings: Settings) -> None:
    """Asked of the statements themselves, so that a table that comes to one of them is not forgotten."""
    asked = tables_of_public_pages(database, settings)

    assert asked - set(public_changes.WATCHED) <= set(UNWATCHED)
    assert len(asked & set(public_changes.WATCHED)) >= 7
