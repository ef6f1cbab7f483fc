"""A Redis-compatible server for tests of the workers, on a socket of its own."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import redis

from portal.commands.supervising.leftovers import end_with_parent
from portal.commands.supervising.redis_server import server_program
from tests.rigs.patience import PATIENCE


@contextmanager
def running_valkey() -> Iterator[str]:
    """The URL of a server that keeps nothing, until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="portal-valkey-", dir="/tmp"))
    socket = folder / "redis.sock"
    options = {"port": "0", "unixsocket": str(socket), "dir": str(folder), "save": "", "loglevel": "warning"}
    command = [server_program(), *(part for name, value in options.items() for part in (f"--{name}", value))]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, preexec_fn=end_with_parent)
    try:
        _wait_for_answer(socket, process)
        yield f"unix://{quote(str(socket))}"
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_answer(socket: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(int(PATIENCE / 0.02)):
        try:
            with redis.Redis(unix_socket_path=str(socket)) as client:
                client.ping()
        except redis.ConnectionError:
            if _ended_meanwhile(process):
                break
        else:
            return
    raise RuntimeError("the Redis-compatible server did not start")


def _ended_meanwhile(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(0.02)
    except subprocess.TimeoutExpired:
        return False
    return True
