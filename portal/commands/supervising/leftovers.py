"""Finds the children of a supervisor that was killed, and ends them.

Every child carries a mark in its environment which its own children inherit, so nothing has to be
written down that could be stale, and a reused process number is never taken for one of ours.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

MARK = "SUPERVISED_PORTAL"
PR_SET_PDEATHSIG = 1
_C_LIBRARY = ctypes.CDLL(None) if sys.platform == "linux" else None


def marked_environment(environ: dict[str, str], instance_path: Path) -> dict[str, str]:
    return {**environ, MARK: str(instance_path), "PYTHONUNBUFFERED": "1"}


def end_with_parent() -> None:
    """Runs in a new child: the kernel ends it when the supervisor is killed."""
    if _C_LIBRARY is not None:
        _C_LIBRARY.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def marked_processes(instance_path: Path) -> list[int]:
    """Processes of an earlier or the present run from this instance folder; none where there is no /proc."""
    mark = os.fsencode(f"{MARK}={instance_path}")
    found = [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _carries(entry, mark)]
    return [process for process in found if process != os.getpid()]


def _carries(entry: Path, mark: bytes) -> bool:
    try:
        return mark in (entry / "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def end_leftovers(instance_path: Path, patience: float) -> int:
    """Asks, waits up to `patience` seconds, then kills. Answers how many there were."""
    found = marked_processes(instance_path)
    _signal_all(found, signal.SIGTERM)
    wait_until(lambda: not marked_processes(instance_path), patience)
    _signal_all(marked_processes(instance_path), signal.SIGKILL)
    wait_until(lambda: not marked_processes(instance_path), 2)
    return len(found)


def _signal_all(processes: list[int], number: signal.Signals) -> None:
    for process in processes:
        try:
            os.kill(process, number)
        except ProcessLookupError:
            continue


def wait_until(holds: Callable[[], bool], seconds: float) -> bool:
    """Waits in real time; whether it came true."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
