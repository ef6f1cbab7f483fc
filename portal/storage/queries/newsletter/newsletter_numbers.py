"""Counts of the daily e-mail. What readers open or press is not counted, because it is not known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session

from portal.storage.queries.newsletter import suppressions
from portal.storage.tables import DigestDelivery, DigestIssue, Subscriber, Subscription

ISSUES = 30


@dataclass(frozen=True)
class Readers:
    """How many stand where. `left` is everybody who left and did not come back."""

    confirmed: int
    paused: int
    corrections_only: int
    asked: int
    left: int
    suppressed: int


@dataclass(frozen=True)
class IssueCount:
    """One issue: for how many readers, and what became of it. Not sent: the reader had left or paused by then.

    `has_page`: it is no longer kept back, so its address on the site answers.
    """

    date: str
    has_page: bool
    readers: int
    sent: int
    refused: int
    uncertain: int
    waiting: int
    not_sent: int


def readers(session: Session, now: datetime) -> Readers:
    is_reader = Subscriber.state == "confirmed"
    has_left = Subscriber.left_at.is_not(None)
    counts = (
        _count(is_reader),
        _count(is_reader & (Subscriber.paused_until > now)),
        _count(is_reader & Subscriber.corrections_only.is_(True)),
        _count((Subscriber.state == "asked") & ~has_left),
        _count(~is_reader & has_left),
    )
    found = session.execute(select(*counts).select_from(Subscriber)).one()
    confirmed, paused, corrections_only, asked, left = (number or 0 for number in found)
    return Readers(confirmed, paused, corrections_only, asked, left, suppressions.count(session, now))


def by_choice(session: Session, dimension: str) -> list[tuple[str, int]]:
    """(value, readers) of a dimension, the most read first; "" counts those who chose none and so get all."""
    chosen = (
        select(Subscription.value, func.count())
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(Subscriber.state == "confirmed", Subscription.dimension == dimension)
        .group_by(Subscription.value)
        .order_by(func.count().desc(), Subscription.value)
    )
    has_one = exists().where(Subscription.subscriber_id == Subscriber.id, Subscription.dimension == dimension)
    everything = select(func.count()).where(Subscriber.state == "confirmed", ~has_one)
    return [
        ("", session.scalar(everything) or 0),
        *((value, count) for value, count in session.execute(chosen)),
    ]


def issues(session: Session, size: int = ISSUES) -> list[IssueCount]:
    """The newest closed issues, the newest first."""
    state = DigestDelivery.state
    newest = select(DigestIssue.id).where(DigestIssue.closed_at.is_not(None))
    newest = newest.order_by(DigestIssue.date.desc()).limit(size)
    statement = (
        select(
            DigestIssue.date,
            DigestIssue.queued_at.is_not(None),
            func.count(DigestDelivery.id),
            _count(state == "sent"),
            _count(state == "failed"),
            _count(state == "uncertain"),
            _count(state.in_(("pending", "sending"))),
            _count(state == "dropped"),
        )
        .outerjoin(DigestDelivery, DigestDelivery.issue_id == DigestIssue.id)
        .where(DigestIssue.id.in_(newest.scalar_subquery()))
        .group_by(DigestIssue.id, DigestIssue.date, DigestIssue.queued_at)
        .order_by(DigestIssue.date.desc())
    )
    return [
        IssueCount(date, bool(has_page), *(count or 0 for count in counts))
        for date, has_page, *counts in session.execute(statement)
    ]


def left_since(session: Session, since: datetime) -> Sequence[datetime]:
    """When readers left, and did not come back."""
    statement = select(Subscriber.left_at).where(Subscriber.left_at >= since)
    return [at for at in session.scalars(statement) if at]


def _count(condition: Any) -> Any:  # Any: SQL expressions
    return func.sum(case((condition, 1), else_=0))
