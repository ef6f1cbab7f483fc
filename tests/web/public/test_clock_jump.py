"""What a wrong clock calls due is shown to nobody: not in the first page after the jump either."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal.actions.operating import clock_holding
from portal.actions.portal import Portal
from portal.app import create_app
from portal.rules.permissions import Person
from portal.storage.tables import ClockHold
from portal.storage.unit_of_work import silent
from portal.web import clock_watch
from tests import builders
from tests.rigs.people import StandingClock

EDITOR = Person(1, "An Phan", "an@post.example", role="editor")


class Times:
    """A clock on the wall and one that nobody can set."""

    def __init__(self, now) -> None:
        self.wall, self.steady = StandingClock(now), 1000.0

    def run(self, *, seconds: float, jump: float = 0.0) -> None:
        self.steady += seconds
        self.wall.move(seconds=seconds + jump)


@pytest.fixture
def times(now) -> Times:
    return Times(now)


@pytest.fixture
def app(portal_settings, times: Times) -> Iterator[Flask]:
    made = create_app(portal_settings, clock=times.wall, doorbell=silent)
    clock_watch.install(made, steady=lambda: times.steady)
    yield made
    made.extensions["portal"].database.dispose()


@pytest.fixture
def portal(app: Flask) -> Portal:
    return app.extensions["portal"]


@pytest.fixture
def reference(portal: Portal, now) -> str:
    """A release whose minute comes in an hour."""
    with portal.work() as work:
        row = builders.scheduled_release(work, live_from=now + timedelta(hours=1))
        work.session.flush()
        name = row.reference
        work.commit()
    return name


def shows(app: Flask, reference: str) -> bool:
    reader = app.test_client()
    pages = [reader.get(path).text for path in ("/", "/releases/", "/feeds/all.rss")]
    return any(reference in page for page in pages)


def holds(portal: Portal) -> list[str]:
    with portal.database.reading() as session:
        return list(session.scalars(select(ClockHold.why)))


@pytest.mark.parametrize("jump", [3 * 3600, 400 * 86400])
def test_the_first_page_after_a_jump_shows_nothing_that_is_not_recorded(app, portal, times, reference, jump):
    assert not shows(app, reference)
    times.run(seconds=1, jump=jump)

    assert not shows(app, reference)
    assert len(holds(portal)) == 1
    assert "jumped forward by" in holds(portal)[0]


@pytest.mark.parametrize(
    "path", ["/", "/releases/{}", "/feeds/all.json", "/search?q=ferry", "/events.ics", "/sitemap.xml"]
)
def test_whatever_is_opened_first_holds(app, portal, times, reference, path):
    app.test_client().get("/")
    times.run(seconds=1, jump=3 * 3600)

    answer = app.test_client().get(path.format(reference))

    assert reference not in answer.text or answer.status_code == 404
    assert holds(portal)


@pytest.mark.parametrize(
    ("seconds", "jump"),
    [(4000, 0), (4000, 119), (4000, -119), (90000, 0)],
    ids=["runs", "ahead", "behind", "slept"],
)
def test_time_that_runs_or_is_corrected_a_little_holds_nothing(app, portal, times, reference, seconds, jump):
    app.test_client().get("/")
    times.run(seconds=seconds, jump=jump)

    assert shows(app, reference)
    assert holds(portal) == []


def test_a_jump_back_holds_too(app, portal, times, reference):
    app.test_client().get("/")
    times.run(seconds=1, jump=-7200)
    app.test_client().get("/")

    assert "jumped back by 2 hours" in holds(portal)[0]


def test_after_an_editor_has_looked_the_same_jump_holds_no_second_time(app, portal, times, reference):
    app.test_client().get("/")
    times.run(seconds=1, jump=3 * 3600)
    app.test_client().get("/")
    clock_holding.lift(portal, EDITOR, message="The machine was wrong before.", now=times.wall.now())

    assert shows(app, reference)
    assert holds(portal) == []


def test_where_the_hold_cannot_be_written_no_page_is_shown(app, portal, times, reference, monkeypatch):
    app.test_client().get("/")
    times.run(seconds=1, jump=3 * 3600)
    with monkeypatch.context() as patch:
        patch.setattr(clock_holding, "hold", _is_locked)
        assert app.test_client().get("/releases/").status_code == 503

    assert not shows(app, reference)
    assert len(holds(portal)) == 1


def _is_locked(*_given, **_named):
    raise OperationalError("INSERT", {}, Exception("database is locked"))


def test_the_portal_watches_the_clock_of_the_machine(portal_settings):
    made = create_app(portal_settings, doorbell=silent)

    assert clock_watch.KEY in made.extensions
    made.extensions["portal"].database.dispose()
