"""A whole portal on SQLite whose clock stands still, with people in it and browsers to look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from portal.actions.accounts.users import NewUser, create_user
from portal.app import create_app
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.unit_of_work import silent
from tests.rigs.people import NOW, PASSWORD, People, StandingClock, cheap_hashes
from tests.rigs.visitor import Visitor


@pytest.fixture
def standing_clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def portal_settings(settings: Settings, sqlite_database: Database) -> Settings:
    return replace(settings, database_url=sqlite_database.url)


@pytest.fixture
def portal_app(
    portal_settings: Settings, standing_clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    cheap_hashes(monkeypatch)
    made = create_app(portal_settings, clock=standing_clock, doorbell=silent)
    yield made
    made.extensions["portal"].database.dispose()


@pytest.fixture
def people(portal_app: Flask) -> People:
    portal = portal_app.extensions["portal"]
    return People(portal.database, portal.settings)


@pytest.fixture
def browser(portal_app: Flask) -> Callable[[], Visitor]:
    """A new browser at every call."""
    return lambda: Visitor(portal_app)


@pytest.fixture
def stranger(browser: Callable[[], Visitor]) -> Visitor:
    return browser()


@pytest.fixture
def member(people: People, browser: Callable[[], Visitor]) -> Visitor:
    """Dewi of Selat Biru Ferries, logged in."""
    people.member()
    visitor = browser()
    visitor.log_in("dewi@selat.example", PASSWORD)
    return visitor


@pytest.fixture
def editor(people: People, browser: Callable[[], Visitor]) -> Visitor:
    """An editor, logged in."""
    create_user(people.portal, NewUser("ed@post.example", "Ed", "editor", password=PASSWORD), now=NOW)
    visitor = browser()
    visitor.log_in("ed@post.example", PASSWORD)
    return visitor
