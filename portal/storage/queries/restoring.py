"""Which run of the database this is, whether a restored copy is held, and what would leave if it were not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, literal_column, select
from sqlalchemy.orm import Session

from portal.rules.restore import Run
from portal.storage.tables import ChainHead, ClockHold, ClockLease, Delivery, DigestIssue, Outbox, Release
from portal.storage.tables.operations import RESTORE

UNSENT = ("pending", "sending")
# Written out, not bound: a partial index serves only a condition that the planner can read.
_LIVE: ColumnElement[str] = literal_column("'live'")


@dataclass(frozen=True)
class Waiting:
    """What a hold keeps back: mails that were due before it, those since, dates of issues, references of releases."""

    mails: int
    later_mails: int
    issues: Sequence[str]
    due: Sequence[str]


def run_of(session: Session) -> Run:
    """What the database says of itself."""
    statement = select(ClockLease.epoch, ClockLease.ticks, ClockLease.ticked_at, ClockLease.past_epochs)
    row = session.execute(statement).one_or_none()
    if row is None or not row.epoch:
        return Run(has_records=_has_records(session))
    return Run(row.epoch, row.ticks, row.ticked_at, tuple(row.past_epochs.split()), has_records=True)


def hold(session: Session) -> ClockHold | None:
    """The hold of a restored copy, while it stands."""
    return session.scalars(select(ClockHold).where(ClockHold.kind == RESTORE)).one_or_none()


def is_held(session: Session) -> bool:
    return bool(session.scalar(select(~not_held())))


def not_held() -> ColumnElement[bool]:
    """The condition of every statement by which something would leave."""
    return ~exists().where(ClockHold.kind == RESTORE)


def due_before(since: datetime) -> tuple[ColumnElement[bool], ...]:
    """Facts that nobody was told of from here, and of which another run of the database may have told."""
    return (Outbox.relayed_at.is_(None), Outbox.not_before <= since)


def unfinished_issues(since: datetime) -> tuple[ColumnElement[bool], ...]:
    """Issues closed in the copy, due before the hold, and not all gone."""
    return (
        DigestIssue.closed_at.is_not(None),
        DigestIssue.finished_at.is_(None),
        DigestIssue.due_at <= since,
    )


def waiting(session: Session, since: datetime, now: datetime) -> Waiting:
    """Counted and named, without issues that are not closed yet: whether one is due only the rules know."""
    facts = select(func.count(Outbox.id)).where(Outbox.relayed_at.is_(None))
    old = session.scalar(facts.where(*due_before(since))) or 0
    mails = session.scalar(select(func.count(Delivery.id)).where(Delivery.state.in_(UNSENT))) or 0
    issues = session.scalars(
        select(DigestIssue.date).where(*unfinished_issues(since)).order_by(DigestIssue.date)
    )
    return Waiting(old + mails, (session.scalar(facts) or 0) - old, issues.all(), _due(session, now))


def _due(session: Session, now: datetime) -> Sequence[str]:
    due = (Release.publication == _LIVE, Release.went_live_at.is_(None), Release.live_from <= now)
    return session.scalars(select(Release.reference).where(*due).order_by(Release.live_from)).all()


def _has_records(session: Session) -> bool:
    return bool(session.scalar(select(exists().where(ChainHead.count > 0))))
