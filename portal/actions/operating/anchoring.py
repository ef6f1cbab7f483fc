"""The head of the global chain, kept once a day outside the database: a log line and a line in a file.

Whoever cuts off the chain's tail would have to change both, too.
"""

import json
import logging
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal.actions.portal import Portal
from portal.storage.tables import ChainLock
from portal.storage.unit_of_work import UnitOfWork

FILE_NAME = "audit-anchors.log"

_log = logging.getLogger(__name__)


def anchor(portal: Portal, *, now: datetime) -> bool:
    """Anchor today's head (by the site's calendar), once. True when this call did it."""
    today = now.astimezone(portal.settings.zone).date().isoformat()
    if _anchored_on(portal) >= today:
        return False
    with portal.work() as work:
        lock = _locked(work)
        if lock.anchored_on >= today:
            return False
        line = {"day": today, "at": now.isoformat(), "rows": lock.last_id, "head": lock.last_hash}
        _append(portal.settings.instance_path / FILE_NAME, line)
        lock.anchored_on = today
        work.commit()
    _log.info("audit anchor %s: %s rows, head %s", today, line["rows"], line["head"])
    return True


def anchors(instance_path: Path) -> list[dict[str, Any]]:
    """Every anchor of the file, oldest first; lines that cannot be read are left out."""
    try:
        lines = (instance_path / FILE_NAME).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [found for found in map(_read, lines) if found is not None]


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
