"""Writers to SQLite take turns: threads wait for each other awake, processes ask often, and nobody keeps the door shut."""

from __future__ import annotations

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
