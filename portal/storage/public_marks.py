"""The mark of what is public, read anew for every request, and as cheaply as each database allows.

SQLite: `PRAGMA data_version` of one connection says whether anybody committed anything since it was asked last (3 µs, from
the shared memory of its log); only then is the row read. PostgreSQL: one query for all requests that wait at that moment,
begun after the last of them came, so that none gets an answer older than itself. Rejected there: LISTEN and NOTIFY, which
are quicker and say nothing about what is still on its way.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import psycopg
from sqlalchemy import make_url

READ = "SELECT mark FROM public_generation WHERE id = 1"
_IMPATIENT: dict[str, Any] = {
    "connect_timeout": 5,
    "options": "-c statement_timeout=5000",
    "tcp_user_timeout": 5000,
}
"""Where the server hangs the mark counts as unreadable, and the application is asked."""
Told = Callable[[int | None], None]


class Mark(Protocol):
    """`tell` calls back with the mark as it is now, or with None where it cannot be read: then nothing kept is given."""

    def tell(self, told: Told) -> None: ...

    def close(self) -> None: ...


def mark_of(database_url: str) -> Mark:
    """Made and asked in the thread of the event loop."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return SqliteMark(url.database or "")
    return PostgresqlMark(url.set(drivername="postgresql").render_as_string(hide_password=False))


class NoMark:
    """For a portal that keeps nothing."""

    def tell(self, told: Told) -> None:
        told(None)

    def close(self) -> None:
        pass


class SqliteMark:
    """Asked at once, without waiting: readers of a write-ahead log wait for nobody."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._version: int | None = None
        self._mark: int | None = None

    def tell(self, told: Told) -> None:
        told(self.read())

    def read(self) -> int | None:
        """The mark now; None where the database does not answer, or is older than the mark."""
        try:
            return self._read()
        except sqlite3.Error:
            self.close()
            return None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = self._version = self._mark = None

    def _read(self) -> int | None:
        if self._connection is None:
            self._connection = sqlite3.connect(self._path, isolation_level=None, timeout=0)
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            row = self._connection.execute(READ).fetchone()
            self._mark, self._version = (row[0] if row else None), version
        return self._mark


class PostgresqlMark:
    """One connection in a thread of its own, and one query under way."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mark")
        self._connection: psycopg.Connection | None = None
        self._waiting: list[Told] = []
        self._asked = False

    def tell(self, told: Told) -> None:
        self._waiting.append(told)
        if not self._asked:
            self._ask()

    def close(self) -> None:
        self._thread.submit(self._let_go)
        self._thread.shutdown(wait=False)

    def _ask(self) -> None:
        """Whoever comes while this query runs waits for the next one."""
        self._asked, asking, self._waiting = True, self._waiting, []
        loop = asyncio.get_running_loop()
        self._thread.submit(lambda: loop.call_soon_threadsafe(self._answer, asking, self._read()))

    def _answer(self, asking: list[Told], mark: int | None) -> None:
        self._asked = False
        for told in asking:
            told(mark)
        if self._waiting and not self._asked:
            self._ask()

    def _read(self) -> int | None:
        try:
            if self._connection is None:
                self._connection = psycopg.connect(self._url, autocommit=True, **_IMPATIENT)
            row = self._connection.execute(READ, prepare=True).fetchone()
        except Exception:  # noqa: BLE001  # whatever it is: all of them wait for a word
            self._let_go()
            return None
        return row[0] if row else None

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
