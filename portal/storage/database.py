"""The connection to SQLite or PostgreSQL, with what each needs to be safe.

SQLite: WAL, foreign keys, `synchronous=FULL`, and `BEGIN IMMEDIATE` for every writer, because a read
transaction that turns into a write loses updates or fails at once. Readers use `reading()`, which never writes.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session

# Outlets read with a session that they are handed; its kind is named here, so that only storage knows SQL.
__all__ = ["Database", "Session"]

BUSY_MILLISECONDS = 10_000
ASKING_SECONDS = 0.001
_PASSED = "passed the turnstile"


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
    _Turnstile().stand_before(engine)
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


class _Turnstile:
    """Writers to SQLite take turns: within this process awake, and with other processes a thousand times a second.

    SQLite has no queue: whoever finds its lock taken sleeps for up to a tenth of a second and tries again. Of twenty
    threads some starve until their time is up, and the worker, a process of its own, gets no turn while they are at
    it. The turnstile only orders them: where a turn takes too long, SQLite is asked all the same, and says no.
    """

    def __init__(self) -> None:
        self._lock = Lock()

    def stand_before(self, engine: Engine) -> None:
        """Taken where a writer begins; free again when its connection goes back, after the commit."""
        event.listen(engine, "begin", self._begin)
        event.listen(engine, "checkin", self._leave)
        event.listen(engine, "invalidate", self._leave)

    def _begin(self, connection: Connection) -> None:
        if connection.get_execution_options().get("readonly"):
            connection.exec_driver_sql("BEGIN")
            return
        if not connection.info.get(_PASSED):
            connection.info[_PASSED] = self._pass()
        # Counted from here: whoever stood in line for long would have no time left to wait for another process.
        _wait_for_the_others(connection, monotonic() + BUSY_MILLISECONDS / 1000)

    def _pass(self) -> bool:
        """Behind another thread a door is held open for a moment: the turn after it may be another process's."""
        if self._lock.acquire(blocking=False):
            return True
        passed = self._lock.acquire(timeout=BUSY_MILLISECONDS / 1000)
        sleep(2 * ASKING_SECONDS)
        return passed

    def _leave(self, _connection: Any, record: Any, *_problem: Any) -> None:
        if record.info.pop(_PASSED, False):
            self._lock.release()


def _wait_for_the_others(connection: Connection, until: float) -> None:
    """BEGIN IMMEDIATE as soon as no other process writes. Raises OperationalError where that is not before `until`."""
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while monotonic() < until:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as problem:
                if problem.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                sleep(ASKING_SECONDS)
            else:
                return
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")


def _postgresql_engine(url: str) -> Engine:
    engine = create_engine(url, pool_size=12, max_overflow=8, pool_pre_ping=True, hide_parameters=True)
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET timezone = 'UTC'")
        cursor.execute(f"SET lock_timeout = {BUSY_MILLISECONDS}")
    connection.commit()  # ends the driver transaction of the settings, before any work
