"""A hundred of each race, on both databases at once, each in a process of its own: two cores, two engines."""

from __future__ import annotations

import logging
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

from portal.settings import Settings, load_settings
from portal.storage.database import Database
from portal.storage.migrate import upgrade
from tests.races.racing import Track, problem
from tests.races.situations import SITUATIONS, Situation
from tests.rigs.desk import open_desk
from tests.rigs.half_states import double_states, half_states
from tests.rigs.postgres import running_postgres
from tests.rigs.sqlite import copied, migrated_file

NOW = datetime(2026, 3, 24, 3, 20, tzinfo=UTC)
SAY_EVERY = 30.0
ENGINES = ("SQLite", "PostgreSQL")
NewDatabase = Callable[[], str]


def run_races(runs: int) -> int:
    """Prints how far it is, and a line for each database; answers with how many races went wrong."""
    with multiprocessing.get_context("spawn").Pool(len(ENGINES)) as processes:
        return sum(processes.imap_unordered(partial(_run_on, runs), ENGINES))


def _run_on(runs: int, engine: str) -> int:
    logging.disable(logging.WARNING)
    progress = _Progress(engine, runs)
    problems: list[str] = []
    with tempfile.TemporaryDirectory(prefix="portal-races-") as folder:
        settings = load_settings({"PORTAL_ENV": "development"}, Path(folder))
        with _databases(engine, Path(folder)) as fresh:
            for situation in SITUATIONS:
                problems += _raced(situation, fresh(), settings, runs, progress)
    progress.end(problems)
    return len(problems)


def _raced(situation: Situation, url: str, settings: Settings, runs: int, progress: _Progress) -> list[str]:
    """Sentences about what went wrong, in a database of this situation's own: the clock meets nothing else there."""
    with _opened(url) as database:
        desk = open_desk(database, settings, NOW)
        track, problems = Track(desk, situation, runs), []
        for pair in situation.pairs():
            allowed = cache(partial(track.possible, pair))
            for _ in range(runs):
                problems.append(problem(pair, track.race(pair), allowed))
                progress.count(problems[-1])
        found = [*problems, *half_states(desk.portal), *double_states(desk.portal)]
        return [f"{situation.name}: {sentence}" for sentence in found if sentence]


class _Progress:
    """Says now and then how far it is and how long the rest will take."""

    def __init__(self, engine: str, runs: int) -> None:
        self._engine, self._runs = engine, runs
        self._pairs = sum(len(list(situation.pairs())) for situation in SITUATIONS)
        self._done, self._wrong, self._began = 0, 0, time.monotonic()
        self._next = self._began + SAY_EVERY

    def count(self, wrong: str) -> None:
        self._done, self._wrong = self._done + 1, self._wrong + bool(wrong)
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + SAY_EVERY
        passed, of_all = time.monotonic() - self._began, self._pairs * self._runs
        left = passed * (of_all - self._done) / self._done
        print(
            f"  races on {self._engine}: {self._done} of {of_all}, {self._wrong} wrong, about {left / 60:.0f} min more",
            flush=True,
        )

    def end(self, problems: list[str]) -> None:
        passed = time.monotonic() - self._began
        print(
            f"races on {self._engine}: {self._pairs} pairs x {self._runs} runs, {len(problems)} wrong, {passed:.0f} s"
        )
        for sentence in problems[:20]:
            print("  ", sentence)
        print(end="", flush=True)


@contextmanager
def _databases(engine: str, folder: Path) -> Iterator[NewDatabase]:
    """Makes one migrated database after another; the URL of each."""
    if engine == "SQLite":
        template = migrated_file(folder / "template.sqlite3")
        numbers = iter(range(len(SITUATIONS)))
        yield lambda: copied(template, folder / f"races-{next(numbers)}.sqlite3")
        return
    with running_postgres() as server:
        name = server.new_database()
        with _opened(server.url(name)) as database:
            upgrade(database)
        yield lambda: server.url(server.new_database(name))


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.dispose()
