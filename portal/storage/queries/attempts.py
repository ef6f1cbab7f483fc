"""Counting tries for the limits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session as DatabaseSession

from portal.storage.tables import LoginAttempt, Session, User


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
