"""`portal user`: the exit codes and the answers that programs read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal import commands
from portal.commands.user import command
from portal.settings import Settings, load_settings
from portal.storage.database import Database
from portal.storage.migrate import upgrade

PASSWORD = "purple kettle walks north"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    found = load_settings({"PORTAL_ENV": "development"}, tmp_path)
    found.instance_path.mkdir(parents=True, exist_ok=True)
    database = Database(found.database_url)
    upgrade(database)
    database.dispose()
    monkeypatch.setattr(commands, "machine_settings", lambda: found)
    monkeypatch.setattr("portal.commands.user.machine_settings", lambda: found)
    return found


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(command, list(words), input=typed)


def create(*more: str, typed: str = PASSWORD + "\n") -> Result:
    return run("create", "--email", "Ed@Post.example", "--name", "Ed", "--role", "editor", *more, typed=typed)


def test_an_editor_is_made_and_the_answer_is_one_object(machine: Settings) -> None:
    result = create("--password-stdin", "--json")

    assert result.exit_code == 0
    assert json.loads(result.output) == {
        "id": 1, "email": "ed@post.example", "role": "editor", "invited": False
    }  # fmt: skip


def test_an_invited_editor_needs_no_password(machine: Settings) -> None:
    assert "is mailed an invitation" in create("--invite", typed="").output


def test_the_answer_no_is_one(machine: Settings) -> None:
    assert create("--password-stdin", typed="short\n").exit_code == 1
    assert create("--password-stdin").exit_code == 0
    assert create("--password-stdin").exit_code == 1
    assert run("block", "--email", "nobody@post.example").exit_code == 1


def test_wrong_use_is_two(machine: Settings) -> None:
    assert create().exit_code == 2
    assert create("--invite", "--password-stdin").exit_code == 2
    assert (
        run("create", "--email", "a@b.example", "--name", "A", "--role", "member", "--invite").exit_code == 2
    )
    assert (
        run("create", "--email", "a@b.example", "--name", "A", "--role", "chief", "--invite").exit_code == 2
    )


def test_somebody_is_blocked_and_let_in_again(machine: Settings) -> None:
    create("--password-stdin")

    assert json.loads(run("block", "--email", "ed@post.example", "--json").output)["blocked"] is True
    assert json.loads(run("unblock", "--email", "ed@post.example", "--json").output)["blocked"] is False
