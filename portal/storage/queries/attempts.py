"""Counting tries for the limits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session as DatabaseSession

from portal.storage.tables import LoginAttempt, Session, User
from portal.storage.unit_of_work import UnitOfWork


def take_turn(work: UnitOfWork, purpose: str) -> None:
    """One at a time until the commit, so that many tries at once are counted like many in a row.

    SQLite has one writer anyway; PostgreSQL is asked for a lock of this purpose.
    """
    if not work.is_sqlite:
        work.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"tries {purpose}"))))


def newest(
    session: DatabaseSession, purpose: str, *narrowed: ColumnElement[bool], since: datetime, most: int
) -> Sequence[datetime]:
    """When the newest tries were, the newest first; only as many as a limit needs."""
    statement = (
        select(LoginAttempt.at)
        .where(LoginAttempt.purpose == purpose, LoginAttempt.at > since, *narrowed)
        .order_by(LoginAttempt.at.desc())
        .limit(most)
    )
    return session.scalars(statement).all()


def has_logged_in_from(session: DatabaseSession, email: str, address_key: str) -> bool:
    """Has this account been opened from this address before?"""
    known = exists().where(
        User.email == email, Session.user_id == User.id, Session.address_key == address_key
    )
    return bool(address_key) and bool(session.scalar(select(known)))
