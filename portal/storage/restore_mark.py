"""The mark that a machine keeps of its database: `restore-mark` in the instance folder, outside of every copy.

A copy of the database must be put back without it; that is what it is for.
"""

import json
import logging
import os
import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from portal.rules.restore import Mark

FILE_NAME = "restore-mark"

_log = logging.getLogger(__name__)


def read(instance_path: Path) -> Mark | None:
    """The mark; None where there is none. One that cannot be read counts as none, and is said."""
    path = instance_path / FILE_NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Mark(_epoch(found["epoch"]), int(found["ticks"]), datetime.fromisoformat(found["at"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as problem:
        _log.warning("%s cannot be read and counts as missing: %s", path, problem)
        return None


def write(instance_path: Path, mark: Mark) -> None:
    """Whole or not at all, readable by its owner only. Where it cannot be written that is said, and work goes on."""
    path = instance_path / FILE_NAME
    try:
        _replace(path, {"epoch": mark.epoch, "ticks": mark.ticks, "at": mark.at and mark.at.isoformat()})
    except OSError as problem:
        _log.error("%s cannot be written, so a restored copy may not be noticed: %s", path, problem)


def forget(instance_path: Path) -> None:
    """The database that it was about is gone."""
    with suppress(OSError):
        (instance_path / FILE_NAME).unlink(missing_ok=True)


def _epoch(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("it names no epoch")
    return value


def _replace(path: Path, content: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            file.write(json.dumps(content) + "\n")
            file.flush()
            os.fsync(file.fileno())  # else a power cut leaves an empty file, and a hold for nothing
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
