"""What tests are given: settings of a development machine, fresh databases of both kinds, and servers.

Everything is started on the first use, so a test of the rules starts nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from portal.settings import Settings, load_settings
from tests.rigs.quick_folder import quick_folder

os.environ.setdefault(
    "PYTEST_DEBUG_TEMPROOT", quick_folder()
)  # read by pytest when a test asks for `tmp_path`

BOTH_DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session", autouse=True)
def _statements_are_shared() -> Iterator[None]:
    from tests.rigs.shared_statements import share_statements

    with pytest.MonkeyPatch.context() as patch:
        share_statements(patch)
        yield


@pytest.fixture
def now() -> datetime:
    """One instant: a Tuesday, 11:20 in Singapore."""
    return datetime(2026, 3, 24, 3, 20, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A development machine of its own, with SQLite."""
    return load_settings({"PORTAL_ENV": "development"}, tmp_path)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.rigs.sqlite import migrated_file

    return migrated_file(tmp_path_factory.mktemp("sqlite") / "template.sqlite3")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """One PostgreSQL for each test process."""
    from tests.rigs.postgres import PostgresMissing, programs, running_postgres

    try:
        programs()
    except PostgresMissing as problem:
        pytest.skip(str(problem))
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Any) -> str:
    """The name of a migrated database that others are copied from."""
    from portal.storage.database import Database
    from portal.storage.migrate import upgrade

    name: str = postgres_server.new_database()
    database = Database(postgres_server.url(name))
    upgrade(database)
    database.dispose()
    return name


@pytest.fixture(params=BOTH_DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh migrated database; the test runs once on each kind."""
    if request.param == "sqlite":
        yield _sqlite_url(request, tmp_path)
    else:
        yield from _postgres_url(request)


@pytest.fixture
def database(database_url: str) -> Iterator[Any]:
    """The same as `portal.storage.database.Database`."""
    from portal.storage.database import Database

    opened = Database(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def sqlite_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """A fresh migrated SQLite, for tests that are not about the database."""
    from portal.storage.database import Database

    opened = Database(_sqlite_url(request, tmp_path))
    yield opened
    opened.dispose()


@pytest.fixture
def database_settings(settings: Settings, database_url: str) -> Settings:
    """Settings that point at the fresh database."""
    return replace(settings, database_url=database_url)


@pytest.fixture
def desk(database: Any, settings: Settings, now: datetime) -> Any:
    """A house, a newsroom and the actions between them (tests/rigs/desk.py), on both databases."""
    from tests.rigs.desk import open_desk

    return open_desk(database, settings, now)


@pytest.fixture
def sqlite_desk(sqlite_database: Any, settings: Settings, now: datetime) -> Any:
    """The same on SQLite alone, for long tables of steps."""
    from tests.rigs.desk import open_desk

    return open_desk(sqlite_database, settings, now)


def _sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    from tests.rigs.sqlite import copied

    return copied(request.getfixturevalue("sqlite_template"), tmp_path / "portal.sqlite3")


def _postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    server = request.getfixturevalue("postgres_server")
    name = server.new_database(request.getfixturevalue("postgres_template"))
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture(scope="session")
def _valkey_server() -> Iterator[str]:
    from tests.rigs.valkey import running_valkey

    with running_valkey() as url:
        yield url


@pytest.fixture
def valkey_url(_valkey_server: str) -> str:
    """The URL of an empty Redis-compatible server."""
    import redis

    with redis.Redis.from_url(_valkey_server) as client:
        client.flushall()
    return _valkey_server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless Chromium as playwright drives it, one for each test process."""
    from tests.rigs.chromium import HOW_TO_GET_IT, chromium_program, running_chromium

    program = chromium_program()
    if program is None:
        pytest.skip(HOW_TO_GET_IT)
    with running_chromium(program) as browser:
        yield browser
