"""What an editor or operator wants to know when something seems wrong: what waits, since when, what failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, literal_column, select
from sqlalchemy.orm import Session

from portal.storage.queries import mailing, people, queue, restoring, waiting
from portal.storage.queries.bounded import MOST
from portal.storage.queries.mailing import Backlog
from portal.storage.queries.newsletter import digests
from portal.storage.queries.newsletter.digests import Progress
from portal.storage.queries.queue import KillAsked
from portal.storage.queries.waiting import Waiting
from portal.storage.tables import (
    AccountEvent,
    ClockHold,
    ClockLease,
    Delivery,
    DigestIssue,
    Outbox,
    Release,
    User,
)
from portal.storage.tables.operations import CLOCK

RECENT = timedelta(hours=1)
FAILURES = 20
SHOWN_FOR = timedelta(days=1)
# Written out, not bound: a partial index serves only a condition that the planner can read.
_LIVE: ColumnElement[str] = literal_column("'live'")


@dataclass(frozen=True)
class FailedMail:
    """A mail that was given up: which notice, about which release, to whom, and what the mail server said."""

    template: str
    recipient: str
    reference: str
    caused_at: datetime
    last_error: str


@dataclass(frozen=True)
class Lateness:
    """What is public by its time and not recorded (`waiting`, the first since `oldest`); and the last recording."""

    waiting: int
    oldest: datetime | None
    last_planned: datetime | None
    last_recorded: datetime | None

    def seconds(self, now: datetime) -> float:
        """How late publishing is: what waits now, or else what was recorded within the last hour."""
        if self.oldest:
            return max((now - self.oldest).total_seconds(), 0.0)
        if self.last_planned and self.last_recorded and now - self.last_recorded < RECENT:
            return max((self.last_recorded - self.last_planned).total_seconds(), 0.0)
        return 0.0


@dataclass(frozen=True)
class Health:
    """Everything of it that stands in rows, at one moment. `hold` is of time, `copy` of a restored database."""

    hold: ClockHold | None
    copy: ClockHold | None
    ticked_at: datetime | None
    lateness: Lateness
    waiting: Waiting
    backlog: Backlog
    failures: Sequence[FailedMail]
    daily: tuple[DigestIssue, Progress] | None
    senior_exists: bool
    refused_jobs: AccountEvent | None
    administrators: Sequence[User]
    kills: Sequence[KillAsked] = ()


def health(session: Session, now: datetime) -> Health:
    return Health(
        hold=session.scalars(select(ClockHold).where(ClockHold.kind == CLOCK)).first(),
        copy=restoring.hold(session),
        ticked_at=last_tick(session),
        lateness=lateness(session, now),
        waiting=waiting.waiting(session, now),
        backlog=mailing.backlog(session),
        failures=_failures(session),
        daily=digests.newest_progress(session),
        senior_exists=people.active_senior_exists(session),
        refused_jobs=_refused_jobs(session, now),
        administrators=people.administrators(session),
        kills=queue.kills_asked(session, now),
    )


def last_tick(session: Session) -> datetime | None:
    """When the clock process ticked last, by the portal's own time."""
    return session.scalar(select(ClockLease.ticked_at))


def lease_ends(session: Session) -> float | None:
    """Until when a clock holds the lease, in real seconds: each tick moves it. None before the first."""
    return session.scalar(select(ClockLease.expires))


def is_held(session: Session) -> bool:
    return bool(session.scalar(select(exists().select_from(ClockHold))))


def lateness(session: Session, now: datetime) -> Lateness:
    due = (Release.publication == _LIVE, Release.went_live_at.is_(None), Release.live_from <= now)
    some = select(Release.live_from).where(*due).order_by(Release.live_from).limit(MOST + 1).subquery()
    count, oldest = session.execute(select(func.count(), func.min(some.c.live_from))).one()
    newest = session.execute(
        select(Release.live_from, Release.went_live_at)
        .where(Release.publication == _LIVE, Release.live_from <= now, Release.went_live_at.is_not(None))
        .order_by(Release.live_from.desc(), Release.id.desc())
        .limit(1)
    ).one_or_none()
    planned, recorded = newest or (None, None)
    return Lateness(count, oldest, planned, recorded)


def _refused_jobs(session: Session, now: datetime) -> AccountEvent | None:
    """What was said last of jobs that are not ours, for a day."""
    newest = select(AccountEvent).where(
        AccountEvent.fact == "jobs_refused", AccountEvent.at > now - SHOWN_FOR
    )
    return session.scalars(newest.order_by(AccountEvent.at.desc()).limit(1)).first()


def _failures(session: Session) -> list[FailedMail]:
    statement = (
        select(
            Delivery.template, Delivery.recipient, Release.reference, Outbox.created_at, Delivery.last_error
        )
        .join(Outbox, Outbox.id == Delivery.outbox_id)
        .outerjoin(Release, Release.id == Outbox.release_id)
        .where(Delivery.state == "failed")
        .order_by(Delivery.id.desc())
        .limit(FAILURES)
    )
    return [
        FailedMail(template, recipient, reference or "", at, error)
        for template, recipient, reference, at, error in session.execute(statement)
    ]
