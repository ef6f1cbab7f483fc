"""`portal demo`: an empty development database only, and the logins again at the next start."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rigs.patience import PATIENCE

PROJECT = Path(__file__).parents[2]


def run(instance: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    wanted = {"PORTAL_ENV": "development", "PORTAL_INSTANCE_PATH": str(instance), **more}
    return subprocess.run(
        [sys.executable, "-m", "portal", *words],
        env={**others, **wanted},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    run(tmp_path / "instance", "init")
    return tmp_path / "instance"


def test_it_prints_the_logins_and_keeps_them_for_the_owner_alone(instance: Path) -> None:
    loaded = run(instance, "demo")

    file = instance / "demo-logins.json"
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert loaded.returncode == 0, loaded.stderr
    assert [login["role"] for login in kept] == ["member", "editor", "senior", "admin"]
    assert all(login["email"] in loaded.stdout and login["password"] in loaded.stdout for login in kept)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    again = run(instance, "demo")
    assert (again.returncode, again.stdout) == (1, "")
    assert "no demo data was loaded" in again.stderr

    at_the_next_start = run(instance, "demo", "--if-empty", "--json")
    assert at_the_next_start.returncode == 0
    assert json.loads(at_the_next_start.stdout) == {"loaded": False, "logins": kept}


def test_a_database_of_somebody_else_is_left_alone(instance: Path) -> None:
    made = run(
        instance, "user", "create", "--email", "a@x.example", "--name", "Ann", "--role", "editor", "--invite"
    )
    assert made.returncode == 0, made.stderr

    refused = run(instance, "demo", "--if-empty")

    assert (refused.returncode, refused.stdout) == (
        0,
        "There is data already, so no demo data was loaded.\n",
    )
    assert not (instance / "demo-logins.json").exists()


def test_a_database_without_tables_is_not_ready(tmp_path: Path) -> None:
    refused = run(tmp_path / "instance", "demo")

    assert refused.returncode == 1
    assert refused.stderr == "The database is not ready. Run “portal init” first.\n"


def test_production_is_refused(instance: Path) -> None:
    safe = {
        "PORTAL_ENV": "production",
        "PORTAL_SECRET_KEY": "kP3-vR8sTq1_Zx7mWb5nYc2dLf9gHj4aQe6u",
        "PORTAL_BASE_URL": "https://press.example.org",
        "PORTAL_MAIL_URL": "smtp://127.0.0.1:9",
        "PORTAL_MAIL_FROM": "press@example.org",
    }

    refused = run(instance, "demo", **safe)

    assert refused.returncode == 1
    assert refused.stderr == "The demo data is for development. It is never loaded in production.\n"
