"""What the newsroom keeps beside ten thousand releases: decisions, timelines, mails, messages, examinations.

Of every fifth release, which is enough for a planner and five times as quick.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from portal.storage.tables import (
    Decision,
    Delivery,
    Edition,
    Examination,
    Message,
    Outbox,
    TimelineEntry,
)
from portal.storage.unit_of_work import UnitOfWork

EVERY = 5
FACTS = ("draft_started", "submitted", "examined")


def fill_records(work: UnitOfWork, editor_id: int) -> None:
    """For every fifth release: three facts, a mail, a message, an examination and, once decided, a decision."""
    columns = (Edition.id, Edition.release_id, Edition.revision_id, Edition.submitted_at, Edition.state)
    asked = select(*columns).where(Edition.id % EVERY == 0)
    rows: dict[type, list[dict[str, Any]]] = {}
    for edition in work.session.execute(asked):
        for table, row in _records(edition, editor_id):
            rows.setdefault(table, []).append(row)
    for table, found in rows.items():
        work.session.execute(insert(table), found)


def _records(edition: Any, editor_id: int) -> list[tuple[type, dict[str, Any]]]:
    at, key = edition.submitted_at, edition.id
    made: list[tuple[type, dict[str, Any]]] = [
        (TimelineEntry, _entry(edition, position, fact)) for position, fact in enumerate(FACTS, 1)
    ]
    made += [
        (Outbox, {"id": key, "fact": "submitted", "release_id": edition.release_id, "edition_id": key}
         | {"created_at": at, "not_before": at, "relayed_at": at}),
        (Delivery, {"outbox_id": key, "template": "receipt", "recipient": f"{key}@post.example"}
         | {"state": "sent", "sent_at": at, "next_at": at}),
        (Message, {"release_id": edition.release_id, "side": "sender", "body": "Hello"}
         | {"author_id": editor_id, "written_at": at}),
        (Examination, {"revision_id": edition.revision_id, "edition_id": key, "issues": [], "flags": []}
         | {"near_copies": [], "priority": 0, "examined_at": at}),
    ]  # fmt: skip
    if edition.state == "approved":
        made.append((Decision, _decision(edition, editor_id)))
    return made


def _entry(edition: Any, position: int, fact: str) -> dict[str, Any]:
    return {
        "release_id": edition.release_id,
        "edition_id": edition.id,
        "position": position,
        "fact": fact,
        "at": edition.submitted_at + timedelta(seconds=position),
        "previous_hash": "",
        "hash": "",
    }


def _decision(edition: Any, editor_id: int) -> dict[str, Any]:
    return {
        "edition_id": edition.id,
        "round": 1,
        "revision_id": edition.revision_id,
        "revision_hash": "",
        "outcome": "approve",
        "decided_by_id": editor_id,
        "decided_at": edition.submitted_at + timedelta(hours=1),
    }
