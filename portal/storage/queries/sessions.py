"""Finding logins."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session as DatabaseSession

from portal.rules.logins import IDLE
from portal.storage.tables import Session


def alive(now: datetime) -> ColumnElement[bool]:
    """The same condition as `rules.logins.is_alive`, in SQL."""
    return and_(Session.ended_at.is_(None), Session.expires_at > now, Session.last_seen_at > now - IDLE)


def by_hash(session: DatabaseSession, token_hash: str) -> Session | None:
    """A login by the hash of its token, whether it is still good or not."""
    return session.scalars(select(Session).where(Session.token_hash == token_hash)).one_or_none()


def alive_of(session: DatabaseSession, user_id: int, now: datetime) -> Sequence[Session]:
    """Somebody's logins that are still good, the newest first."""
    statement = select(Session).where(Session.user_id == user_id, alive(now)).order_by(Session.id.desc())
    return session.scalars(statement).all()
