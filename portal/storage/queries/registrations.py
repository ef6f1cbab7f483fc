"""Tries to register that wait for the link of their mail."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.rules.logins import REGISTRATION_WAITS
from portal.storage.tables import Registration, SingleUseToken
from portal.storage.unit_of_work import UnitOfWork


def of_token(session: Session, token_id: int) -> Registration | None:
    """What was typed for the link of this row."""
    return session.scalars(select(Registration).where(Registration.token_id == token_id)).one_or_none()


def waiting(session: Session, user_id: int, now: datetime) -> Sequence[Registration]:
    """What was typed for the address of this user and can still be confirmed, the oldest first."""
    statement = (
        select(Registration)
        .where(Registration.user_id == user_id, Registration.asked_at > now - REGISTRATION_WAITS)
        .order_by(Registration.id)
    )
    return session.scalars(statement).all()


def renew(work: UnitOfWork, token_ids: Sequence[int], until: datetime) -> None:
    """Their links work until then."""
    work.session.execute(
        update(SingleUseToken)
        .where(SingleUseToken.id.in_(token_ids), SingleUseToken.used_at.is_(None))
        .values(expires_at=until)
    )


def forget(work: UnitOfWork, user_id: int) -> None:
    """The address is confirmed: nothing that was typed to register it is needed any longer."""
    work.session.execute(delete(Registration).where(Registration.user_id == user_id))
