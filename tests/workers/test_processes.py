"""The two background programs as an operator starts them: they do their work and end when told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.actions.portal import Portal
from portal.settings import Settings, load_settings
from portal.storage.database import Database
from portal.storage.tables import Edition, Outbox
from portal.storage.unit_of_work import Ring
from tests.rigs.mailroom import happen, newsroom
from tests.rigs.patience import PATIENCE
from workers.queues import Doorbell, connection

pytestmark = pytest.mark.processes
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def surroundings(sqlite_database: Any, tmp_path: Path, valkey_url: str) -> dict[str, str]:
    return {
        "PORTAL_ENV": "development",
        "PORTAL_INSTANCE_PATH": str(tmp_path),
        "PORTAL_DATABASE_URL": sqlite_database.url,
        "PORTAL_REDIS_URL": valkey_url,
    }


@contextmanager
def running(program: str, surroundings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, **surroundings}
    process = subprocess.Popen(
        [sys.executable, "-m", "portal", program], cwd=ROOT, env=environment, stderr=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(process: subprocess.Popen[bytes], is_so: Callable[[], bool]) -> bool:
    """Waits for what the process should do; a process that ended does nothing more."""
    patient_until = time.monotonic() + PATIENCE
    while time.monotonic() < patient_until and not is_so():
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        return is_so()
    return is_so()


def portal_of(surroundings: dict[str, str]) -> tuple[Portal, Settings]:
    settings = load_settings(surroundings, ROOT)
    bell = Doorbell(connection(settings, seconds=PATIENCE))
    return Portal(Database(settings.database_url), settings, bell), settings


def mails(settings: Settings) -> int:
    folder = settings.mail_folder
    assert folder is not None
    return len(list(folder.glob("*.eml"))) if folder.is_dir() else 0


def test_the_worker_examines_relays_and_mails_what_is_rung_for(surroundings: dict[str, str]) -> None:
    portal, settings = portal_of(surroundings)
    room = newsroom(portal)
    with running("worker", surroundings) as worker:
        happen(portal, room, "submitted")
        portal.doorbell(Ring("moderation", "examine", room.edition))

        sent = until(worker, lambda: mails(settings) == 3)
        worker.send_signal(signal.SIGTERM)
        ended = worker.wait(PATIENCE)

    assert (sent, ended) == (True, 0)


def test_the_clock_alone_does_it_too_without_redis(surroundings: dict[str, str]) -> None:
    surroundings |= {"PORTAL_REDIS_URL": "redis://127.0.0.1:1"}
    portal, settings = portal_of(surroundings)
    room = newsroom(portal)
    happen(portal, room, "submitted")
    with running("clock", surroundings) as clock:
        sent = until(clock, lambda: mails(settings) == 3)
        clock.send_signal(signal.SIGTERM)
        ended = clock.wait(PATIENCE)

    with portal.database.reading() as session:
        unrelayed = session.scalar(select(func.count()).where(Outbox.relayed_at.is_(None)))
        unexamined = session.scalar(select(func.count()).where(Edition.examined_at.is_(None)))
    assert (sent, ended, unrelayed, unexamined) == (True, 0, 0, 0)


def test_the_worker_waits_for_redis_and_says_so(surroundings: dict[str, str]) -> None:
    with running("worker", surroundings | {"PORTAL_REDIS_URL": "redis://127.0.0.1:1"}) as worker:
        assert worker.stderr is not None
        line = worker.stderr.readline().decode()
        worker.send_signal(signal.SIGTERM)
        ended = worker.wait(PATIENCE)

    assert "the worker waits for Redis" in line
    assert ended == 0
