"""`portal digest`: an issue is built once, sent once, and said as one JSON object."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portal import commands
from portal.commands import digest
from portal.storage.database import Database
from portal.storage.unit_of_work import UnitOfWork
from tests import builders
from tests.rigs.mail_sink import add_readers, address

NOW = datetime(2026, 3, 24, 3, 20, tzinfo=UTC)


@pytest.fixture
def call(sqlite_database: Database, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    clock = tmp_path / "clock"
    clock.write_text(NOW.isoformat())
    sure = replace(settings, database_url=sqlite_database.url, test_clock=clock)
    monkeypatch.setattr(commands, "machine_settings", lambda: sure)
    monkeypatch.setattr(digest, "machine_settings", lambda: sure)
    with UnitOfWork(sqlite_database) as work:
        builders.published_release(work, headline="Farmers open a mill", at=NOW - timedelta(hours=1))
        add_readers(work, 3, NOW)
        work.commit()

    def run(*words: str) -> Result:
        return CliRunner().invoke(digest.command, [*words])

    return run


def test_an_issue_is_built_and_sent_once(call: Any) -> None:
    assert call("send", "--date", "2026-03-25", "--json").exit_code == 1

    built = call("build", "--date", "2026-03-25", "--json")
    again = call("build", "--date", "2026-03-25", "--json")
    one = call("send", "--date", "2026-03-25", "--to", address(2), "--json")
    sent = call("send", "--date", "2026-03-25", "--json")

    assert json.loads(built.output) == {"date": "2026-03-25", "closed": True, "items": 1, "late": False}
    assert json.loads(again.output)["closed"] is False
    assert json.loads(one.output) == {
        "date": "2026-03-25",
        "readers": 1,
        "sent": 1,
        "failed": 0,
        "uncertain": 0,
    }
    assert json.loads(sent.output)["sent"] == 3
    assert call("send", "--date", "2026-03-25", "--json").exit_code == 0


def test_what_cannot_be_is_said(call: Any) -> None:
    assert call("build", "--date", "2026-04-24").exit_code == 1
    assert call("build", "--date", "tomorrow").exit_code == 2
    nowhere = call("send", "--date", "2026-03-25", "--to", "reader")
    assert (nowhere.exit_code, "not a mail address" in nowhere.output) == (2, True)
    assert call("send", "--date", "2026-03-30").exit_code == 1
