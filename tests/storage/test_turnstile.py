"""Writers to SQLite take turns: threads wait for each other awake, processes ask often, and nobody keeps the door shut."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from portal.storage import database as storage
from portal.storage.database import ASKING_SECONDS, Database


class TellingLock:
    """A lock that says when somebody has to wait at it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.somebody_waits = threading.Event()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if not blocking:
            return self._lock.acquire(blocking=False)
        self.somebody_waits.set()
        return self._lock.acquire(timeout=timeout)

    def release(self) -> None:
        self._lock.release()


@pytest.fixture
def locks(monkeypatch: pytest.MonkeyPatch) -> list[TellingLock]:
    made: list[TellingLock] = []

    def make() -> Any:
        made.append(TellingLock())
        return made[-1]

    monkeypatch.setattr(storage, "Lock", make)
    return made


@pytest.fixture
def sleeps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr(storage, "sleep", slept.append)
    return slept


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'turns.sqlite3'}"


@pytest.fixture
def here(url: str, locks: list[TellingLock]) -> Iterator[Database]:
    made = Database(url)
    with made.engine.begin() as connection:
        connection.execute(text("CREATE TABLE turns (who TEXT)"))
    yield made
    made.dispose()


def write(database: Database, who: str) -> None:
    with database.writing() as session:
        session.execute(text("INSERT INTO turns VALUES (:who)"), {"who": who})
        session.commit()


def written(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(text("SELECT who FROM turns ORDER BY rowid")))


def test_a_thread_waits_for_another_without_asking_sqlite(
    here: Database, locks: list[TellingLock], sleeps: list[float]
) -> None:
    with ThreadPoolExecutor(1) as other, here.writing() as session:
        session.execute(text("INSERT INTO turns VALUES ('first')"))
        second = other.submit(write, here, "second")
        assert locks[0].somebody_waits.wait(60)
        session.commit()
        second.result(60)

    assert written(here) == ["first", "second"]
    assert sleeps == [2 * ASKING_SECONDS]  # the door is held open for other processes, once


def test_another_process_is_asked_a_thousand_times_a_second(
    here: Database, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Database(url)  # with a turnstile of its own, as another process has
    holding = other.writing()
    holding.execute(text("INSERT INTO turns VALUES ('theirs')"))
    asked: list[float] = []

    def sleep(seconds: float) -> None:
        asked.append(seconds)
        if len(asked) == 3:
            holding.commit()

    monkeypatch.setattr(storage, "sleep", sleep)
    write(here, "ours")

    assert (written(here), asked) == (["theirs", "ours"], [ASKING_SECONDS] * 3)
    holding.close()
    other.dispose()


def test_who_was_refused_or_broke_off_leaves_the_door_open(
    here: Database, url: str, monkeypatch: pytest.MonkeyPatch, sleeps: list[float]
) -> None:
    monkeypatch.setattr(storage, "BUSY_MILLISECONDS", 0)
    other = Database(url)
    with other.writing() as holding:
        holding.execute(text("INSERT INTO turns VALUES ('undone')"))
        with pytest.raises(OperationalError, match="locked"):
            write(here, "refused")
    other.dispose()
    monkeypatch.setattr(storage, "BUSY_MILLISECONDS", 60_000)

    with here.writing() as session:
        session.execute(text("INSERT INTO turns VALUES ('broken off')"))
        session.connection().invalidate()
    with here.writing() as session:
        session.execute(text("INSERT INTO turns VALUES ('undone')"))
    write(here, "ours")

    assert written(here) == ["ours"]
    assert sleeps == []


def test_readers_pass_while_somebody_writes(here: Database) -> None:
    with here.writing() as session:
        session.execute(text("INSERT INTO turns VALUES ('not yet')"))
        assert written(here) == []


def test_whoever_stood_long_in_line_still_has_time_for_another_process(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds, slept = [0.0], []
    other = sqlite3.connect(tmp_path / "turns.sqlite3", isolation_level=None)

    class LongLine(TellingLock):
        def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
            if not blocking:
                return False
            seconds[0] += 9.9
            return super().acquire(timeout=timeout)

    def sleep(length: float) -> None:
        slept.append(length)
        seconds[0] += 0.5
        if len(slept) == 5:
            other.execute("COMMIT")

    monkeypatch.setattr(storage, "Lock", LongLine)
    monkeypatch.setattr(storage, "monotonic", lambda: seconds[0])
    monkeypatch.setattr(storage, "sleep", sleep)
    database = Database(url)
    assert database.answers()  # connected, so that the file has its log
    other.execute("BEGIN IMMEDIATE")

    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE rows (id INTEGER)"))

    # The first of them holds the door open for the others.
    assert len(slept) == 5
    database.dispose()
    other.close()
