"""Finding logins."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session as DatabaseSession

from portal.rules.logins import IDLE
from portal.storage.tables import Membership, Organisation, ParkedForm, Session


def alive(now: datetime) -> ColumnElement[bool]:
    """The same condition as `rules.logins.is_alive`, in SQL."""
    return and_(Session.ended_at.is_(None), Session.expires_at > now, Session.last_seen_at > now - IDLE)


def by_hash(session: DatabaseSession, token_hash: str) -> Session | None:
    """A login by the hash of its token, whether it is still good or not."""
    return session.scalars(select(Session).where(Session.token_hash == token_hash)).one_or_none()


def with_person(
    session: DatabaseSession, token_hash: str
) -> tuple[Session, list[tuple[int, str, str]], bool] | None:
    """The same with the memberships of its user (organisation, role, name; the first joined first), and whether any form
    waits for them: what every page with a login has to know, in one statement."""
    has_parked = exists().where(ParkedForm.user_id == Session.user_id)
    statement = (
        select(Session, has_parked, Membership.organisation_id, Membership.role, Organisation.name)
        .outerjoin(Membership, and_(Membership.user_id == Session.user_id, Membership.removed_at.is_(None)))
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(Session.token_hash == token_hash)
        .order_by(Membership.id)
    )
    rows = session.execute(statement).all()
    if not rows:
        return None
    memberships = [(row[2], row[3], row[4]) for row in rows if row[2] is not None]
    return rows[0][0], memberships, bool(rows[0][1])


def alive_of(session: DatabaseSession, user_id: int, now: datetime) -> Sequence[Session]:
    """Somebody's logins that are still good, the newest first."""
    statement = select(Session).where(Session.user_id == user_id, alive(now)).order_by(Session.id.desc())
    return session.scalars(statement).all()
