"""When the clock has something to do next: what it may rest by."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, literal_column, select
from sqlalchemy.orm import Session

from portal.rules.release_states import AWAITING_SIGNOFF, CHANGES_REQUESTED, IN_REVIEW, WAITING_STATES
from portal.storage.queries import known_words
from portal.storage.queries.bounded import is_one_of
from portal.storage.tables import (
    Delivery,
    DigestIssue,
    Edition,
    Endorsement,
    Outbox,
    Release,
    ToLearn,
)

UNSENT = ("pending", "sending")
_LIVE: ColumnElement[str] = literal_column("'live'")


@dataclass(frozen=True)
class Nearest:
    """`waits`: there is something to be done at once, or as soon as a worker has had its chance.

    `due` is when the next thing comes by the portal's time, `tried` when a mail is tried next, in real time.
    """

    waits: bool
    due: datetime | None
    tried: datetime | None


def nearest(session: Session) -> Nearest:
    """One statement; each part of it reads the first row of an index."""
    waits, tried, *moments = session.execute(_statement()).one()
    return Nearest(bool(waits), tried, min((at for at in moments if at), default=None))


def _statement() -> Select[Any]:
    waiting = (
        exists().where(Outbox.relayed_at.is_(None)),
        exists().where(is_one_of(Edition.state, WAITING_STATES), Edition.examined_at.is_(None)),
        exists().where(DigestIssue.queued_at.is_not(None), DigestIssue.finished_at.is_(None)),
        select(ToLearn.release_id).where(known_words.is_to_be_learnt()).exists(),
    )
    is_to_queue = (
        DigestIssue.finished_at.is_(None),
        DigestIssue.closed_at.is_not(None),
        DigestIssue.queued_at.is_(None),
    )
    moments = (
        _first(Delivery.next_at, is_one_of(Delivery.state, UNSENT)),
        _first(Release.live_from, Release.publication == _LIVE, Release.went_live_at.is_(None)),
        _first(
            Release.expires_at,
            Release.publication == _LIVE,
            Release.expires_at.is_not(None),
            Release.archived_at.is_(None),
        ),
        _first(Endorsement.falls_at, Endorsement.ended_at.is_(None)),
        _first(Edition.claim_expires_at, is_one_of(Edition.state, (IN_REVIEW,))),
        _first(Edition.ladder_next_at, Edition.ladder_next_at.is_not(None)),
        _first(Edition.signoff_due_at, is_one_of(Edition.state, (AWAITING_SIGNOFF,))),
        _first(Edition.reminder_next_at, is_one_of(Edition.state, (CHANGES_REQUESTED,))),
        _first(DigestIssue.due_at, *is_to_queue, DigestIssue.held_at.is_(None)),
    )
    return select(waiting[0] | waiting[1] | waiting[2] | waiting[3], *moments)


def _first(column: Any, *conditions: ColumnElement[bool]) -> Any:
    """The earliest of a column that is not empty."""
    found = select(column).where(column.is_not(None), *conditions).order_by(column).limit(1)
    return found.scalar_subquery()
