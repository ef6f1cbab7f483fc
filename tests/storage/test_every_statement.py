"""No statement of any address, job or part of a tick costs more on 20,000 releases than on 2,000."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.app import create_app
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.queries import bounded, mailing, queue, senders, waiting
from portal.storage.unit_of_work import silent
from tests.rigs.every_statement import drive, fill_for_all, keeping, settings_for
from tests.rigs.people import NOW, StandingClock, cheap_hashes
from tests.rigs.query_plans import postgresql_rows
from tests.rigs.sqlite import copied
from workers import clock

FEW, MANY = 2_000, 20_000
TIMES, FROM = 2.0, 4_000
"""Of SQLite's steps: what takes fewer than these is no growth that anybody would feel."""
MORE_ROWS = 1_500
"""Of PostgreSQL's rows: a part of the sitemap looks at a thousand."""
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


@pytest.fixture(params=["sqlite", "postgresql"])
def two_sizes(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[int, Database]]:
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        yield {size: Database(copied(template, tmp_path / f"{size}.sqlite3")) for size in (FEW, MANY)}
        return
    server, template = (request.getfixturevalue(f"postgres_{name}") for name in ("server", "template"))
    names = {size: server.new_database(template) for size in (FEW, MANY)}
    databases = {size: Database(server.url(name)) for size, name in names.items()}
    yield databases
    for size, name in names.items():
        databases[size].dispose()
        server.drop_database(name)


def costs(database: Database, settings: Settings, how_many: int) -> dict[tuple[str, str], int]:
    """By page or job and statement: SQLite's steps, or the rows that PostgreSQL looks at for a SELECT."""
    fill_for_all(database, how_many, NOW)
    hands = StandingClock()
    app = create_app(settings_for(settings, database), clock=hands, doorbell=silent)
    watched = app.extensions["portal"].database
    with keeping(watched) as kept:
        answers = drive(app, hands, kept)
    assert {address: status for address, status in answers.items() if status >= 500} == {}
    assert sum(status == 200 for status in answers.values()) > 60
    if database.is_sqlite:
        return {key: cost.steps for key, cost in kept.costs.items()}
    with database.engine.connect() as connection:
        return {
            key: postgresql_rows(connection, cost.sent, GROWS)
            for key, cost in kept.costs.items()
            if cost.sent.statement.startswith("SELECT")
        }


def is_excused(where: str, statement: str) -> bool:
    return any(re.search(place, where) and part in statement for place, part in MAY_GROW)


def test_no_statement_costs_more_for_more_rows(
    two_sizes: dict[int, Database], settings: Settings, quick: None
) -> None:
    few, many = (costs(database, settings, size) for size, database in two_sizes.items())
    least = FROM if two_sizes[MANY].is_sqlite else MORE_ROWS
    grown = [
        f"{where}: {few.get((where, statement), 0)} → {cost} ← {statement[-400:]}"
        for (where, statement), cost in many.items()
        if cost > max(least, TIMES * few.get((where, statement), 0)) and not is_excused(where, statement)
    ]

    assert len(many) > 250
    assert grown == []
