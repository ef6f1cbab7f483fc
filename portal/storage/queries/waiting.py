"""What waits, in numbers: for operators and their alarms."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from portal.rules.release_states import WAITING_STATES
from portal.storage.tables import Edition, Outbox

# Written out, not bound: a partial index serves only a condition that the planner can read.
_WAITING_STATES: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in WAITING_STATES]


@dataclass(frozen=True)
class Waiting:
    """Counts and ages in seconds; an age is 0 where nothing waits."""

    queue: int
    queue_oldest_seconds: float
    unexamined: int
    outbox_pending: int
    outbox_oldest_seconds: float


def waiting(session: Session, now: datetime) -> Waiting:
    in_queue = Edition.state.in_(_WAITING_STATES)
    count, oldest = session.execute(
        select(func.count(), func.min(Edition.submitted_at)).where(in_queue)
    ).one()
    unexamined = session.scalar(select(func.count()).where(in_queue, Edition.examined_at.is_(None))) or 0
    pending, first = session.execute(
        select(func.count(), func.min(Outbox.created_at)).where(
            Outbox.relayed_at.is_(None), Outbox.not_before <= now
        )
    ).one()
    return Waiting(count, _age(oldest, now), unexamined, pending, _age(first, now))


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0
