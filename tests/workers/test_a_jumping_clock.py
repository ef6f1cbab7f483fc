"""The real clock and the real web under a test clock that is watched: time jumps, and nothing new shows by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.actions.accounts.users import NewUser, create_user
from portal.actions.portal import Portal
from portal.settings import Settings, load_settings
from portal.storage.database import Database
from portal.storage.tables import ClockHold, ClockLease, Outbox, Release
from tests import builders
from tests.builders import NOON
from tests.rigs.people import PASSWORD
from tests.rigs.plain_browser import PlainBrowser
from tests.rigs.running_portal import free_port, write_time
from tests.workers.test_processes import ROOT, running, until

pytestmark = pytest.mark.processes
EDITOR = "an.phan@post.example"
HEALTH = "/newsroom/health"


class Jumping:
    """A clock and a web process over one database, and the file that tells them the time."""

    def __init__(self, settings: Settings, portal: Portal, processes: tuple[Any, Any]) -> None:
        self.settings, self.portal = settings, portal
        self.clock, self.web = processes
        self.reader, self.editor = (PlainBrowser(settings.base_url) for _ in range(2))

    def jump(self, hours: float) -> None:
        write_time(self.settings, NOON + timedelta(hours=hours))

    def is_public(self, reference: str) -> bool:
        """Anything but the answer of an address that never existed."""
        return self.reader.raw(f"/releases/{reference}/")[0] != 404

    def wait_for(self, column: Any, *conditions: Any) -> bool:
        """Until the clock wrote something there."""
        return until(self.clock, lambda: self.read(column, *conditions) is not None)

    def read(self, column: Any, *conditions: Any) -> Any:
        with self.portal.database.reading() as session:
            return session.scalar(select(column).where(*conditions))


@pytest.fixture
def jumping(sqlite_database: Any, tmp_path: Path) -> Iterator[Jumping]:
    surroundings = {
        "PORTAL_ENV": "development",
        "PORTAL_INSTANCE_PATH": str(tmp_path),
        "PORTAL_DATABASE_URL": sqlite_database.url,
        "PORTAL_REDIS_URL": "redis://127.0.0.1:1",
        "PORTAL_BIND": f"127.0.0.1:{free_port()}",
        "PORTAL_TEST_CLOCK": str(tmp_path / "clock"),
        "PORTAL_TEST_CLOCK_JUMPS": "1",
    }
    settings = load_settings(surroundings, ROOT)
    write_time(settings, NOON)
    portal = Portal(Database(settings.database_url), settings)
    with ExitStack() as started:
        clock, web = (started.enter_context(running(name, surroundings)) for name in ("clock", "web"))
        yield Jumping(settings, portal, (clock, web))
    portal.database.dispose()


def scheduled(portal: Portal, *hours: float) -> list[str]:
    with portal.work() as work:
        rows = [builders.scheduled_release(work, live_from=NOON + timedelta(hours=each)) for each in hours]
        work.commit()
        return [row.reference for row in rows]


def test_a_jump_forward_shows_nothing_until_it_is_lifted_and_one_back_hides_nothing(jumping: Jumping) -> None:
    soon, later = scheduled(jumping.portal, 0.5, 3)
    create_user(jumping.portal, NewUser(EDITOR, "An Phan", "editor", "", PASSWORD), now=NOON)
    assert jumping.wait_for(ClockLease.ticked_at)
    assert until(jumping.web, lambda: answers(jumping))
    jumping.editor.open("/account/login")
    jumping.editor.fill("/login", {"email": EDITOR, "password": PASSWORD})
    assert not jumping.is_public(soon)

    jumping.jump(1.01)
    assert not jumping.is_public(soon)  # the web process holds by itself, before the clock has ticked
    assert jumping.read(ClockHold.why)
    assert jumping.wait_for(ClockLease.ticked_at, ClockLease.ticked_at > NOON)
    assert not jumping.is_public(soon)
    assert jumping.read(Outbox.fact) == "clock_held"
    page = jumping.editor.open(HEALTH)
    assert "Publishing is held" in page.text
    assert "The clock jumped forward by 60 minutes" in page.text

    jumping.editor.fill("/lift-hold", {"message": "My phone says the same."})
    assert jumping.is_public(soon)
    assert jumping.wait_for(Release.went_live_at, Release.reference == soon)

    jumping.jump(-2)
    assert jumping.wait_for(ClockHold.why)
    assert "The clock jumped back by 3 hours" in jumping.editor.open(HEALTH).text
    assert (jumping.is_public(soon), jumping.is_public(later)) == (True, False)


def answers(jumping: Jumping) -> bool:
    try:
        return not jumping.is_public("none")
    except OSError:
        return False
