"""No statement of any address, job or part of a tick costs more on 20,000 releases than on 2,000."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from portal.app import create_app
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.queries import bounded, mailing, queue, senders, waiting
from portal.storage.unit_of_work import silent
from tests.rigs.every_statement import Cost, Kept, drive, fill_for_all, keeping, settings_for
from tests.rigs.people import NOW, StandingClock, cheap_hashes
from tests.rigs.query_plans import postgresql_steps
from tests.rigs.sqlite import copied
from workers import clock

FEW, MANY = 2_000, 20_000
TIMES, FROM = 2.0, 4_000
"""Of SQLite's steps: what takes fewer than these is no growth that anybody would feel."""
MOST_ROWS = 250
"""Of PostgreSQL's rows; a house has 500."""
GROWS = (
    "releases", "editions", "revisions", "search_entries", "event_dates", "similarity_bands", "timeline", "chain_heads",
    "outbox", "deliveries", "messages", "notes", "examinations", "decisions", "idempotency_keys", "account_events",
    "digest_deliveries", "digest_items",
)  # fmt: skip

# By a page or job (a pattern) and words of the statement: why it may read more for more.
MAY_GROW: dict[tuple[str, str], str] = {
    (
        "/newsroom/newsletter$",
        "FROM digest_deliveries WHERE digest_deliveries.issue_id IN",
    ): "of the newest issues",
    (
        "/newsroom/numbers$",
        "FROM digest_issues LEFT OUTER JOIN digest_deliveries",
    ): "of the newest thirty issues",
    ("/newsroom/numbers$", "decisions.decided_at >= "): "of the last thirty days",
    ("/newsroom/numbers$", "releases.live_from >= "): "of the last thirty days",
    ("^tick: sitemap$", "(releases.live_from, releases.id) >"): "a part of a thousand, once in half a minute",
}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts end at ten, so that both sizes are beyond their end; the clock leaves nothing to workers."""
    cheap_hashes(monkeypatch)
    for module in (bounded, mailing, queue, waiting):
        monkeypatch.setattr(module, "MOST", 10)
    monkeypatch.setattr(senders, "MOST_COUNTED", 10)
    for name in ("RELAY_AFTER", "DELIVER_AFTER", "EXAMINE_AFTER"):
        monkeypatch.setattr(clock, name, 0.0)


def driven(database: Database, settings: Settings, how_many: int) -> Kept:
    fill_for_all(database, how_many, NOW)
    hands = StandingClock()
    app = create_app(settings_for(settings, database), clock=hands, doorbell=silent)
    watched = app.extensions["portal"].database
    with keeping(watched) as kept:
        answers = drive(app, hands, kept)
    assert {address: status for address, status in answers.items() if status >= 500} == {}
    assert sum(status == 200 for status in answers.values()) > 60
    return kept


def is_excused(where: str, statement: str) -> bool:
    return any(re.search(place, where) and part in statement for place, part in MAY_GROW)


def told(where: str, statement: str, more: str) -> str:
    return f"{where}: {more} ← {statement[-400:]}"


def test_no_statement_takes_more_steps_for_more_rows(
    sqlite_template: Path, tmp_path: Path, settings: Settings, quick: None
) -> None:
    kept = {
        size: driven(Database(copied(sqlite_template, tmp_path / f"{size}.sqlite3")), settings, size)
        for size in (FEW, MANY)
    }
    grown = [
        told(where, statement, f"{_steps(kept[FEW], where, statement)} → {cost.steps} steps")
        for (where, statement), cost in kept[MANY].costs.items()
        if cost.steps > max(FROM, TIMES * _steps(kept[FEW], where, statement))
        and not is_excused(where, statement)
    ]

    assert len(kept[MANY].costs) > 300
    print(chr(10).join("G " + x for x in grown))
    assert grown == []


def _steps(kept: Kept, where: str, statement: str) -> int:
    found: Cost | None = kept.costs.get((where, statement))
    return found.steps if found else 0


def test_no_statement_reads_a_big_table_whole_on_postgresql(
    postgres_server: Any, postgres_template: str, settings: Settings, quick: None
) -> None:
    name = postgres_server.new_database(postgres_template)
    database = Database(postgres_server.url(name))
    kept = driven(database, settings, MANY)
    with database.engine.connect() as connection:
        reads = [
            told(where, statement, step)
            for (where, statement), cost in kept.costs.items()
            if statement.lstrip()[:6] in ("SELECT", "UPDATE", "DELETE") and not is_excused(where, statement)
            for step in postgresql_steps(connection, cost.sent, GROWS, most_rows=MOST_ROWS)
        ]
    database.dispose()

    print(chr(10).join("P " + x for x in reads))
    assert reads == []
