"""A hundred of each race, on both databases."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

from portal.settings import load_settings
from portal.storage.database import Database
from portal.storage.migrate import upgrade
from tests.races.racing import possible, problem, race
from tests.races.situations import SITUATIONS
from tests.rigs.desk import Desk, open_desk
from tests.rigs.half_states import double_states, half_states
from tests.rigs.postgres import running_postgres

NOW = datetime(2026, 3, 24, 3, 20, tzinfo=UTC)


def run_races(runs: int) -> int:
    """Prints a line for each database; answers with how many races went wrong."""
    wrong = 0
    for name, desk in _desks():
        began = time.monotonic()
        pairs, problems = _race_all(desk, runs)
        problems += half_states(desk.portal) + double_states(desk.portal)
        print(
            f"races on {name}: {pairs} pairs x {runs} runs, {len(problems)} wrong, {time.monotonic() - began:.0f} s"
        )
        for sentence in problems[:20]:
            print("  ", sentence)
        wrong += len(problems)
    return wrong


def _race_all(desk: Desk, runs: int) -> tuple[int, list[str]]:
    pairs, problems = 0, []
    for situation in SITUATIONS:
        for pair in situation.pairs():
            allowed = cache(partial(possible, desk, situation, pair))
            found = [problem(pair, race(desk, situation, pair), allowed) for _ in range(runs)]
            problems += [f"{situation.name}: {sentence}" for sentence in found if sentence]
            pairs += 1
    return pairs, problems


def _desks() -> Iterator[tuple[str, Desk]]:
    with tempfile.TemporaryDirectory(prefix="portal-races-") as folder:
        settings = load_settings({"PORTAL_ENV": "development"}, Path(folder))
        with _opened(f"sqlite:///{folder}/races.sqlite3") as database:
            yield "SQLite", open_desk(database, settings, NOW)
        with running_postgres() as server, _opened(server.url(server.new_database())) as database:
            yield "PostgreSQL", open_desk(database, settings, NOW)


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    upgrade(database)
    try:
        yield database
    finally:
        database.dispose()
