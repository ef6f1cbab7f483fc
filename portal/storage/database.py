"""The connection to SQLite or PostgreSQL, with what each needs to be safe.

SQLite: WAL, foreign keys, `synchronous=FULL`, and `BEGIN IMMEDIATE` for every writer, because a read
transaction that turns into a write loses updates or fails at once. Readers use `reading()`, which never writes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session

# Outlets read with a session that they are handed; its kind is named here, so that only storage knows SQL.
__all__ = ["Database", "Session"]

BUSY_MILLISECONDS = 10_000


class Database:
    """One engine for writers and one view of it for readers."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url)
        self._reader = self.engine.execution_options(readonly=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads: it takes no write lock. What was read stays readable after its end."""
        with Session(self._reader, autoflush=False, expire_on_commit=False) as session:
            yield session

    def writing(self) -> Session:
        """A session for the unit of work; nobody else asks for one."""
        return Session(self.engine, expire_on_commit=False)

    def watching(self) -> Connection:
        """A connection that keeps no transaction, for one who asks again and again; its holder closes it."""
        if self.is_sqlite:  # the driver is in this mode anyway, and only `begin` would begin one
            return self.engine.connect()
        return self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def answers(self) -> bool:
        """Does the database answer at all?"""
        with self._reader.connect() as connection:
            return connection.execute(text("SELECT 1")).scalar() == 1

    def dispose(self) -> None:
        """Close the pool; after a fork the child calls this before it touches anything."""
        self.engine.dispose()


def _sqlite_engine(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=12, max_overflow=8, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # stop the driver from beginning transactions on its own
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("readonly")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _postgresql_engine(url: str) -> Engine:
    engine = create_engine(url, pool_size=12, max_overflow=8, pool_pre_ping=True, hide_parameters=True)
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET timezone = 'UTC'")
        cursor.execute(f"SET lock_timeout = {BUSY_MILLISECONDS}")
    connection.commit()  # ends the driver transaction of the settings, before any work
