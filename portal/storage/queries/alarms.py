"""What a mail about a late or silent clock, or about refused jobs, tells: since when, what it concerns, whom to call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from portal.rules.publication_time import LATE
from portal.storage.queries import people
from portal.storage.tables import AccountEvent, ClockLease, Outbox, Release, User

# Written out, not bound: a partial index serves only a condition that the planner can read.
_LIVE: ColumnElement[str] = literal_column("'live'")


@dataclass(frozen=True)
class Alarm:
    """`waiting` releases are due and not recorded; `recorded` ones were recorded late. `first` was due first.

    `refused` jobs were not ours, for these `reasons`.
    """

    last_tick: datetime | None
    waiting: int
    recorded: int
    first: datetime | None
    administrators: Sequence[User]
    refused: int = 0
    reasons: Sequence[str] = ()


def of_silence(session: Session, told: Outbox) -> Alarm:
    """As it was when it was said, but for the clock: that may be back."""
    due = (Release.publication == _LIVE, Release.went_live_at.is_(None), Release.live_from <= told.created_at)
    count, first = session.execute(select(func.count(), func.min(Release.live_from)).where(*due)).one()
    last_tick = session.scalar(select(ClockLease.ticked_at))
    return Alarm(last_tick, count, 0, first, people.administrators(session))


def of_late_recordings(session: Session, told: Outbox) -> Alarm:
    """All that this sweep recorded late; every batch of it has the same moment."""
    late = (Release.went_live_at == told.created_at, Release.live_from < told.created_at - LATE)
    count, first = session.execute(select(func.count(), func.min(Release.live_from)).where(*late)).one()
    return Alarm(None, 0, count, first, people.administrators(session))


def of_refused_jobs(session: Session, told: Outbox) -> Alarm:
    """What the record of that moment says."""
    detail = session.scalar(
        select(AccountEvent.detail)
        .where(AccountEvent.fact == told.fact, AccountEvent.at == told.created_at)
        .order_by(AccountEvent.id.desc())
        .limit(1)
    )
    known = detail or {}
    return Alarm(None, 0, 0, None, (), int(known.get("count", 0)), list(known.get("reasons", ())))


ALARMS = {
    "clock_silent": of_silence,
    "recorded_late": of_late_recordings,
    "jobs_refused": of_refused_jobs,
}


def alarm(session: Session, told: Outbox) -> Alarm | None:
    """None for every other fact."""
    read = ALARMS.get(told.fact)
    return read(session, told) if read else None
