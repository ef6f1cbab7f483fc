"""`portal reader`: one JSON object, and exit codes that programs read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.actions.portal import Portal
from portal.commands.reader import command
from portal.settings import Settings, load_settings
from portal.storage.database import Database
from portal.storage.migrate import upgrade
from tests.rigs.readers import READER, Readers


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    found = load_settings({"PORTAL_ENV": "development"}, tmp_path)
    found.instance_path.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr("portal.commands.reader.machine_settings", lambda: found)
    return found


@pytest.fixture
def readers(machine: Settings) -> Readers:
    database = Database(machine.database_url)
    upgrade(database)
    return Readers(Portal(database, machine))


def run(*words: str) -> Result:
    return CliRunner().invoke(command, list(words))


def test_an_export_is_one_json_object(readers: Readers) -> None:
    readers.confirmed(kinds=["sports"])

    result = run("export", "--email", READER)

    assert result.exit_code == 0
    found = json.loads(result.output)
    assert (found["email"], found["reader"]["kinds"]) == (READER, ["sports"])
    assert json.loads(run("export", "--email", READER, "--json").output) == found


def test_erasing_is_done_once_and_then_the_answer_is_no(readers: Readers) -> None:
    readers.confirmed()

    first = run("erase", "--email", READER, "--json")

    assert (first.exit_code, json.loads(first.output)) == (0, {"email": READER, "erased": True})
    assert run("erase", "--email", READER).exit_code == 1
    assert run("export", "--email", READER).exit_code == 1


def test_what_is_no_address_is_wrong_use(readers: Readers) -> None:
    assert run("erase", "--email", "nobody").exit_code == 2
    assert run("export").exit_code == 2
