"""Which tables the public pages ask: every one of them is opened, and its statements are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import event, select

from portal.app import create_app
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.tables import Base, DigestIssue, Release
from portal.storage.unit_of_work import UnitOfWork, silent
from tests import builders
from tests.builders import NOON
from tests.rigs.people import StandingClock

_NAMED = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)", re.IGNORECASE)


def tables_of_public_pages(database: Database, settings: Settings) -> set[str]:
    """Names of tables, of every page that may be kept."""
    furnish(database)
    app = create_app(replace(settings, database_url=database.url), clock=StandingClock(NOON), doorbell=silent)
    client = app.test_client()
    client.get("/")  # what is looked at once, before the first page, is no part of a page
    known = {*Base.metadata.tables, "search_index"}
    with _statements(app) as said:
        for address in kept_addresses(app):
            assert client.get(address).status_code in (200, 301, 410), address
    app.extensions["portal"].database.dispose()
    return {name for statement in said for name in _NAMED.findall(statement) if name in known}


def kept_addresses(app: Flask) -> list[str]:
    """One address or more for each page that may be kept."""
    with app.extensions["portal"].database.reading() as session:
        rows = session.scalars(select(Release).where(Release.publication != "hidden")).unique().all()
        houses = {row.organisation.slug for row in rows if row.publication == "live"}
        references = {row.kind: row.reference for row in rows if row.publication == "live"}
        killed = [row.reference for row in rows if row.publication == "killed"]
        slugs = {row.reference: row.slug for row in rows}
    event_at = references["event"]
    house, place = min(houses), next(row.country_slug for row in rows if row.country_slug)
    feeds = [
        f"{which}.{form}"
        for which in ("all", "event", f"place-{place}", f"org-{house}")
        for form in ("rss", "atom", "json")
    ]
    return [
        "/",
        "/releases/",
        *(f"/releases/?{asked}" for asked in ("kind=event", f"place={place}", f"org={house}", "q=mill", "q=mell+gallop")),
        "/search?q=mill",
        f"/releases/{event_at}/{slugs[event_at]}",
        f"/releases/{event_at}",
        *(f"/releases/{reference}" for reference in killed),
        f"/releases/{event_at}/event.ics",
        f"/organisations/{house}",
        *(f"/feeds/{name}" for name in feeds),
        "/feeds/events.ics",
        f"/feeds/events.ics?place={place}",
        "/sitemap.xml",
        "/news-sitemap.xml",
        "/help/reasons",
        "/help/reasons/STALE",
        "/favicon.ico",
        "/apple-touch-icon.png",
        "/manifest.webmanifest",
        "/newsletter/issues/",
        "/newsletter/issues/2026-03-24",
    ]  # fmt: skip


def furnish(database: Database) -> None:
    """Public releases of two kinds, a killed one, and a letter that went out."""
    with UnitOfWork(database) as work:
        before = NOON - timedelta(hours=2)
        shown = builders.published_release(work, headline="Farmers open a mill", at=before)
        builders.published_release(work, kind="event", house=shown.organisation, at=before)
        gone = builders.published_release(work, headline="Not so", at=before)
        gone.publication, gone.removed_at, gone.removal_text = "killed", NOON, "It was not so."
        work.session.add(
            DigestIssue(
                date="2026-03-24", due_at=NOON, covers_from=before, covers_until=NOON, closed_at=NOON, queued_at=NOON,
                contents=[], afterwards=[], chosen_order=[],
            )
        )  # fmt: skip
        work.commit()


@contextmanager
def _statements(app: Flask) -> Iterator[list[str]]:
    said: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    engine = app.extensions["portal"].database.engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", listen)
