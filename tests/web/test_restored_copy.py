"""A web server that starts on a restored copy shows nothing new, says so to the newsroom, and leaves the rest to the operator."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from portal import commands
from portal.actions.accounts.users import NewUser, create_user
from portal.app import create_app
from portal.commands import digest, outbox, publish, restore
from portal.commands.examining import records
from portal.rules.restore import Mark
from portal.storage import restore_mark
from portal.storage.database import Database
from portal.storage.tables import ClockLease
from portal.storage.unit_of_work import UnitOfWork, silent
from tests import builders
from tests.rigs.people import NOW, PASSWORD, StandingClock, cheap_hashes
from tests.rigs.visitor import Visitor

HEALTH = "/newsroom/health"


@pytest.fixture
def embargo(portal_settings: Any, sqlite_database: Database) -> str:
    """A copy from two hours ago: a release came due since. Its reference."""
    then = NOW - timedelta(hours=2)
    with UnitOfWork(sqlite_database) as work:
        due = builders.scheduled_release(work, live_from=NOW - timedelta(hours=1)).reference
        work.session.add(ClockLease(id=1, holder="", expires=0.0, ticked_at=then, epoch="a" * 32, ticks=5))
        work.commit()
    restore_mark.write(portal_settings.instance_path, Mark("a" * 32, 900, NOW))
    return due


@pytest.fixture
def site(
    embargo: str, portal_settings: Any, standing_clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    cheap_hashes(monkeypatch)
    made = create_app(portal_settings, clock=standing_clock, doorbell=silent)
    create_user(
        made.extensions["portal"], NewUser("ed@post.example", "Ed", "editor", password=PASSWORD), now=NOW
    )
    yield made
    made.extensions["portal"].database.dispose()


def test_what_is_due_waits_in_view_and_not_in_public(site: Flask, embargo: str) -> None:
    reader, editor = Visitor(site), Visitor(site)
    editor.log_in("ed@post.example", PASSWORD)

    assert reader.open(f"/releases/{embargo}").status_code == 404
    assert embargo not in reader.open("/feeds/all.atom").text
    page = editor.open(HEALTH).text
    assert "Everything is held" in page
    assert f'href="/newsroom/releases/{embargo}"' in page
    assert "portal restore confirm" in page
    assert "/lift-hold" not in page
    assert editor.open(f"/newsroom/releases/{embargo}").status_code == 200


def test_an_editor_cannot_lift_it(site: Flask) -> None:
    editor = Visitor(site)
    editor.log_in("ed@post.example", PASSWORD)
    token = editor.token("/account/security")

    answer = editor.client.post(f"{HEALTH}/lift-hold", data={"csrf_token": token, "message": "It is right."})

    assert answer.status_code == 409
    assert "Only the operator can end that" in answer.text
    test = editor.client.post("/newsroom/newsletter/test", data={"csrf_token": token})
    assert (test.status_code, "No mail leaves" in test.text) == (409, True)


def test_no_page_is_shown_before_the_database_was_looked_at(settings: Any, standing_clock: Any) -> None:
    app = create_app(settings, clock=standing_clock, doorbell=silent)  # its database is not made yet
    reader = app.test_client()

    assert [reader.get(address).status_code for address in ("/", "/healthz")] == [503, 200]
    app.extensions["portal"].database.dispose()


@pytest.fixture
def call(embargo: str, portal_settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    clock = tmp_path / "clock"
    clock.write_text(NOW.isoformat())
    sure = replace(portal_settings, test_clock=clock)
    for place in (commands, digest, outbox, publish, restore):
        monkeypatch.setattr(place, "machine_settings", lambda: sure)
    return lambda place, *words: CliRunner().invoke(place.command, [*words])


def test_the_commands_say_it_and_send_nothing(call: Any, portal_settings: Any) -> None:
    refused = [
        call(publish, "due"),
        call(outbox, "deliver"),
        call(digest, "build", "--date", "2026-03-24"),
        call(digest, "send", "--date", "2026-03-24"),
    ]
    status = call(outbox, "status", "--json")

    assert [answer.exit_code for answer in refused] == [1, 1, 1, 1]
    assert all("held as a restored copy" in answer.stderr for answer in (*refused, status))
    assert json.loads(status.stdout) == {"pending": 0, "oldest_seconds": 0, "failed": 0}
    assert "restore" in {finding.name for finding in records.database(portal_settings)}


def test_it_is_confirmed_by_command_with_both_choices(call: Any, embargo: str) -> None:
    assert call(restore, "confirm", "--mails", "skip").exit_code == 2
    assert json.loads(call(restore, "status", "--json").stdout)["due"] == [embargo]
    tried = call(restore, "confirm", "--mails", "skip", "--issues", "skip", "--dry-run")
    assert f"public at once: 1 ({embargo})." in tried.stdout
    assert json.loads(call(restore, "status", "--json").stdout)["held"] is True

    done = call(restore, "confirm", "--mails", "skip", "--issues", "skip", "--json")

    assert (done.exit_code, json.loads(done.stdout)["confirmed"]) == (0, True)
    assert json.loads(call(restore, "status", "--json").stdout) == {"held": False}
    assert call(publish, "due").exit_code == 0
    assert call(restore, "confirm", "--mails", "skip", "--issues", "skip").exit_code == 1
