"""Ten thousand releases due in the same minute: how long the sweep takes, beside one statement that sets them all.

The limit is what the database can do when nobody needs a record or a chain: one UPDATE and one INSERT … SELECT of the
mails to be, in one transaction.
The goal is that all are recorded within a minute on a small machine; each is visible on the dot without the sweep.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, literal, select, update

from portal.actions.operating import auditing
from portal.actions.portal import Portal
from portal.actions.publishing import going_live
from portal.settings import Settings, load_settings
from portal.storage.database import Database
from portal.storage.migrate import upgrade
from portal.storage.queries import public_releases
from portal.storage.tables import Outbox, Release
from portal.storage.unit_of_work import UnitOfWork
from tests.rigs.many_releases import WAITING_EVERY, fill

DUE = 10_000
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Measured:
    """Seconds; `recorded` and `visible` are counts, and `whole` says that every chain held afterwards."""

    due: int
    visible: int
    recorded: int
    mails: int
    sweep: float
    limit: float
    whole: bool


def run(url: str, root: Path, at: datetime, how_many: int = DUE) -> Measured:
    """Fill a fresh database with so many public releases, and measure."""
    database = Database(url)
    upgrade(database)
    with UnitOfWork(database) as work:
        fill(work, how_many * WAITING_EVERY // (WAITING_EVERY - 1), at)
        work.commit()
    settings = replace(load_settings({"PORTAL_ENV": "development"}, root), database_url=url)
    try:
        return measure(database, settings, at)
    finally:
        database.dispose()


def measure(database: Database, settings: Settings, at: datetime) -> Measured:
    """Make every public release due at `at`, sweep, and do the same by one statement. Spoils the database."""
    portal = Portal(database, settings)
    due = make_all_due(database, at)
    auditing.take_over(portal, now=at)  # rows that no action wrote have nobody to vouch for them
    unfit = set(auditing.verify(portal).broken)  # their histories are shorter than a real one
    with database.reading() as session:
        shown = select(func.count()).select_from(Release).where(public_releases.visible(at))
        before = session.scalar(select(func.count()).select_from(Outbox)) or 0
        visible = session.scalar(shown) or 0
    sweep, recorded = _timed(lambda: going_live.record_due(portal, now=at + MINUTE))
    with database.reading() as session:
        mails = (session.scalar(select(func.count()).select_from(Outbox)) or 0) - before
    whole = set(auditing.verify(portal).broken) <= unfit
    limit = min(_timed(lambda: _one_statement(database, at))[0] for _ in range(3))
    return Measured(due, visible, recorded, mails, sweep, limit, whole)


def make_all_due(database: Database, at: datetime) -> int:
    """As if the clock had been dead since before `at`."""
    with database.engine.begin() as connection:
        statement = update(Release).where(Release.publication == "live")
        return connection.execute(statement.values(live_from=at, went_live_at=None)).rowcount


def _one_statement(database: Database, at: datetime) -> None:
    with database.engine.begin() as connection:
        live = Release.publication == "live"
        connection.execute(
            update(Release).where(live).values(went_live_at=at + MINUTE, updated_at=Release.live_from)
        )
        rows = select(
            literal("went_live"), Release.id, literal(at, Release.created_at.type), Release.live_from
        )
        names = ["fact", "release_id", "created_at", "not_before"]
        connection.execute(insert(Outbox).from_select(names, rows.where(live)))


def _timed(take: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    found = take()
    return time.perf_counter() - begun, found


def told(found: Measured) -> str:
    """One paragraph for the end of the bench."""
    return (
        f"{found.due:,} releases due in one minute: {found.visible:,} visible on the dot; the sweep recorded"
        f" {found.recorded:,} with {found.mails:,} mails in {found.sweep:.2f} s (goal: 60 s); one UPDATE and one"
        f" INSERT … SELECT {found.limit * 1000:.1f} ms, {found.sweep / found.limit:.0f} times; chains"
        f" {'hold' if found.whole else 'BROKEN'}"
    )
