"""What waits, in numbers: for operators and their alarms."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.rules.release_states import WAITING_STATES
from portal.storage.queries.bounded import MOST, counted, is_one_of
from portal.storage.tables import Edition, Outbox


@dataclass(frozen=True)
class Waiting:
    """Counts, as far as `bounded.MOST`, and ages in seconds; an age is 0 where nothing waits."""

    queue: int
    queue_oldest_seconds: float
    unexamined: int
    outbox_pending: int
    outbox_oldest_seconds: float


def waiting(session: Session, now: datetime) -> Waiting:
    in_queue = is_one_of(Edition.state, WAITING_STATES)
    first_sent = select(Edition.submitted_at).where(in_queue).order_by(Edition.submitted_at, Edition.id)
    due = select(Outbox.created_at).where(Outbox.relayed_at.is_(None), Outbox.not_before <= now)
    some = due.order_by(Outbox.id).limit(MOST + 1).subquery()
    pending, first_due = session.execute(select(func.count(), func.min(some.c.created_at))).one()
    return Waiting(
        queue=session.scalar(counted(in_queue, table=Edition)) or 0,
        queue_oldest_seconds=_age(session.scalar(first_sent.limit(1)), now),
        unexamined=session.scalar(counted(in_queue, Edition.examined_at.is_(None), table=Edition)) or 0,
        outbox_pending=pending,
        outbox_oldest_seconds=_age(first_due, now),
    )


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0
