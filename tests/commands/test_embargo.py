"""`portal embargo audit`: nothing that is not public yet shows to a stranger; a leak is found and named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from portal.app import create_app
from portal.commands import embargo
from portal.settings import Settings
from portal.storage.queries import public_releases
from portal.storage.unit_of_work import UnitOfWork, silent
from tests import builders


@pytest.fixture
def app(sqlite_database: Any, settings: Settings) -> Flask:
    made = create_app(replace(settings, database_url=sqlite_database.url), doorbell=silent)
    with UnitOfWork(sqlite_database) as work:
        soon = datetime.now(UTC) + timedelta(days=3)
        builders.published_release(work, headline="A mill that everybody may read about")
        builders.scheduled_release(
            work, live_from=soon, headline="A merger that nobody may know of", country="BT"
        )
        builders.submitted_release(work, headline="A draft & a <secret> of “somebody”", kind="event")
        builders.draft_release(work, headline="A mill that everybody may read about")
        work.commit()
    return made


def run(app: Flask, *words: str) -> Result:
    return CliRunner().invoke(embargo.command, words, obj=ScriptInfo(create_app=lambda: app))


def test_nothing_leaks(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    answer = run(app, "audit", "--json")

    assert (answer.exit_code, json.loads(answer.stdout)) == (0, {"checked": 3, "leaks": []})
    assert run(app, "audit").stdout.endswith("None of them shows.\n")
    assert [record for record in caplog.records if record.name == "portal.web"] == []


def forget_statements(module: ModuleType) -> None:
    """Statements are made once in a process; after this they are made again."""
    for each in vars(module).values():
        getattr(each, "cache_clear", lambda: None)()


@contextmanager
def made_anew(module: ModuleType) -> Iterator[None]:
    """No other test gets a statement that was made in here."""
    try:
        yield
    finally:
        forget_statements(module)


def test_an_outlet_that_forgets_the_query_is_found(app: Flask) -> None:
    def everything(_now: datetime) -> Any:
        return public_releases.Release.publication == "live"

    with made_anew(public_releases), pytest.MonkeyPatch.context() as broken:
        # The audit itself asks by the true condition first: only what answers strangers is broken.
        from portal.commands.examining import embargoes

        secrets = embargoes._secrets
        broken.setattr(
            embargoes,
            "_secrets",
            lambda session, app: (
                secrets(session, app),
                forget_statements(public_releases),
                broken.setattr(public_releases, "visible", everything),
            )[0],
        )
        answer = run(app, "audit", "--json")

    found = json.loads(answer.stdout)
    assert answer.exit_code == 1
    assert {leak["reference"] for leak in found["leaks"]} == {found["leaks"][0]["reference"]}
    assert {"/", "/releases/", "/feeds/all.json"} <= {leak["address"] for leak in found["leaks"]}
