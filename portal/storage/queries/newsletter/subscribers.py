"""Finding readers of the daily e-mail, what they chose, and everything that is kept about an address."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from portal.rules.facts import READERSHIP, templates_to
from portal.rules.reader_choice import Choice
from portal.storage.queries.newsletter import digests
from portal.storage.tables import (
    Delivery,
    DigestDelivery,
    DigestIssue,
    DigestItem,
    ErasedReader,
    Outbox,
    Place,
    Release,
    Subscriber,
)

TO_READERS = templates_to(READERSHIP)


def by_email(session: Session, email: str) -> Subscriber | None:
    return session.scalars(select(Subscriber).where(Subscriber.email == email)).one_or_none()


def locked(session: Session, reader_id: int) -> Subscriber | None:
    """The reader, whom nobody else changes until this work ends."""
    return session.get(Subscriber, reader_id, with_for_update=True, populate_existing=True)


def was_erased(session: Session, link_hash: str) -> bool:
    """Is this the hash of the link to leave of a reader whose data was deleted?"""
    return bool(session.scalar(select(exists().where(ErasedReader.link_hash == link_hash))))


def choice_of(reader: Subscriber) -> Choice:
    """What a reader reads, in the order in which it was chosen."""
    chosen = [(each.dimension, each.value) for each in reader.subscriptions]
    return Choice(
        tuple(value for dimension, value in chosen if dimension == "kind"),
        tuple(value for dimension, value in chosen if dimension == "place"),
    )


def places_named(session: Session, slugs: Collection[str]) -> dict[str, Place]:
    """Rows of these places by slug; a country without a release may have none."""
    found = session.scalars(select(Place).where(Place.slug.in_(slugs))) if slugs else ()
    return {place.slug: place for place in found}


def mails_since(session: Session, reader_id: int, since: datetime) -> int:
    """How many times links were asked for and mailed to a reader."""
    statement = select(func.count()).where(Outbox.subscriber_id == reader_id, Outbox.created_at > since)
    return session.scalar(statement) or 0


def newest_issue(session: Session) -> str | None:
    """The date of the newest issue that went out."""
    return session.scalar(select(func.max(DigestIssue.date)).where(digests.went_out()))


def letters_of(session: Session, reader_id: int) -> Sequence[tuple[str, str, datetime | None, list[str]]]:
    """Every issue for a reader: its date, what became of it, when, and the references it named."""
    named: dict[int, list[str]] = {}
    items = (
        select(DigestItem.delivery_id, Release.reference)
        .join(DigestDelivery, DigestDelivery.id == DigestItem.delivery_id)
        .join(Release, Release.id == DigestItem.release_id)
        .where(DigestDelivery.subscriber_id == reader_id)
        .order_by(Release.reference)
    )
    for delivery_id, reference in session.execute(items):
        named.setdefault(delivery_id, []).append(reference)
    letters = (
        select(DigestDelivery.id, DigestIssue.date, DigestDelivery.state, DigestDelivery.sent_at)
        .join(DigestIssue, DigestIssue.id == DigestDelivery.issue_id)
        .where(DigestDelivery.subscriber_id == reader_id)
        .order_by(DigestIssue.date)
    )
    return [(date, state, at, named.get(number, [])) for number, date, state, at in session.execute(letters)]


def mails_to(session: Session, email: str) -> Sequence[tuple[Delivery, Outbox]]:
    """Every other mail to an address, the oldest first."""
    statement = (
        select(Delivery, Outbox)
        .join(Outbox, Outbox.id == Delivery.outbox_id)
        .where(func.lower(Delivery.recipient) == email)
        .order_by(Delivery.id)
    )
    return [(delivery, row) for delivery, row in session.execute(statement)]


def mails_as_reader(session: Session, email: str, reader_id: int | None) -> Sequence[Delivery]:
    """Mails to an address because it belongs to a reader, and not to somebody with an account."""
    of_reader = Outbox.subscriber_id == reader_id if reader_id is not None else None
    because = Delivery.template.in_(TO_READERS)
    statement = (
        select(Delivery)
        .join(Outbox, Outbox.id == Delivery.outbox_id)
        .where(
            func.lower(Delivery.recipient) == email,
            Delivery.user_id.is_(None),
            because if of_reader is None else or_(because, of_reader),
        )
    )
    return session.scalars(statement).all()
