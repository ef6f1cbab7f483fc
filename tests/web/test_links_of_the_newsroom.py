"""Every link that a page of the newsroom shows leads somewhere, for whoever is shown it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime
from html.parser import HTMLParser

import pytest
from flask import Flask

from portal.actions.newsletter import building, editing
from portal.actions.portal import Portal
from portal.app import create_app
from portal.rules.permissions import Person
from portal.storage.queries import people
from portal.storage.unit_of_work import silent
from tests.rigs.furnished import Furnished, furnish
from tests.rigs.furnished_daily import TOMORROW, furnish_daily
from tests.rigs.people import StandingClock, cheap_hashes
from tests.rigs.visitor import Visitor

BEGINNINGS = ("/newsroom", "/newsroom/newsletter", "/newsroom/numbers", "/newsroom/health")
INSIDE = ("/newsroom", "/account/")
MOST = 400
"""Pages, so that a link that makes new links for ever is found as such."""


@dataclass
class Site:
    """As much of a running portal as furnishing it needs."""

    portal: Portal
    now: datetime


@pytest.fixture
def desk(sqlite_database, settings, now, monkeypatch) -> tuple[Flask, Furnished]:
    """The demo, with an issue that was sent, one that is kept back, and one that nobody had anything in."""
    cheap_hashes(monkeypatch)
    app = create_app(
        replace(settings, database_url=sqlite_database.url), clock=StandingClock(now), doorbell=silent
    )
    site = Site(app.extensions["portal"], now)
    found = furnish(site)  # type: ignore[arg-type]  # no server: the pages are asked for in this process
    furnish_daily(found)
    with site.portal.database.reading() as session:
        user = people.by_email(session, found.logins["senior"].email)
        assert user is not None
        senior = people.person(session, user)
    _keep_tomorrow_back(site, senior)
    return app, found


def _keep_tomorrow_back(site: Site, senior: Person) -> None:
    editing.keep_back(site.portal, senior, TOMORROW, version=0, now=site.now)
    building.close_issue(site.portal, TOMORROW, now=site.now)


@pytest.mark.parametrize("role", ["editor", "senior", "admin"])
def test_every_link_of_the_newsroom_leads_somewhere(desk: tuple[Flask, Furnished], role: str) -> None:
    app, found = desk
    visitor = Visitor(app)
    login = found.logins[role]
    visitor.log_in(login.email, login.password)
    asked: dict[str, int] = {}
    waiting = deque((page, "") for page in BEGINNINGS)
    broken = []

    while waiting:
        address, shown_on = waiting.popleft()
        if address in asked:
            continue
        answer = visitor.open(address)
        asked[address] = answer.status_code
        assert len(asked) < MOST
        if answer.status_code >= 400:
            broken.append((answer.status_code, address, shown_on))
        elif address.startswith(INSIDE) and answer.mimetype == "text/html":
            waiting.extend((link, address) for link in links_of(answer.text))

    assert broken == []
    assert len(asked) > 40
    assert any(address.startswith("/newsletter/issues/2") for address in asked)


class _Links(HTMLParser):
    """Where the links of a page lead, and what its frames show."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = {"a": "href", "iframe": "src"}.get(tag)
        self.found += [value.partition("#")[0] for name, value in attrs if name == wanted and value]


def links_of(page: str) -> list[str]:
    """Addresses of this site."""
    links = _Links()
    links.feed(page)
    return [each for each in links.found if each.startswith("/") and not each.startswith("//")]
