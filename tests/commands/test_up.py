"""`portal up` on a folder where nobody ran `portal init`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from portal.commands import NOT_READY, init, up
from portal.settings import Settings, load_settings
from portal.storage.database import Database
from portal.storage.migrate import downgrade, is_newest
from tests.commands.test_commands import SAFE

STARTED = 7


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`portal up` with these settings, its processes replaced by an exit code of their own."""

    class Supervisor:
        def __init__(self, *_parts: object) -> None:
            pass

        def run(self) -> int:
            return STARTED

    def start(**environ: str) -> tuple[int, str, Settings]:
        settings = load_settings({"PORTAL_INSTANCE_PATH": str(tmp_path / "instance"), **environ}, tmp_path)
        monkeypatch.setattr(up, "starting_settings", lambda: settings)
        monkeypatch.setattr(init, "machine_settings", lambda: settings)
        monkeypatch.setattr(up, "Supervisor", Supervisor)
        result = CliRunner().invoke(up.command)
        return result.exit_code, result.output, settings

    return start


def is_made(settings: Settings) -> bool:
    database = Database(settings.database_url)
    try:
        return is_newest(database)
    finally:
        database.dispose()


def test_in_production_a_sentence_says_that_it_was_never_made(started: Any) -> None:
    code, said, settings = started(**SAFE)

    assert (code, said) == (1, f"{NOT_READY}\n")
    assert not is_made(settings)


def test_in_development_it_is_made(started: Any) -> None:
    code, said, settings = started(PORTAL_ENV="development")

    assert (code, said) == (STARTED, "The database is up to date.\n")
    assert is_made(settings)


def test_one_of_an_earlier_version_is_not_served_either(started: Any) -> None:
    _, _, settings = started(PORTAL_ENV="development")
    database = Database(settings.database_url)
    downgrade(database, "0019")
    database.dispose()

    assert started(**SAFE, PORTAL_DATABASE_URL=settings.database_url)[:2] == (1, f"{NOT_READY}\n")


def test_one_that_is_ready_or_does_not_answer_is_started_at_once(started: Any) -> None:
    _, _, settings = started(PORTAL_ENV="development")

    assert started(**SAFE, PORTAL_DATABASE_URL=settings.database_url)[:2] == (STARTED, "")
    away = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    assert started(**SAFE, PORTAL_DATABASE_URL=away)[:2] == (STARTED, "")
