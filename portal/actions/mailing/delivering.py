"""One mail at a time: claimed by compare-and-set, tried, and marked with what became of it.

`at` is real time, because back-offs and leases must not stand still when a test clock does; `now` is the
portal's time, which people are shown. A crash between the mail server's yes and our mark leaves the row claimed;
when its lease ends the mail goes again under the same Message-ID, so that programs can tell it is the same one.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, update
from sqlalchemy.orm import Session

from portal.actions.portal import Portal
from portal.rules.facts import FACTS
from portal.storage.queries import mailing, restoring
from portal.storage.queries.mailing import Occasion
from portal.storage.queries.newsletter import suppressions
from portal.storage.tables import Delivery

LEASE = timedelta(minutes=5)
"""Longer than the whole conversation with a mail server may take (outlets/mail/senders.py)."""

BACK_OFF_MINUTES = (1, 2, 5, 15, 60)
MOST_ATTEMPTS = 50
"""About two days of trying: a mail server that is away over a weekend loses nothing."""

LONGEST_ERROR = 500
BATCH = 50


def due_deliveries(portal: Portal, *, at: datetime, limit: int = BATCH) -> Sequence[int]:
    """Ids of the deliveries that should have been tried by `at`, what was decided first; none while a restored copy
    is held."""
    with portal.database.reading() as session:
        return [] if restoring.is_held(session) else mailing.waiting_deliveries(session, at, limit=limit)


def claim(portal: Portal, delivery_id: int, *, at: datetime) -> bool:
    """Take a delivery for one try. False where it is not due, sent already, held, or in somebody else's hands."""
    until = at + LEASE
    free = or_(
        and_(Delivery.state == "pending", Delivery.next_at <= at),
        and_(Delivery.state == "sending", Delivery.claimed_until <= at),
    )
    return _change(
        portal,
        delivery_id,
        and_(free, restoring.not_held()),
        state="sending",
        claimed_until=until,
        next_at=until,
        attempts=Delivery.attempts + 1,
    )


def reason_to_drop(session: Session, occasion: Occasion, *, now: datetime) -> str:
    """Why this mail must not go any more; empty while what it says still holds and its reader may read it."""
    if occasion.recipient is not None and occasion.recipient.blocked_at is not None:
        return "the person is blocked"
    if _left_organisation(session, occasion):
        return "the person left the organisation"
    not_for_reader = _not_for_reader(session, occasion, now) if occasion.outbox.subscriber_id else ""
    return not_for_reader or _no_longer_so(occasion, now)


def keep_message_id(portal: Portal, delivery_id: int, message_id: str) -> None:
    """Before the first try: every later one says the same."""
    _change(portal, delivery_id, Delivery.message_id == "", message_id=message_id)


def mark_sent(portal: Portal, delivery_id: int, *, now: datetime) -> bool:
    """The mail server took it. False where the row was marked by somebody else meanwhile."""
    return _change(
        portal,
        delivery_id,
        Delivery.state == "sending",
        state="sent",
        sent_at=now,
        claimed_until=None,
        last_error="",
    )


def mark_failed(portal: Portal, delivery_id: int, *, why: str, at: datetime, for_good: bool = False) -> bool:
    """It was not taken: try again later, or give up where the refusal is for good or the tries are used up."""
    attempts = _attempts(portal, delivery_id)
    gives_up = for_good or attempts >= MOST_ATTEMPTS
    return _change(
        portal,
        delivery_id,
        Delivery.state == "sending",
        state="failed" if gives_up else "pending",
        next_at=at + back_off(attempts),
        claimed_until=None,
        last_error=why[:LONGEST_ERROR],
    )


def drop(portal: Portal, delivery_id: int, *, why: str) -> bool:
    """It is no longer true, or no longer for this person: it never goes."""
    return _change(
        portal,
        delivery_id,
        Delivery.state == "sending",
        state="dropped",
        claimed_until=None,
        last_error=why[:LONGEST_ERROR],
    )


def revive_failed(portal: Portal, *, at: datetime) -> int:
    """Give every mail that was given up a new row of tries; answers with how many."""
    with portal.work() as work:
        statement = (
            update(Delivery).where(Delivery.state == "failed").values(state="pending", attempts=0, next_at=at)
        )
        count = work.session.execute(statement).rowcount  # type: ignore[attr-defined]  # a CursorResult
        work.commit()
        return int(count)


def state_of(portal: Portal, delivery_id: int) -> str:
    """pending, sending, sent, failed, uncertain or dropped."""
    with portal.database.reading() as session:
        return session.get_one(Delivery, delivery_id).state


def back_off(attempts: int) -> timedelta:
    """How long to wait after that many tries; a fifth more or less, so that not all mails come back at once."""
    minutes = BACK_OFF_MINUTES[min(max(attempts, 1), len(BACK_OFF_MINUTES)) - 1]
    return timedelta(minutes=minutes * random.uniform(0.8, 1.2))  # noqa: S311  # no secret, only spread


def _change(portal: Portal, delivery_id: int, condition: Any, **values: Any) -> bool:  # Any: SQL expressions
    with portal.work() as work:
        statement = update(Delivery).where(Delivery.id == delivery_id, condition).values(**values)
        done = work.session.execute(statement).rowcount == 1  # type: ignore[attr-defined]  # a CursorResult
        work.commit()
        return bool(done)


def _attempts(portal: Portal, delivery_id: int) -> int:
    with portal.database.reading() as session:
        return session.get_one(Delivery, delivery_id).attempts


def _left_organisation(session: Session, occasion: Occasion) -> bool:
    """Only what goes to the sender's side is bound to membership."""
    fact = FACTS.get(occasion.outbox.fact)
    to_sender = fact is not None and fact.tells_sender_by(occasion.delivery.template)
    if not to_sender or occasion.recipient is None or occasion.release is None:
        return False
    return not mailing.is_active_member(session, occasion.recipient, occasion.release.organisation_id)


def _not_for_reader(session: Session, occasion: Occasion, now: datetime) -> str:
    """Subscription and suppression are asked again at the moment of sending."""
    reader = occasion.subscriber
    if reader is None:
        return "the reader was erased"
    return "the address is suppressed" if suppressions.is_suppressed(session, reader.email, now) else ""


def _no_longer_so(occasion: Occasion, now: datetime) -> str:
    """The table of facts says while what each notice holds."""
    fact = FACTS.get(occasion.outbox.fact)
    return fact.why_not(mailing.standing(occasion, now), occasion.delivery.template) if fact else ""
