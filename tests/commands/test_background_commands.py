"""What an operator asks the background half: how much waits, ring again, send now, does mail leave."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from redis import Redis

from portal.actions.mailing import notifying
from portal.actions.newsletter import building
from portal.actions.portal import Portal
from portal.commands import mail, outbox, queue
from portal.settings import Settings
from portal.storage.tables import Delivery
from tests import builders
from tests.builders import NOON
from tests.rigs.mail_sink import add_readers
from tests.rigs.mailroom import happen, newsroom


@pytest.fixture
def settings(settings: Settings, sqlite_database: Any) -> Settings:
    return replace(settings, database_url=sqlite_database.url)


@pytest.fixture
def portal(sqlite_database: Any, settings: Settings) -> Portal:
    return Portal(sqlite_database, settings)


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Calls a command of one of the three groups, as if on a machine with the test's settings."""

    def call(module: Any, *words: str, **changed: str) -> Result:
        monkeypatch.setattr(module, "machine_settings", lambda: replace(settings, **changed))
        return CliRunner().invoke(module.command, list(words))

    return call


def test_the_queue_is_counted(portal: Portal, run: Any) -> None:
    newsroom(portal, state="submitted")
    newsroom(portal, state="in_review")

    found = json.loads(run(queue, "status", "--json").stdout)

    assert list(found) == ["waiting", "oldest_seconds", "unexamined", "claimed"]
    assert (found["waiting"], found["unexamined"]) == (2, 2)
    assert found["oldest_seconds"] > 0


def test_an_empty_queue_has_waited_no_time(run: Any) -> None:
    empty = {"waiting": 0, "oldest_seconds": 0, "unexamined": 0, "claimed": 0}

    assert json.loads(run(queue, "status", "--json").stdout) == empty


def test_requeue_rings_for_everything_that_waits(portal: Portal, run: Any, valkey_url: str) -> None:
    room = newsroom(portal)
    happen(portal, room, "submitted")
    notifying.relay(portal, happen(portal, room, "submitted"), now=NOON)

    result = run(queue, "requeue", "--json", redis_url=valkey_url)

    with Redis.from_url(valkey_url) as redis:
        rung = [redis.llen(f"rq:queue:{name}") for name in ("moderation", "mail")]
    assert json.loads(result.stdout) == {"rung": 3}
    assert rung == [1, 2]


def test_requeue_without_redis_says_that_nothing_is_lost(run: Any) -> None:
    result = run(queue, "requeue", redis_url="redis://127.0.0.1:1")

    assert result.exit_code == 1
    assert "Nothing is lost" in result.stderr


def test_the_outbox_counts_facts_mails_and_failures(portal: Portal, run: Any) -> None:
    room = newsroom(portal)
    happen(portal, room, "submitted")
    made = notifying.relay(portal, happen(portal, room, "examined"), now=NOON)
    with portal.work() as work:
        failed = work.session.get_one(Delivery, made[0])
        failed.state, failed.last_error = "failed", "550 no such person"
        add_readers(work, 3, NOON)
        builders.published_release(work, at=NOON - timedelta(hours=1))
        work.commit()
    building.close_due(portal, now=NOON)

    found = json.loads(run(outbox, "status", "--json").stdout)
    text = run(outbox, "status").stdout

    assert list(found) == ["pending", "oldest_seconds", "failed"]
    assert (found["pending"], found["failed"]) == (2, 1)
    assert "550 no such person" in text
    assert "daily e-mail of 2026-03-24: 3 letters waiting, 0 uncertain" in text


def test_deliver_sends_at_once_and_tries_failures_again_when_asked(
    portal: Portal, run: Any, settings: Settings
) -> None:
    room = newsroom(portal)
    happen(portal, room, "submitted")

    first = json.loads(run(outbox, "deliver", "--json").stdout)
    with portal.work() as work:
        work.session.query(Delivery).update({"state": "failed", "sent_at": None})
        work.commit()
    again = json.loads(run(outbox, "deliver", "--json", "--failed").stdout)

    assert first == {"relayed": 1, "sent": 1, "dropped": 0, "failed": 0}
    assert again == {"relayed": 0, "sent": 1, "dropped": 0, "failed": 0}
    assert settings.mail_folder is not None
    assert len(list(settings.mail_folder.glob("*.eml"))) == 2


def test_a_test_mail_says_what_the_mail_server_answered(run: Any, settings: Settings) -> None:
    taken = run(mail, "test", "--to", "operator@post.example")
    refused = run(mail, "test", "--to", "operator@post.example", "--json", mail_url="smtp://127.0.0.1:1")
    unreadable = run(mail, "test", "--to", "operator")

    assert (taken.exit_code, refused.exit_code, unreadable.exit_code) == (0, 1, 2)
    assert json.loads(refused.stdout)["outcome"] == "later"
    assert settings.mail_folder is not None
    assert len(list(settings.mail_folder.glob("*.eml"))) == 1


def test_a_test_mail_without_an_address_goes_to_the_desk_on_duty_or_to_the_sender(run: Any) -> None:
    on_duty = run(mail, "test", "--json", duty_email="duty@post.example")
    nobody_on_duty = run(mail, "test", "--json", duty_email="", mail_from="Post <press@post.example>")

    assert json.loads(on_duty.stdout)["to"] == "duty@post.example"
    assert json.loads(nobody_on_duty.stdout)["to"] == "press@post.example"
