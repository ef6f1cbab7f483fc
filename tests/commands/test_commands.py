"""The command-line program: help everywhere, three exit codes, JSON where a program reads."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from portal.commands import portal
from portal.settings import setting_names
from tests.rigs.patience import PATIENCE

PROJECT = Path(__file__).parents[2]
SAFE = {
    "PORTAL_SECRET_KEY": "kP3-vR8sTq1_Zx7mWb5nYc2dLf9gHj4aQe6u",
    "PORTAL_BASE_URL": "https://press.example.org",
    "PORTAL_MAIL_URL": "smtp://127.0.0.1:9",
    "PORTAL_MAIL_FROM": "press@example.org",
}


def run(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The program as an operator calls it."""
    return subprocess.run(
        [sys.executable, "-m", "portal", *words],
        env={**without_settings(os.environ), **environ},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def without_settings(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if not name.startswith("PORTAL_")}


def development(root: Path, **more: str) -> dict[str, str]:
    return {"PORTAL_ENV": "development", "PORTAL_INSTANCE_PATH": str(root / "instance"), **more}


def every_command() -> list[str]:
    import click

    return portal.list_commands(click.Context(portal))


@pytest.mark.parametrize("name", every_command())
def test_every_command_explains_itself(name: str) -> None:
    """In this process, so that the whole list costs no start of Python for each."""
    from click.testing import CliRunner

    result = CliRunner().invoke(portal, [name, "--help"])

    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: portal {name}")


def test_help_needs_no_settings() -> None:
    assert run("--help").returncode == 0


def test_an_unknown_command_is_wrong_use() -> None:
    result = run("publsh")

    assert result.returncode == 2
    assert "No such command 'publsh'" in result.stderr


def test_an_unknown_option_is_wrong_use() -> None:
    assert run("version", "--colour").returncode == 2


def test_version_answers_in_json() -> None:
    result = run("version", "--json")

    assert result.returncode == 0
    assert sorted(json.loads(result.stdout)) == ["portal", "python", "sqlite"]


@pytest.mark.parametrize("name", ["init", "up", "web", "worker", "clock"])
def test_nothing_starts_with_unsafe_settings_in_production(name: str, tmp_path: Path) -> None:
    result = run(name, PORTAL_INSTANCE_PATH=str(tmp_path), PORTAL_SECRET_KEY="short")

    assert result.returncode == 1
    assert "PORTAL_SECRET_KEY is too short" in result.stderr
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_init_makes_the_database_and_may_be_repeated(tmp_path: Path) -> None:
    first = run("init", **development(tmp_path))
    second = run("init", **development(tmp_path))

    assert [first.stdout, second.stdout] == ["The database is up to date.\n"] * 2
    assert [first.returncode, second.returncode] == [0, 0]
    assert (tmp_path / "instance/portal.sqlite3").is_file()


def test_the_doctor_finds_a_database_without_tables(tmp_path: Path) -> None:
    result = run("doctor", "--json", **development(tmp_path))
    found = {each["name"]: each for each in json.loads(result.stdout)["findings"]}

    assert result.returncode == 1
    assert found["migrations"]["state"] == "wrong"
    assert found["migrations"]["text"].endswith("Run: portal init")


def test_the_doctor_is_content_with_a_development_machine(tmp_path: Path) -> None:
    run("init", **development(tmp_path))
    result = run("doctor", "--json", **development(tmp_path))
    told = json.loads(result.stdout)

    assert (result.returncode, told["ok"]) == (0, True)
    assert set(told["settings"]) == set(setting_names().values())
    assert told["settings"]["PORTAL_ENV"] == {"value": "development", "source": "environment"}
    assert told["settings"]["PORTAL_TIMEZONE"] == {"value": "Asia/Singapore", "source": "default"}


def test_the_doctor_says_when_no_senior_editor_is_active(tmp_path: Path) -> None:
    run("init", **development(tmp_path))
    result = run("doctor", **development(tmp_path))

    assert "advice people       No senior editor is active" in result.stdout


def test_the_doctor_shows_no_secret(tmp_path: Path) -> None:
    environ = development(
        tmp_path, PORTAL_METRICS_TOKEN="hidden-token", PORTAL_MAIL_URL="smtp://u:hidden-word@127.0.0.1:9"
    )
    shown = run("doctor", **environ).stdout
    secret = (tmp_path / "instance/secret-key").read_text().strip()

    assert [word for word in ("hidden-token", "hidden-word", secret) if word in shown] == []


def test_the_doctor_finds_mail_and_redis_that_do_not_answer(tmp_path: Path) -> None:
    environ = {
        **SAFE,
        "PORTAL_INSTANCE_PATH": str(tmp_path),
        "PORTAL_REDIS_URL": "redis://:word@127.0.0.1:9/0",
    }
    result = run("doctor", "--json", **environ)
    states = {each["name"]: each["state"] for each in json.loads(result.stdout)["findings"]}

    assert result.returncode == 1
    assert (states["mail"], states["redis"]) == ("wrong", "wrong")


def test_the_doctor_lists_what_keeps_production_from_starting(tmp_path: Path) -> None:
    result = run("doctor", "--json", PORTAL_INSTANCE_PATH=str(tmp_path))
    told = json.loads(result.stdout)

    assert (result.returncode, told["ok"]) == (1, False)
    assert len(told["problems"]) == 4


def test_the_doctor_names_a_test_clock_that_cannot_be_read(tmp_path: Path) -> None:
    result = run("doctor", **development(tmp_path, PORTAL_TEST_CLOCK=str(tmp_path / "clock")))

    assert result.returncode == 1
    assert f"WRONG  clock        The test clock {tmp_path}/clock cannot be read" in result.stdout


def test_the_secret_that_a_command_makes_is_private(tmp_path: Path) -> None:
    run("init", **development(tmp_path))

    assert stat.S_IMODE((tmp_path / "instance/secret-key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "words",
    ["audit verify", "queue status", "publish due", "outbox status", "user block --email an@post.example"],
)
def test_without_its_tables_a_command_says_what_to_do_first(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = invoked(words, monkeypatch, **development(tmp_path))

    assert answer == (1, "The database is not ready. Run “portal init” first.\n")


def test_without_a_database_a_command_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"

    code, said = invoked("audit verify", monkeypatch, **development(tmp_path, PORTAL_DATABASE_URL=nobody))

    assert (code, said.partition(".")[0]) == (1, "The database does not answer")


def invoked(words: str, monkeypatch: pytest.MonkeyPatch, **environ: str) -> tuple[int, str]:
    """The whole program in this process: its exit code and what it says to the terminal."""
    from click.testing import CliRunner

    from portal.commands import machine_settings

    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    (Path(environ["PORTAL_INSTANCE_PATH"])).mkdir(parents=True)
    machine_settings.cache_clear()
    try:
        result = CliRunner().invoke(portal, words.split())
    finally:
        machine_settings.cache_clear()
    return result.exit_code, result.stderr
