"""Counting tries for the limits."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session as DatabaseSession

from portal.storage.tables import KnownNetwork, LoginAttempt, User
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


def known_networks(
    session: DatabaseSession, email: str, keys: Collection[str], since: datetime
) -> frozenset[str]:
    """From which of these networks the account with this address was opened, not before `since`."""
    statement = (
        select(KnownNetwork.key)
        .join(User, User.id == KnownNetwork.user_id)
        .where(User.email == email, KnownNetwork.key.in_(keys), KnownNetwork.seen_at > since)
    )
    return frozenset(session.scalars(statement))


def remember_network(work: UnitOfWork, user_id: int, key: str, now: datetime) -> None:
    """The account was opened from here just now; one row for each network."""
    insert = sqlite.insert if work.is_sqlite else postgresql.insert
    statement = insert(KnownNetwork).values(user_id=user_id, key=key, seen_at=now)
    work.session.execute(
        statement.on_conflict_do_update(index_elements=["user_id", "key"], set_={"seen_at": now})
    )
