"""Migrations and tables say the same, in both directions and on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text

from portal.storage.database import Database
from portal.storage.migrate import downgrade, newest, present, upgrade
from portal.storage.tables import Base, ChainLock


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table."""
    if request.param == "sqlite":
        opened = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
        yield opened
        opened.dispose()
        return
    server = request.getfixturevalue("postgres_server")
    name = server.new_database()
    opened = Database(server.url(name))
    yield opened
    opened.dispose()
    server.drop_database(name)


def differences(database: Database) -> list[Any]:
    """The index of words stands in no metadata: FTS5 here, GIN there. A test of its own looks for it."""
    options = {
        "compare_type": True,
        "include_name": lambda name, *_: not str(name).startswith("search_index"),
    }
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        return compare_metadata(context, Base.metadata)


def checks(database: Database) -> dict[str, set[str]]:
    """The names of CHECK constraints by table, which the comparison does not look at."""
    looking = inspect(database.engine)
    return {
        table: {found["name"] for found in looking.get_check_constraints(table)}
        for table in looking.get_table_names()
        if table != "alembic_version"
    }


def predicates(database: Database) -> dict[str, str]:
    """The conditions of partial indexes."""
    question = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"
        if database.is_sqlite
        else "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE '% WHERE %'"
    )
    with database.engine.connect() as connection:
        return {name: sql.partition(" WHERE ")[2] for name, sql in connection.execute(text(question))}


def test_a_migrated_database_is_what_the_tables_say(empty_database: Database) -> None:
    upgrade(empty_database)

    assert present(empty_database) == newest()
    assert differences(empty_database) == []


def test_constraints_and_partial_indexes_are_those_of_the_tables(empty_database: Database) -> None:
    upgrade(empty_database)
    migrated = checks(empty_database), predicates(empty_database)
    downgrade(empty_database, "base")
    with empty_database.engine.begin() as connection:
        Base.metadata.create_all(connection)

    assert (checks(empty_database), predicates(empty_database)) == migrated
    assert len(migrated[1]) >= 10


def test_going_back_to_the_base_leaves_nothing(empty_database: Database) -> None:
    upgrade(empty_database)

    downgrade(empty_database, "base")

    assert set(inspect(empty_database.engine).get_table_names()) <= {"alembic_version"}
    assert present(empty_database) == ""


def test_there_and_back_and_there_again_is_the_same(empty_database: Database) -> None:
    for _ in range(2):
        upgrade(empty_database)
        again = differences(empty_database)
        downgrade(empty_database, "base")
    upgrade(empty_database)

    assert again == differences(empty_database) == []


def test_upgrading_twice_keeps_the_one_row_of_the_chain(empty_database: Database) -> None:
    upgrade(empty_database)
    upgrade(empty_database)

    with empty_database.reading() as session:
        assert [row.id for row in session.scalars(select(ChainLock))] == [1]


def search_index(database: Database) -> list[tuple[str, str]]:
    """What the index of words and its triggers were made by."""
    question = (
        "SELECT name, sql FROM sqlite_master WHERE name = 'search_index' OR (type = 'trigger' AND name NOT LIKE 'public_changed_%') ORDER BY name"
        if database.is_sqlite
        else "SELECT indexname, indexdef FROM pg_indexes WHERE indexname = 'search_index'"
    )
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(question))]


def test_the_index_of_words_is_the_same_by_migration_and_by_the_tables(empty_database: Database) -> None:
    upgrade(empty_database)
    migrated = search_index(empty_database)
    downgrade(empty_database, "base")
    gone = search_index(empty_database)
    with empty_database.engine.begin() as connection:
        Base.metadata.create_all(connection)

    assert search_index(empty_database) == migrated
    assert gone == []
    assert "search_index" in {name for name, _ in migrated}


def test_a_registration_that_waits_keeps_its_password_behind_its_link(empty_database: Database) -> None:
    upgrade(empty_database, "0011")
    rows = (
        (
            "INSERT INTO users (id, email, name, password_hash, role, created_at, version) VALUES"
            " (1, 'a@x.example', 'Ann', 'hash of Ann', 'member', '2026-03-24', 1)"
        ),
        (
            "INSERT INTO users (id, email, name, password_hash, role, created_at, confirmed_at, version) VALUES"
            " (2, 'b@x.example', 'Ben', 'hash of Ben', 'member', '2026-03-24', '2026-03-24', 1)"
        ),
        (
            "INSERT INTO organisations (id, slug, name, name_key, website, domain, about, about_html, lookalike_by,"
            " created_at, version) VALUES (1, 'ferry', 'Ferry', 'ferry', '', '', '', '', '', '2026-03-24', 1)"
        ),
        (
            "INSERT INTO single_use_tokens (id, purpose, nonce, user_id, organisation_id, email, created_at, expires_at,"
            " used_at) VALUES (1, 'confirm', 'n', 1, 1, 'a@x.example', '2026-03-23', '2026-03-24', '2026-03-23'),"
            " (2, 'confirm', 'n', 1, 1, 'a@x.example', '2026-03-24', '2026-03-25', NULL),"
            " (3, 'confirm', 'n', 2, 1, 'b@x.example', '2026-03-24', '2026-03-25', NULL)"
        ),
        (
            "INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at, expires_at, agent, address_key) VALUES"
            " ('t1', 2, '2026-03-20', '2026-03-20', '2026-03-30', '', 'k'),"
            " ('t2', 2, '2026-03-21', '2026-03-22', '2026-03-30', '', 'k'),"
            " ('t3', 2, '2026-03-21', '2026-03-22', '2026-03-30', '', '')"
        ),
        "INSERT INTO login_attempts (purpose, account_key, address_key, at) VALUES ('login', 'a', 'b', '2026-03-24')",
    )
    with empty_database.engine.begin() as connection:
        for row in rows:
            connection.execute(text(row))

    upgrade(empty_database)

    def asked(question: str) -> list[tuple[Any, ...]]:
        with empty_database.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(question))]

    passwords = "SELECT id, password_hash FROM users ORDER BY id"
    assert asked("SELECT token_id, user_id, name, password_hash, organisation FROM registrations") == [
        (2, 1, "Ann", "hash of Ann", "Ferry")
    ]
    assert asked(passwords) == [(1, None), (2, "hash of Ben")]
    assert asked("SELECT user_id, key FROM known_networks") == [(2, "k")]
    assert asked("SELECT network_key, site_key FROM login_attempts") == [("", "")]
    downgrade(empty_database, "0011")
    assert asked(passwords) == [(1, "hash of Ann"), (2, "hash of Ben")]


HOUSE = (
    "INSERT INTO organisations (id, slug, name, name_key, website, domain, about, about_html, lookalike_by,"
    " created_at, version) VALUES (1, 'ferry', 'Ferry', 'ferry', '', '', '', '', '', '2026-03-24', 1)"
)
SENDER = (
    "INSERT INTO users (id, email, name, password_hash, role, created_at, version) VALUES"
    " (1, 'a@x.example', 'Ann', 'hash of Ann', 'member', '2026-03-24', 1)"
)


def write(database: Database, *rows: str) -> None:
    with database.engine.begin() as connection:
        for row in rows:
            connection.execute(text(row))


def read(database: Database, question: str) -> list[tuple[Any, ...]]:
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(question))]


def release_of(number: int) -> str:
    return (
        "INSERT INTO releases (id, reference, feed_id, kind, organisation_id, created_by_id, created_at, moved_at,"
        " chain_count, chain_head, publication, slug, country_slug, city_slug, removal_reasons, removal_text,"
        " notice_kind, notice_text, version) VALUES"
        f" ({number}, 'SEAP-2026-{number}', 'urn:{number}', 'event', 1, 1, '2026-03-24', '2026-03-24',"
        " 0, '', 'hidden', '', '', '', '[]', '', '', '', 1)"
    )


def facts_of(release: int, *facts: str) -> Iterator[str]:
    """One an hour, in this order; `at` is the hour."""
    for hour, fact in enumerate(facts, start=1):
        number = release * 100 + hour
        yield (
            "INSERT INTO timeline (id, release_id, position, fact, at, actor_name, from_state, to_state, publication,"
            " request_id, detail, hash, previous_hash)"
            f" VALUES ({number}, {release}, {hour}, '{fact}', '2026-03-24 0{hour}:00:00', '', '', '', '', '', '{{}}',"
            f" 'h{number}', '')"
        )


def test_a_question_that_nobody_answered_waits_in_sight_since_it_was_asked(empty_database: Database) -> None:
    upgrade(empty_database, "0013")
    stories = {
        1: ("submitted", "message_sent"),
        2: ("submitted", "message_sent", "message_answered"),
        3: ("message_sent", "message_answered", "message_sent", "message_sent"),
        4: ("submitted", "message_sent", "rejected"),
        5: ("submitted", "claimed"),
        6: ("message_sent", "claimed", "let_go"),
        7: ("message_sent", "approved", "message_sent"),
        8: (),
    }
    write(empty_database, HOUSE, SENDER, *(release_of(number) for number in stories))
    for number, facts in stories.items():
        write(empty_database, *facts_of(number, *facts))

    upgrade(empty_database, "0014")

    asked = read(empty_database, "SELECT id, answer_wanted_at FROM releases ORDER BY id")
    hours = {number: int(str(at)[11:13]) if at else None for number, at in asked}
    assert hours == {1: 2, 2: None, 3: 4, 4: None, 5: None, 6: 1, 7: 3, 8: None}
    downgrade(empty_database, "0013")
    assert len(read(empty_database, "SELECT id FROM releases")) == len(stories)


def test_a_registration_that_waits_leads_nowhere_in_particular(empty_database: Database) -> None:
    upgrade(empty_database, "0016")
    write(
        empty_database,
        SENDER,
        (
            "INSERT INTO single_use_tokens (id, purpose, nonce, user_id, email, created_at, expires_at) VALUES"
            " (1, 'confirm', 'n', 1, 'a@x.example', '2026-03-24', '2026-03-25')"
        ),
        (
            "INSERT INTO registrations (id, token_id, user_id, name, password_hash, organisation, website, address_key,"
            " asked_at) VALUES (1, 1, 1, 'Ann', 'hash', 'Ferry', '', 'k', '2026-03-24')"
        ),
    )

    upgrade(empty_database)

    kept = "SELECT token_id, name, password_hash, organisation, next_page FROM registrations"
    assert read(empty_database, kept) == [(1, "Ann", "hash", "Ferry", "")]
    downgrade(empty_database, "0016")
    assert read(empty_database, "SELECT token_id, name FROM registrations") == [(1, "Ann")]


def test_what_was_kept_for_the_search_is_made_anew_and_releases_stay(empty_database: Database) -> None:
    upgrade(empty_database, "0014")
    write(empty_database, HOUSE, SENDER, release_of(1))
    columns = {each["name"]: each for each in inspect(empty_database.engine).get_columns("search_entries")}
    values = {name: "1" if "INT" in str(each["type"]).upper() else "'x'" for name, each in columns.items()}
    write(
        empty_database,
        f"INSERT INTO search_entries ({', '.join(values)}) VALUES ({', '.join(values.values())})",
    )

    upgrade(empty_database)

    assert read(empty_database, "SELECT * FROM search_entries") == []
    assert read(empty_database, "SELECT id FROM releases") == [(1,)]


def test_mails_that_wait_stay_and_name_no_organisation(empty_database: Database) -> None:
    upgrade(empty_database, "0018")
    write(
        empty_database,
        SENDER,
        (
            "INSERT INTO outbox (id, fact, user_id, created_at, not_before) VALUES"
            " (1, 'member_removed', 1, '2026-03-24', '2026-03-24')"
        ),
    )

    upgrade(empty_database)

    waiting = "SELECT id, fact, user_id, organisation_id FROM outbox"
    assert read(empty_database, waiting) == [(1, "member_removed", 1, None)]
    downgrade(empty_database, "0018")
    assert read(empty_database, "SELECT id, fact, user_id FROM outbox") == [(1, "member_removed", 1)]
