"""One supervisor for each instance folder, and one program for each port."""

from __future__ import annotations

import fcntl
import os
import socket
from pathlib import Path
from typing import IO

from portal.commands.supervising.leftovers import wait_until
from portal.settings import Settings


class CannotStart(Exception):
    """Somebody else stands where the portal wants to; the message says what to do."""


def take_lock(instance_path: Path, patience: float) -> IO[str]:
    """Held as long as the answer stays open; the system lets go of it when the process dies, however it dies."""
    instance_path.mkdir(parents=True, exist_ok=True)
    lock = (instance_path / "up.lock").open("a+", encoding="ascii")
    if not wait_until(lambda: _locked(lock), patience):
        lock.seek(0)
        holder = lock.read().strip()
        raise CannotStart(
            f"The portal already runs from this folder (process {holder}). "
            f"Stop it with Ctrl-C in its terminal, or with: kill {holder}"
        )
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def require_free_port(settings: Settings) -> None:
    """Tries the address the way the web server will."""
    host, port = settings.bind_host, settings.bind_port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
            trial.listen(1)
        except OSError as problem:
            raise CannotStart(_why_not(settings, problem)) from problem


def _why_not(settings: Settings, problem: OSError) -> str:
    host, port = settings.bind_host, settings.bind_port
    other = f"[{host}]:{port + 1}" if ":" in host else f"{host}:{port + 1}"
    reason = (
        "is in use by another program" if "in use" in str(problem) else f"cannot be used ({problem.strerror})"
    )
    return f"Port {port} {reason}. Stop that program, or take another port: PORTAL_BIND={other} make run"
