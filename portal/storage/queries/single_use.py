"""Finding the rows behind mailed links."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.storage.tables import SingleUseToken


def by_id(session: Session, token_id: int) -> SingleUseToken | None:
    return session.get(SingleUseToken, token_id)


def open_invitation(
    session: Session, organisation_id: int, email: str, now: datetime
) -> SingleUseToken | None:
    """An invitation that still waits for its answer."""
    statement = (
        select(SingleUseToken)
        .where(
            SingleUseToken.purpose == "invite",
            SingleUseToken.organisation_id == organisation_id,
            SingleUseToken.email == email,
            SingleUseToken.used_at.is_(None),
            SingleUseToken.expires_at > now,
        )
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def open_invitations(session: Session, organisation_id: int, now: datetime) -> list[SingleUseToken]:
    """Everybody who was invited and has not answered, the newest first."""
    statement = (
        select(SingleUseToken)
        .where(
            SingleUseToken.purpose == "invite",
            SingleUseToken.organisation_id == organisation_id,
            SingleUseToken.used_at.is_(None),
            SingleUseToken.expires_at > now,
        )
        .order_by(SingleUseToken.id.desc())
    )
    return list(session.scalars(statement))
