"""The editors' queue: what waits, what is due first, and what was decided. Rows, never Redis."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, or_, select, true, tuple_
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.rules.permissions import DECIDERS, Person
from portal.storage.queries import people
from portal.storage.queries.cursors import read_cursor
from portal.storage.tables import Decision, Edition, Release, User

PAGE = 50
VIEWS = ("due", "new", "mine", "soon", "senders", "decided")

# Written out, so that the partial indexes serve (see storage/tables/releases.py).
_WAITS: ColumnElement[bool] = literal_column(
    "editions.state IN ('submitted', 'in_review', 'awaiting_second')"
)
_UNREAD: ColumnElement[bool] = literal_column("editions.state = 'submitted'")


@dataclass(frozen=True)
class DecidedItem:
    """A decision with its edition, for the view of what was decided."""

    decision: Decision
    edition: Edition


def page(
    session: Session, view: str, user_id: int, *, after: str | None = None, size: int = PAGE
) -> list[Edition]:
    """One page of waiting editions, `size` + 1 at the most: the extra row says that more follow."""
    by = Edition.wish_at if view == "soon" else Edition.promise_at
    statement = _chosen(_waiting(), view, user_id)
    position = read_cursor(after)
    if position:
        statement = statement.where(tuple_(by, Edition.id) > tuple_(*position))
    return list(session.scalars(statement.order_by(by, Edition.id).limit(size + 1)))


def decided(session: Session, *, after: str | None = None, size: int = PAGE) -> list[DecidedItem]:
    """Decisions, newest first."""
    statement = (
        select(Decision, Edition)
        .join(Edition, Edition.id == Decision.edition_id)
        .join(Edition.release)
        .join(Release.organisation)
        .options(contains_eager(Edition.release).contains_eager(Release.organisation))
    )
    position = read_cursor(after)
    if position:
        statement = statement.where(tuple_(Decision.decided_at, Decision.id) < tuple_(*position))
    rows = session.execute(statement.order_by(Decision.decided_at.desc(), Decision.id.desc()).limit(size + 1))
    return [DecidedItem(decision, edition) for decision, edition in rows]


def counts(session: Session, user_id: int, *, now: datetime, since: datetime) -> dict[str, int]:
    """How many stand in each view, and how many are over their promise. `since`: the start of today."""
    waiting = {view: _count(session, view, user_id) for view in VIEWS if view != "decided"}
    late = select(func.count()).select_from(Edition).where(_WAITS, Edition.promise_at < now)
    done = select(func.count()).select_from(Decision).where(Decision.decided_at >= since)
    return {**waiting, "late": session.scalar(late) or 0, "decided": session.scalar(done) or 0}


def next_due(session: Session, reader: Person, *, besides: int, now: datetime) -> Edition | None:
    """What to read after this one: the first in the queue that this editor may take and decide."""
    statement = (
        _waiting()
        .where(_UNREAD, Edition.id != besides, *_free_for(reader, now))
        .order_by(Edition.promise_at, Edition.id)
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def oldest_waiting(session: Session) -> datetime | None:
    """When the release that waits longest was sent."""
    return session.scalar(
        select(Edition.submitted_at).where(_WAITS).order_by(Edition.submitted_at, Edition.id).limit(1)
    )


def _free_for(reader: Person, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """As `actions.reservations` says it of one: of another house, not kept for another, no appeal against oneself.

    An appeal against oneself is one's own where nobody else may decide.
    """
    others = (
        select(User.id)
        .where(User.role.in_(DECIDERS), people.active(), User.id != reader.id)
        .where(~people.belongs_to(Release.organisation_id))
    )
    return (
        Release.organisation_id.not_in(reader.memberships),
        or_(Edition.kept_for_id.is_(None), Edition.kept_for_id == reader.id, Edition.kept_until <= now),
        or_(
            Edition.appealed_at.is_(None),
            Edition.rejected_by_id.is_(None),
            Edition.rejected_by_id != reader.id,
            ~others.exists(),
        ),
    )


def _count(session: Session, view: str, user_id: int) -> int:
    statement = _chosen(select(func.count()).select_from(Edition).where(_WAITS), view, user_id)
    return session.scalar(statement) or 0


def _waiting() -> Select[Edition]:
    return (
        select(Edition)
        .join(Edition.release)
        .join(Release.organisation)
        .options(
            contains_eager(Edition.release).contains_eager(Release.organisation),
            joinedload(Edition.holder),
            joinedload(Edition.kept_for),
        )
        .where(_WAITS)
    )


def _chosen(statement: Select[Any], view: str, user_id: int) -> Select[Any]:
    conditions: dict[str, ColumnElement[bool]] = {
        "new": _UNREAD,
        "mine": Edition.holder_id == user_id,
        "soon": Edition.wish_at.is_not(None),
        "senders": Edition.is_first.is_(true()),
    }
    return statement.where(conditions[view]) if view in conditions else statement
