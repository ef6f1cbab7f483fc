"""Everything that is kept about an address because it reads the daily e-mail: shown whole, or erased."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.actions.accounts.account_input import cleaned_email, require
from portal.actions.portal import Portal
from portal.rules import newsletter_links as links
from portal.rules.issues import Issue
from portal.rules.mailing.suppression import WISHES
from portal.storage.queries import people
from portal.storage.queries.newsletter import subscribers, suppressions
from portal.storage.tables import DigestDelivery, ErasedReader, Outbox, Subscriber, Suppression, User
from portal.storage.unit_of_work import UnitOfWork

UNSENT = ("pending", "sending")
ERASED = "erased"


def export(portal: Portal, email: str) -> dict[str, Any] | None:
    """All of it as one object for JSON; None where nothing is known of the address. Raises Invalid."""
    address = _cleaned(email)
    with portal.database.reading() as session:
        reader = subscribers.by_email(session, address)
        held = suppressions.by_email(session, address)
        mails = [_mail(delivery, row) for delivery, row in subscribers.mails_to(session, address)]
        account = people.by_email(session, address)
        if not (reader or held or mails or account):
            return None
        return {
            "email": address,
            "reader": _reader(reader) if reader else None,
            "letters": _letters(session, reader.id) if reader else [],
            "mails": mails,
            "suppression": _suppression(held) if held else None,
            "account": _account(account) if account else None,
        }


def erase(portal: Portal, email: str, *, now: datetime) -> bool:
    """Forget whoever reads with this address. Counts of past issues stay, the person does not.

    False where nothing of a reader was kept. An account with the address is another matter and stays, as does the
    wish to be left alone. Raises Invalid.
    """
    address = _cleaned(email)
    with portal.work() as work:
        reader = subscribers.by_email(work.session, address)
        found = _forget_mails(work, address, reader.id if reader else None)
        found = _forget_suppression(work, address) or found
        if reader is not None:
            erase_reader(work, reader, key=portal.settings.mail_key, now=now)
        work.commit()
        return found or reader is not None


def erase_reader(work: UnitOfWork, reader: Subscriber, *, key: str, now: datetime) -> None:
    """The same for a reader at hand; the caller commits. `key` is the mail key.

    What was sent is cut off from the reader's number, which SQLite may give to the next one. The hash of the link
    to leave stays: a mail program that presses it in an old letter is told the truth, that no letter comes.
    """
    session = work.session
    link_hash = links.unsubscribe_hash(key, reader.id, reader.nonce)
    session.add(ErasedReader(link_hash=link_hash, erased_at=now))
    _forget_mails(work, reader.email, reader.id)
    _forget_suppression(work, reader.email)
    unsent = DigestDelivery.state.in_(UNSENT)
    mine = DigestDelivery.subscriber_id == reader.id
    session.execute(update(DigestDelivery).where(mine, unsent).values(state="dropped", claimed_until=None))
    session.execute(
        update(DigestDelivery).where(mine).values(subscriber_id=-DigestDelivery.id, last_error="")
    )
    waiting = Outbox.relayed_at.is_(None)
    dropped = {"dropped_at": Outbox.not_before, "relayed_at": Outbox.not_before}
    of_reader = Outbox.subscriber_id == reader.id
    session.execute(update(Outbox).where(of_reader, waiting).values(**dropped))
    session.execute(update(Outbox).where(of_reader).values(subscriber_id=None))
    session.delete(reader)


def _forget_mails(work: UnitOfWork, email: str, reader_id: int | None) -> bool:
    """A mail that is under way may still arrive; its row no longer says to whom."""
    mails = subscribers.mails_as_reader(work.session, email, reader_id)
    for delivery in mails:
        delivery.recipient, delivery.last_error = f"({ERASED} {delivery.id})", ""
        if delivery.state in UNSENT:
            delivery.state, delivery.claimed_until = "dropped", None
    return bool(mails)


def _forget_suppression(work: UnitOfWork, email: str) -> bool:
    row = suppressions.by_email(work.session, email, lock=True)
    if row is None or (row.holds and row.reason in WISHES):
        return False
    work.session.delete(row)
    return True


def _cleaned(email: str) -> str:
    issues: list[Issue] = []
    address = cleaned_email(email, issues)
    require(issues)
    return address


def _reader(reader: Subscriber) -> dict[str, Any]:
    return {
        "state": reader.state,
        "asked_at": _iso(reader.asked_at),
        "confirmed_at": _iso(reader.confirmed_at),
        "left_at": _iso(reader.left_at),
        "paused_until": _iso(reader.paused_until),
        "corrections_only": reader.corrections_only,
        **subscribers.choice_of(reader).as_json(),
        "asked_for": reader.asked_for,
    }


def _letters(session: Session, reader_id: int) -> list[dict[str, Any]]:
    return [
        {"date": date, "state": state, "sent_at": _iso(at), "releases": references}
        for date, state, at, references in subscribers.letters_of(session, reader_id)
    ]


def _mail(delivery: Any, row: Outbox) -> dict[str, Any]:
    return {
        "notice": delivery.template,
        "caused_at": _iso(row.created_at),
        "state": delivery.state,
        "sent_at": _iso(delivery.sent_at),
    }


def _suppression(row: Suppression) -> dict[str, Any]:
    return {
        "holds": row.holds,
        "reason": row.reason,
        "detail": row.detail,
        "since": _iso(row.since),
        "soft_count": row.soft_count,
        "last_soft_at": _iso(row.last_soft_at),
        "lifted_at": _iso(row.lifted_at),
        "lifted_why": row.lifted_why,
    }


def _account(user: User) -> dict[str, Any]:
    return {"name": user.name, "role": user.role, "created_at": _iso(user.created_at)}


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
