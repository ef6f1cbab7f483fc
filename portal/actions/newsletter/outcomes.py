"""What became of letters that were handed over, written down with the next handful: sent, tried again, given up, uncertain."""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from portal.actions.mailing import suppressing
from portal.rules.mailing import mail_refusals, suppression
from portal.rules.mailing.mail_outcomes import REFUSED, SENT, UNCERTAIN, UNTOUCHED
from portal.storage.tables import DigestDelivery, DigestItem, Subscriber
from portal.storage.unit_of_work import UnitOfWork

BACK_OFF_MINUTES = (1, 2, 5, 15, 30, 60)
MOST_ATTEMPTS = 15
LONGEST_ERROR = 300


@dataclass(frozen=True)
class Outcome:
    """What became of one letter. `step` and `code` are the mail server's, where it said no."""

    delivery_id: int
    outcome: str
    detail: str = ""
    step: str = ""
    code: int = 0


def record_outcomes(work: UnitOfWork, done: Collection[Outcome], *, now: datetime, at: datetime) -> None:
    """Compare-and-set on each: a letter that somebody called uncertain meanwhile is set right by what we know."""
    for each in done:
        if each.outcome == SENT:
            continue
        _record_trouble(work, each, now, at)
    work.session.flush()
    sent = [each.delivery_id for each in done if each.outcome == SENT]
    if sent:
        work.session.execute(
            update(DigestDelivery)
            .where(DigestDelivery.id.in_(sent), DigestDelivery.state.in_(("sending", "uncertain")))
            .values(state="sent", sent_at=now, claimed_until=None, last_error="")
            .execution_options(synchronize_session=False)
        )


def _record_trouble(work: UnitOfWork, each: Outcome, now: datetime, at: datetime) -> None:
    row = work.session.get(DigestDelivery, each.delivery_id)
    if row is None or row.state not in ("sending", "uncertain"):
        return
    row.claimed_until, row.last_error = None, each.detail[:LONGEST_ERROR]
    if each.outcome == UNCERTAIN:
        row.state = "uncertain"
        return
    row.handed_at = None
    if each.outcome == UNTOUCHED:
        forget_named(work, [row.id])  # its next try counts as the first
        row.state, row.attempts, row.next_at = "pending", max(0, row.attempts - 1), at
        return
    meaning = mail_refusals.meaning(each.step, each.code, each.detail.partition(" ")[2])
    gives_up = each.outcome == REFUSED or row.attempts >= MOST_ATTEMPTS
    row.state, row.next_at = ("failed" if gives_up else "pending"), at + back_off(row.attempts)
    if gives_up and each.code:
        _note_refusal(work, row, meaning, each.detail, now)


def _note_refusal(work: UnitOfWork, row: DigestDelivery, meaning: str, detail: str, now: datetime) -> None:
    """A refusal for good suppresses the address; a passing one is counted and forgotten after a while."""
    reader = work.session.get(Subscriber, row.subscriber_id)
    if reader is None or meaning == mail_refusals.OURS:
        return
    if meaning == mail_refusals.ADDRESS:
        suppressing.suppress(work, reader.email, reason=suppression.REFUSED, detail=detail, now=now)
    else:
        suppressing.note_soft(work, reader.email, detail=detail, now=now)


def forget_named(work: UnitOfWork, ids: Sequence[int]) -> None:
    """A letter that is tried again may name less than before, or not go at all."""
    if ids:
        work.session.execute(delete(DigestItem).where(DigestItem.delivery_id.in_(ids)))


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many tries; a fifth more or less, so that not all letters come back at once."""
    minutes = BACK_OFF_MINUTES[min(max(attempts, 1), len(BACK_OFF_MINUTES)) - 1]
    return timedelta(minutes=minutes * random.uniform(0.8, 1.2))  # noqa: S311  # no secret, only spread
