"""Mailed links: good for one purpose, for a while, once. Opening one changes nothing; pressing its button does."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.rules.logins import CONFIRM_WITHIN
from portal.rules.refusals import NotFound
from portal.rules.tokens import fits, read_token
from portal.storage.queries import single_use
from portal.storage.tables import SingleUseToken
from portal.storage.unit_of_work import UnitOfWork

CONFIRM = "confirm"
RESET = "reset"
INVITE = "invite"
GOOD_FOR = {CONFIRM: CONFIRM_WITHIN, RESET: timedelta(hours=1), INVITE: timedelta(days=7)}


def issue(
    work: UnitOfWork,
    purpose: str,
    *,
    email: str,
    now: datetime,
    user_id: int | None = None,
    organisation_id: int | None = None,
    invited_by_id: int | None = None,
) -> SingleUseToken:
    """A row behind a new link. The link itself is made when its mail is composed."""
    row = SingleUseToken(
        purpose=purpose,
        nonce=secrets.token_hex(16),
        user_id=user_id,
        organisation_id=organisation_id,
        email=email,
        invited_by_id=invited_by_id,
        created_at=now,
        expires_at=now + GOOD_FOR[purpose],
    )
    work.session.add(row)
    work.session.flush()
    return row


def claimed(session: Session, token: str, purpose: str, key: str) -> SingleUseToken | None:
    """The row that a link truly names, used and expired ones included."""
    found = read_token(token)
    row = single_use.by_id(session, found[0]) if found else None
    if found is None or row is None or row.purpose != purpose:
        return None
    return row if fits(key, purpose, row.id, row.nonce, found[1]) else None


def read(session: Session, token: str, purpose: str, key: str, *, now: datetime) -> SingleUseToken:
    """The row of a link that is good now. Raises NotFound for every other."""
    row = claimed(session, token, purpose, key)
    if row is None or row.used_at is not None or now >= row.expires_at:
        raise NotFound("This link no longer works.")
    return row


def use(work: UnitOfWork, row: SingleUseToken, *, now: datetime) -> None:
    """Use a link up. Raises NotFound where somebody was faster."""
    statement = (
        update(SingleUseToken)
        .where(SingleUseToken.id == row.id, SingleUseToken.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    if work.session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]  # a CursorResult
        raise NotFound("This link no longer works.")


def end_others(work: UnitOfWork, purpose: str, user_id: int, *, now: datetime) -> None:
    """Older links of this purpose stop working."""
    work.session.execute(
        update(SingleUseToken)
        .where(
            SingleUseToken.purpose == purpose,
            SingleUseToken.user_id == user_id,
            SingleUseToken.used_at.is_(None),
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
