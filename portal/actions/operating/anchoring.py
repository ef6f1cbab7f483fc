"""The head of the global chain, kept once an hour outside the database: a log line and a line in a file.

Whoever cuts off the chain's tail, or writes it anew, would have to change both, too, and the log lines of the decisions
(storage/timeline.py); so what is older than an hour cannot be rewritten unseen.
"""

import json
import logging
import os
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal.actions.portal import Portal
from portal.storage.tables import ChainLock
from portal.storage.unit_of_work import UnitOfWork

FILE_NAME = "audit-anchors.log"

_TOLD = re.compile(r"(?:all records|audit anchor \S+): (?P<rows>\d+) rows, head (?P<head>[0-9a-f]{64})")

_log = logging.getLogger(__name__)


def anchor(portal: Portal, *, now: datetime) -> bool:
    """Anchor the head of this hour (of UTC, which repeats none), once. True when this call did it."""
    hour = f"{now.astimezone(UTC):%Y-%m-%dT%H}"
    if _anchored_on(portal) >= hour:
        return False
    with portal.work() as work:
        lock = _locked(work)
        if lock.anchored_on >= hour:
            return False
        line = {"hour": hour, "at": now.isoformat(), "rows": lock.last_id, "head": lock.last_hash}
        _append(portal.settings.instance_path / FILE_NAME, line)
        lock.anchored_on = hour
        work.commit()
    _log.info("audit anchor %s: %s rows, head %s", hour, line["rows"], line["head"])
    return True


def anchors(instance_path: Path) -> list[dict[str, Any]]:
    """Every anchor of the file, oldest first; lines that cannot be read are left out."""
    try:
        lines = (instance_path / FILE_NAME).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [found for found in map(_read, lines) if found is not None]


def told_in(lines: Iterable[str]) -> list[dict[str, Any]]:
    """How far the records had come by the lines of a log: those of anchors and of decisions, in whatever frame."""
    found = (_TOLD.search(line) for line in lines)
    return [{"rows": int(each["rows"]), "head": each["head"]} for each in found if each]


def _anchored_on(portal: Portal) -> str:
    with portal.database.reading() as session:
        return session.scalar(select(ChainLock.anchored_on)) or ""


def _locked(work: UnitOfWork) -> ChainLock:
    return work.session.scalars(select(ChainLock).with_for_update()).one()


def _append(path: Path, line: dict[str, Any]) -> None:
    """Before the mark in the database: a crash between the two makes a second line, never none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _read(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) and "head" in found else None
