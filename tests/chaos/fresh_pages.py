"""Kept pages against changes from another process: what changed shows on the very next request of every process.

Two processes of the portal serve one database and are asked all the time, so that what they keep is hot and is often just
being made. This process changes rows by plain statements, as `psql` would, and asks each of them once after each commit.
"""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from portal.settings import Settings, load_settings
from portal.storage.database import Database
from portal.storage.migrate import upgrade
from portal.storage.unit_of_work import UnitOfWork
from tests import builders
from tests.builders import NOON
from tests.rigs.postgres import running_postgres
from tests.rigs.running_portal import free_port, write_time
from tests.rigs.sqlite import copied, migrated_file

PROCESSES, READERS = 2, 2
START_SECONDS = 30.0
HEADLINE = "Farmers open a mill"


@dataclass(frozen=True)
class Change:
    """Two statements (or instants of the clock), each undoing the other, and what a page shows after the first.

    `shows`: words that stand on the page after the first and not after the second, or the other way where `hides`.
    """

    there: str
    back: str
    shows: str
    hides: bool = False
    is_time: bool = False


CHANGES = {
    "kill": Change(
        "UPDATE releases SET publication = 'killed', removed_at = live_from WHERE reference = '{news}'",
        "UPDATE releases SET publication = 'live', removed_at = NULL WHERE reference = '{news}'",
        HEADLINE,
        hides=True,
    ),
    "correction": Change(
        "UPDATE revisions SET headline = 'Corrected since' WHERE headline = '" + HEADLINE + "'",
        "UPDATE revisions SET headline = '" + HEADLINE + "' WHERE headline = 'Corrected since'",
        "Corrected since",
    ),
    "undo": Change(
        "UPDATE releases SET publication = 'hidden', updated_at = live_from WHERE reference = '{news}'",
        "UPDATE releases SET publication = 'live' WHERE reference = '{news}'",
        HEADLINE,
        hides=True,
    ),
    "expiry": Change(
        "UPDATE releases SET expires_at = live_from WHERE reference = '{news}'",
        "UPDATE releases SET expires_at = NULL WHERE reference = '{news}'",
        HEADLINE,
        hides=True,
    ),
    "rename": Change(
        "UPDATE organisations SET name = 'Renamed Growers'",
        "UPDATE organisations SET name = 'Lotus Basin Rice Growers'",
        "Renamed Growers",
    ),
    "hold": Change(
        "INSERT INTO clock_hold (id, kind, since, why) VALUES (1, 'clock', '2026-03-24 03:20:00', 'a jump')",
        "DELETE FROM clock_hold",
        "Due and not recorded",
        hides=True,
    ),
    "due": Change("0", "-1", "Embargoed words", is_time=True),
}


@dataclass
class Verdict:
    """How often a page was older than the commit before it, or shown before its minute."""

    stale: int = 0
    rounds: int = 0
    first: list[str] = field(default_factory=list)


def run_fresh_pages(rounds: int, engines: list[str]) -> bool:
    """Prints a line for each database and change; whether everything was 0."""
    good = True
    for engine in engines:
        with ExitStack() as stack:
            site = stack.enter_context(_site(engine))
            stack.enter_context(_hot(site))
            for name, change in CHANGES.items():
                verdict = _rounds(site, change, rounds)
                good &= not verdict.stale
                words = (
                    f"fresh pages, {engine}, {name}: {verdict.rounds} rounds, {verdict.stale} stale or early"
                )
                print(words, *verdict.first[:3], sep="\n  ", flush=True)
    return good


@dataclass
class _Site:
    settings: Settings
    database: Database
    ports: list[int]
    names: dict[str, str]

    def ask(self, port: int, path: str) -> str:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            link.request("GET", path)
            answer = link.getresponse()
            return f"{answer.status} {answer.read().decode()}"
        finally:
            link.close()

    def take(self, change: Change, *, there: bool) -> None:
        asked = change.there if there else change.back
        if change.is_time:
            write_time(self.settings, NOON + timedelta(hours=1, seconds=int(asked)))
            return
        with self.database.engine.begin() as connection:
            connection.execute(text(asked.format(**self.names)))


def _rounds(site: _Site, change: Change, rounds: int) -> Verdict:
    verdict = Verdict()
    site.take(change, there=False)
    for number in range(rounds):
        for there in (True, False):
            site.take(change, there=there)
            for port in site.ports:
                for path in ("/", "/feeds/all.json"):
                    is_shown = change.shows in site.ask(port, path)
                    if is_shown != (there != change.hides):
                        verdict.stale += 1
                        verdict.first.append(f"round {number}, {path}, there={there}, shown={is_shown}")
        verdict.rounds += 1
    return verdict


@contextmanager
def _site(engine: str) -> Iterator[_Site]:
    with tempfile.TemporaryDirectory(prefix="portal-fresh-") as folder, ExitStack() as stack:
        url = stack.enter_context(_database(engine, Path(folder)))
        ports = [free_port() for _ in range(PROCESSES)]
        environ = {
            "PORTAL_ENV": "development",
            "PORTAL_INSTANCE_PATH": folder,
            "PORTAL_DATABASE_URL": url,
            "PORTAL_BIND": f"127.0.0.1:{ports[0]}",
            "PORTAL_BASE_URL": "http://127.0.0.1",
            "PORTAL_TEST_CLOCK": str(Path(folder) / "clock"),
            "PORTAL_DRAIN_SECONDS": "0",
        }
        settings = load_settings(environ, Path(folder))
        write_time(settings, NOON + timedelta(hours=1, seconds=-1))
        database = Database(url)
        names = furnished(database)
        for port in ports:
            stack.enter_context(_process(environ | {"PORTAL_BIND": f"127.0.0.1:{port}"}))
        site = _Site(settings, database, ports, names)
        for port in ports:
            wait_for(lambda port=port: site.ask(port, "/healthz").startswith("200"))
        yield site
        database.dispose()


def furnished(database: Database) -> dict[str, str]:
    """A public release, one that is due and not recorded, and one under embargo. What statements name."""
    with UnitOfWork(database) as work:
        before = NOON - timedelta(hours=1)
        news = builders.published_release(work, headline=HEADLINE, at=before)
        builders.due_release(work, headline="Due and not recorded", at=before)
        builders.scheduled_release(work, headline="Embargoed words", live_from=NOON + timedelta(hours=1))
        work.commit()
        return {"news": news.reference, "slug": news.slug or "", "headline": HEADLINE}


@contextmanager
def _database(engine: str, folder: Path) -> Iterator[str]:
    if engine == "sqlite":
        yield copied(migrated_file(folder / "template.sqlite3"), folder / "portal.sqlite3")
        return
    with running_postgres() as server:
        url = server.url(server.new_database())
        database = Database(url)
        upgrade(database)
        database.dispose()
        yield url


@contextmanager
def _process(environ: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "portal", "web"]
    quiet = subprocess.DEVNULL
    running = subprocess.Popen(command, env=os.environ | environ, stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        running.terminate()
        running.wait(30)


@contextmanager
def _hot(site: _Site) -> Iterator[None]:
    """Readers who ask for the same pages again and again."""
    over = threading.Event()

    def read(port: int) -> None:
        while not over.is_set():
            for path in ("/", "/feeds/all.json", "/releases/"):
                try:
                    site.ask(port, path)
                except OSError:
                    time.sleep(0.01)

    readers = [threading.Thread(target=read, args=(port,)) for port in site.ports for _ in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        yield
    finally:
        over.set()
        for reader in readers:
            reader.join()


def wait_for(holds: Callable[[], bool]) -> None:
    """Raises TimeoutError where it does not come to hold."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            if holds():
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the portal did not answer")
