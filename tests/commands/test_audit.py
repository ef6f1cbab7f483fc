"""`portal audit`: yes, no, and a whole record."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from portal.actions.portal import Portal
from portal.commands import audit
from portal.settings import Settings
from portal.storage import timeline
from portal.storage.tables import TimelineEntry
from tests import builders


@pytest.fixture
def reference(database: Any, database_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> str:
    """A release with two facts, on the machine that the command looks at."""
    monkeypatch.setattr(audit, "machine_settings", lambda: database_settings)
    with Portal(database, database_settings).work() as work:
        row = builders.release(work)
        for _ in range(2):
            timeline.append(work, row, fact="message_sent", now=builders.NOON)
        work.commit()
    return row.reference


def run(*words: str) -> Result:
    return CliRunner().invoke(audit.command, words)


def test_whole_records_are_a_yes(reference: str) -> None:
    answer = run("verify", "--json")

    assert (answer.exit_code, json.loads(answer.stdout)) == (0, {"rows": 2, "ok": True, "broken": []})
    assert run("verify").stdout == "2 rows read, every chain holds.\n"


def test_a_touched_record_is_a_no_that_names_the_release(reference: str, database: Any) -> None:
    with database.engine.begin() as connection:
        connection.execute(update(TimelineEntry).where(TimelineEntry.id == 1).values(actor_name="Nobody"))

    answer = run("verify", "--json")

    assert (answer.exit_code, json.loads(answer.stdout)) == (
        1,
        {"rows": 2, "ok": False, "broken": [reference]},
    )
    assert reference in run("verify").stdout


def test_an_export_is_one_json_object(reference: str) -> None:
    answer = run("export", reference.lower(), "--json")

    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["reference"] == reference
    assert json.loads(run("export", reference).stdout) == json.loads(answer.stdout)


def test_an_unknown_reference_is_a_no_with_a_sentence(reference: str) -> None:
    answer = run("export", "SEAP-2026-ZZZZZ")

    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr == "There is no release SEAP-2026-ZZZZZ.\n"


def test_wrong_use_is_two(reference: str) -> None:
    assert run("export").exit_code == run("verify", "--much").exit_code == 2
