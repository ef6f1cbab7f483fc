"""Which addresses are left alone now."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.rules.mailing.suppression import SOFT, SOFT_HOLD
from portal.storage.tables import Suppression

SHOWN = 100


def in_force(now: datetime) -> ColumnElement[bool]:
    """The condition itself: held for good, or held for a while that has not ended."""
    return and_(
        Suppression.holds.is_(True), or_(Suppression.reason != SOFT, Suppression.since > now - SOFT_HOLD)
    )


def is_suppressed(session: Session, email: str, now: datetime) -> bool:
    return bool(session.scalar(select(exists().where(Suppression.email == email, in_force(now)))))


def by_email(session: Session, email: str, *, lock: bool = False) -> Suppression | None:
    statement = select(Suppression).where(Suppression.email == email)
    if lock:
        statement = statement.with_for_update()
    return session.scalars(statement).one_or_none()


def listed(session: Session, now: datetime, size: int = SHOWN) -> Sequence[Suppression]:
    """The newest of those that hold now."""
    newest = (
        select(Suppression).where(in_force(now)).order_by(Suppression.since.desc(), Suppression.id.desc())
    )
    return session.scalars(newest.limit(size)).all()


def count(session: Session, now: datetime) -> int:
    return session.scalar(select(func.count()).select_from(Suppression).where(in_force(now))) or 0
