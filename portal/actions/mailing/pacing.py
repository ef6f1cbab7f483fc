"""PORTAL_MAIL_RATE for all who send, in whichever process: a mail takes the next slot of its mail server before it goes.

One row for each server says until when its slots are taken; one statement takes some. Letters of the daily e-mail
take a handful at once and wait for theirs. Any other mail takes one and waits a second at the most: what somebody
decided is not held up by a thousand letters, which then find their slots taken and go later.
"""

from sqlalchemy import case, update
from sqlalchemy.exc import IntegrityError

from portal.actions.portal import Portal
from portal.storage.tables import MailPace

MOST_SECONDS_OF_A_MAIL = 1.0
FURTHEST_AHEAD = 60.0
"""Seconds. Slots are never taken further ahead, so that a machine whose clock is wrong stops nobody."""


def take_slots(portal: Portal, count: int, *, real_seconds: float) -> float:
    """The real time in seconds at which the first of `count` mails may go, the others at the rate of the setting."""
    rate, host = portal.settings.mail_rate, portal.settings.mail_host
    if not rate:
        return real_seconds
    taken = count / rate
    free_from = case(
        (
            (MailPace.free_at > real_seconds) & (MailPace.free_at <= real_seconds + FURTHEST_AHEAD),
            MailPace.free_at,
        ),
        else_=real_seconds,
    )
    statement = update(MailPace).where(MailPace.host == host).values(free_at=free_from + taken)
    with portal.work() as work:
        until: float | None = work.session.scalar(statement.returning(MailPace.free_at))
        work.commit()
    if until is None:
        _first(portal, host, real_seconds)
        return take_slots(portal, count, real_seconds=real_seconds)
    return until - taken


def wait_of_a_mail(portal: Portal, *, real_seconds: float) -> float:
    """Take the slot of one mail that is no letter of the daily e-mail; for how many seconds it has to wait."""
    may_go = take_slots(portal, 1, real_seconds=real_seconds)
    return min(MOST_SECONDS_OF_A_MAIL, max(0.0, may_go - real_seconds))


def _first(portal: Portal, host: str, real_seconds: float) -> None:
    """The row does not exist before the first mail; of two that make it at once, one has made it."""
    with portal.work() as work:
        work.session.add(MailPace(host=host, free_at=real_seconds))
        try:
            work.commit()
        except IntegrityError:
            return
