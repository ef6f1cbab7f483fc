"""What must be said, saved in the transaction of its cause.

A row with a time in `not_before` is held until then: it can be let go earlier, or dropped and never said.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from portal.rules.facts import DECISIVE, FACTS
from portal.storage.tables import Decision, Outbox, TimelineEntry
from portal.storage.unit_of_work import UnitOfWork


def put(
    work: UnitOfWork,
    fact: str,
    *,
    now: datetime,
    not_before: datetime | None = None,
    timeline_id: int | None = None,
    release_id: int | None = None,
    edition_id: int | None = None,
    user_id: int | None = None,
    organisation_id: int | None = None,
    token_id: int | None = None,
    message_id: int | None = None,
    subscriber_id: int | None = None,
) -> Outbox | None:
    """Remember that people must be told of this fact; None where the fact tells nobody.

    `user_id` is the person whom the notice concerns (see the groups in rules/facts.py).
    """
    if not FACTS[fact].notices:
        return None
    row = Outbox(
        fact=fact,
        timeline_id=timeline_id,
        release_id=release_id,
        edition_id=edition_id,
        user_id=user_id,
        organisation_id=organisation_id,
        token_id=token_id,
        message_id=message_id,
        subscriber_id=subscriber_id,
        created_at=now,
        not_before=not_before or now,
    )
    work.session.add(row)
    work.session.flush()
    if row.not_before > now:
        _made_here(work.session).add(row.id)
    else:
        _ring(work, row)
    return row


def waiting(session: Session) -> Sequence[Outbox]:
    """Everything that nobody has relayed yet, held or not, oldest first."""
    return session.scalars(select(Outbox).where(Outbox.relayed_at.is_(None)).order_by(Outbox.id)).all()


def held(session: Session, release_id: int, now: datetime) -> Sequence[Outbox]:
    """What this release's mails wait with, oldest first; what this very transaction holds is not among them."""
    statement = (
        select(Outbox)
        .where(Outbox.release_id == release_id, Outbox.relayed_at.is_(None), Outbox.not_before > now)
        .order_by(Outbox.id)
    )
    with session.no_autoflush:  # a row of the outbox is never left to be flushed
        return [row for row in session.scalars(statement) if row.id not in _made_here(session)]


def mail_of(session: Session, decision: Decision, now: datetime) -> Outbox | None:
    """The mail of a decision while it waits; None once it may leave."""
    statement = (
        select(Outbox, TimelineEntry)
        .join(TimelineEntry, TimelineEntry.id == Outbox.timeline_id)
        .where(Outbox.edition_id == decision.edition_id, Outbox.relayed_at.is_(None), Outbox.not_before > now)
    )
    rows = session.execute(statement).all()
    return next((row for row, entry in rows if entry.detail.get("decision") == decision.id), None)


def let_go(work: UnitOfWork, row: Outbox, *, now: datetime) -> bool:
    """It need not wait any longer. False where a relay took it meanwhile."""
    if not _change(work, row, not_before=now):
        return False
    _ring(work, row)
    return True


def drop(work: UnitOfWork, row: Outbox, *, now: datetime) -> bool:
    """It is never said. False where a relay took it meanwhile."""
    return _change(work, row, dropped_at=now, relayed_at=now)


def _ring(work: UnitOfWork, row: Outbox) -> None:
    """What was decided does not queue up behind the receipts of a burst, nor behind its examinations."""
    if row.fact in DECISIVE:
        work.ring("moderation", "relay", row.id)
    else:
        work.ring("mail", "relay", row.id)


def _change(work: UnitOfWork, row: Outbox, **values: Any) -> bool:  # Any: columns of the table
    statement = update(Outbox).where(Outbox.id == row.id, Outbox.relayed_at.is_(None)).values(**values)
    return bool(work.session.execute(statement).rowcount == 1)  # type: ignore[attr-defined]  # a CursorResult


def _made_here(session: Session) -> set[int]:
    """Rows that wait since this transaction: the step that made them does not end their hold."""
    made: set[int] = session.info.setdefault("held_here", set())
    return made


def put_many(
    work: UnitOfWork, fact: str, causes: Sequence[tuple[int, int, int | None]], *, now: datetime
) -> None:
    """The same for one fact of many releases; each cause is (timeline id, release id, edition id).

    It is said behind the mails of a decision that still wait.
    """
    if not FACTS[fact].notices or not causes:
        return
    waits = _ends_of_holds(work.session, [release_id for _, release_id, _ in causes], now)
    rows = [
        {
            "fact": fact,
            "timeline_id": timeline_id,
            "release_id": release_id,
            "edition_id": edition_id,
            "created_at": now,
            "not_before": waits.get(release_id, now),
        }
        for timeline_id, release_id, edition_id in causes
    ]
    ids = work.session.scalars(insert(Outbox).returning(Outbox.id), rows).all()
    work.ring("mail", "relay", ids[0])  # a job does whatever else waits


def _ends_of_holds(session: Session, release_ids: Sequence[int], now: datetime) -> dict[int, datetime]:
    statement = (
        select(Outbox.release_id, func.max(Outbox.not_before))
        .where(Outbox.release_id.in_(release_ids), Outbox.relayed_at.is_(None), Outbox.not_before > now)
        .group_by(Outbox.release_id)
    )
    return {release_id: ends for release_id, ends in session.execute(statement) if release_id is not None}
