"""The embedded server: on a socket only, its writes kept, and a spare where the wheel has none."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from portal.commands.supervising import redis_server
from portal.commands.supervising.redis_server import (
    ServerNotFound,
    prepare_folders,
    server_command,
    server_program,
)
from portal.settings import Settings, load_settings


def test_it_opens_no_port_and_appends_every_write(settings: Settings) -> None:
    command = server_command(settings)
    options = dict(zip(command[1::2], command[2::2], strict=True))

    assert options["--port"] == "0"
    assert options["--unixsocket"] == str(settings.redis_socket_path)
    assert options["--appendonly"] == "yes"
    assert options["--dir"] == str(settings.instance_path / "redis")


def test_the_server_of_the_libraries_comes_first(settings: Settings) -> None:
    assert Path(server_program()).name == "valkey-server"


def test_without_it_the_machines_own_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "redis-server"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setattr(redis_server, "_installed_with_the_libraries", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert server_program() == str(own)


def test_without_any_there_is_a_sentence_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_server, "_installed_with_the_libraries", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ServerNotFound, match="sudo apt install redis-server"):
        server_program()


def test_a_socket_away_from_the_data_lies_in_a_private_folder(tmp_path: Path) -> None:
    settings = load_settings({"PORTAL_ENV": "development"}, tmp_path / ("a-long-name-" * 9))
    prepare_folders(settings)
    folder = settings.redis_socket_path.parent

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.rmdir()


def test_a_folder_that_somebody_else_prepared_is_refused(tmp_path: Path) -> None:
    settings = load_settings({"PORTAL_ENV": "development"}, tmp_path / ("a-long-name-" * 9))
    folder = settings.redis_socket_path.parent
    folder.symlink_to(tmp_path)

    with pytest.raises(ServerNotFound, match="belongs to somebody else"):
        prepare_folders(settings)
    folder.unlink()
