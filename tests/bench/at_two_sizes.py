"""P5: what the database takes for a page at 100,000 releases, of what it takes at 1,000."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import event

from portal.actions.accounts.users import NewUser, create_user
from portal.actions.releases import mapping
from portal.app import create_app
from portal.front.keeping import MARK
from portal.settings import load_settings
from portal.storage.database import Database
from portal.storage.migrate import upgrade
from portal.storage.queries import public_releases
from portal.storage.queries.public_releases import Filter
from portal.storage.unit_of_work import UnitOfWork, silent
from tests import builders
from tests.bench.filling import fill_up
from tests.bench.ratios import Ratio
from tests.rigs.people import StandingClock
from tests.rigs.query_plans import gather_statistics
from tests.rigs.visitor import Visitor

SMALL, LARGE = 1_000, 100_000
TRIES = 15
PASSWORD = "purple kettle walks north"
PUBLIC = (
    "/",
    "/releases/",
    "/releases/?kind=event",
    "/releases/?place=laos",
    "/organisations/house-7",
    "/feeds/all.rss",
    "/feeds/org-house-7.rss",
    "/feeds/events.ics",
    "/sitemap.xml",
    "/search?q=story",
)
OF_EDITORS = ("/newsroom", "/newsroom/newsletter", "/newsroom/numbers", "/newsroom/health")
FROM_MS = 0.3
"""Below this nothing is compared: a fifth of a tenth of a millisecond is the noise of the machine."""


def run(opened: Callable[[], Any], root: Path, now: datetime, *, large: int = LARGE) -> list[Ratio]:
    """One row: each figure is one page. `opened` gives a fresh database."""
    costs = []
    for size in (SMALL, large):
        with opened() as url:
            costs.append(_costs(url, root, now, size))
    small, big = costs
    grown = {address: big[address] / max(small[address], FROM_MS) for address in small}
    worst = sorted(grown, key=lambda address: -grown[address])[:5]
    note = "; ".join(f"{address} {small[address]:.2f} -> {big[address]:.2f} ms" for address in worst)
    usual, steepest = median(grown.values()), max(grown.values())
    what = f"of {len(grown)} pages, database time at {large:,} / at {SMALL:,}"
    return [
        Ratio("P5", f"{what}: the middle", [usual], 1.3, at_least=False),
        Ratio("P5", "the same: the steepest", [steepest], 1.3, at_least=False, note=note),
    ]


def _costs(url: str, root: Path, now: datetime, size: int) -> dict[str, float]:
    """Milliseconds in the database, the best of so many tries, by address."""
    database = Database(url)
    upgrade(database)
    settings = replace(load_settings({"PORTAL_ENV": "development"}, root), database_url=url)
    app = create_app(settings, clock=StandingClock(now), doorbell=silent)
    wanted = NewUser("editor@post.example", "Editor", "editor", password=PASSWORD)
    create_user(app.extensions["portal"], wanted, now=now)
    with UnitOfWork(database) as work:
        fill_up(work, size, now, builders.user(work, role="editor").id)
        work.commit()
    mapping.keep_parts(app.extensions["portal"], now=now, most=size)
    gather_statistics(database)
    with database.reading() as session:
        shown = public_releases.page(session, now, Filter(), size=1)[0]
    one = f"/releases/{shown.reference}/{shown.slug}"
    reader, editor = Visitor(app), Visitor(app)
    editor.log_in("editor@post.example", PASSWORD)
    found = {address: _best(app, lambda address=address: _asked(reader, address)) for address in PUBLIC}
    found["a release"] = _best(app, lambda: _asked(reader, one))
    found |= {address: _best(app, lambda address=address: _asked(editor, address)) for address in OF_EDITORS}
    app.extensions["portal"].database.dispose()
    database.dispose()
    return found


def _asked(visitor: Visitor, address: str) -> None:
    answer = visitor.client.get(address, environ_overrides={MARK: 1})
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}")


def _best(app: Flask, ask: Callable[[], None]) -> float:
    taken = []
    for _ in range(TRIES):
        with _timed(app) as spent:
            ask()
        taken.append(sum(spent) * 1000)
    return min(taken)


@contextmanager
def _timed(app: Flask) -> Iterator[list[float]]:
    engine, spent, began = app.extensions["portal"].database.engine, [], []

    def before(*_given: Any) -> None:
        began.append(time.perf_counter())

    def after(*_given: Any) -> None:
        spent.append(time.perf_counter() - began.pop())

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield spent
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)
