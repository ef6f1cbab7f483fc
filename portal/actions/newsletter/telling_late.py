"""Letters that were under way while what they say was killed: their readers are told as soon as it is known that they have them.

The mails of a kill go to those of whom it was known then (actions/mailing/notifying.py). A letter in the hands of the
mail server at that moment becomes sent or uncertain only later, and its reader is told then, by the same fact.
Corrections, removals and approvals taken back need nothing here: the next issue goes by the ledger as it stands then.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from portal.rules.facts import FACTS, READERS
from portal.storage.queries.newsletter import digests
from portal.storage.tables import Delivery, Outbox, TimelineEntry
from portal.storage.unit_of_work import UnitOfWork

_TEMPLATES = tuple(notice.template for notice in FACTS["killed"].notices if notice.to == READERS)


def tell(work: UnitOfWork, issue_id: int, *, at: datetime) -> None:
    """A kill's mail to every reader of this issue who holds what was killed and has none yet. `at` is real time.

    Call it behind what became of the letters, in the same transaction: whoever is missed here is seen by the relay.
    """
    work.session.flush()
    for release_id in digests.killed_of_issue(work.session, issue_id):
        outbox = _newest_kill(work, release_id)
        if outbox is not None and outbox.relayed_at is not None and outbox.dropped_at is None:
            _tell_of(work, outbox, release_id, at)


def _newest_kill(work: UnitOfWork, release_id: int) -> Outbox | None:
    """Locked, so that a relay has either read the ledger with what is written here, or is seen to be done."""
    statement = (
        select(Outbox)
        .where(Outbox.release_id == release_id, Outbox.fact == "killed")
        .order_by(Outbox.id.desc())
        .limit(1)
    )
    locked = statement.with_for_update().execution_options(populate_existing=True)
    found = work.session.scalars(locked).one_or_none()
    cause = work.session.get(TimelineEntry, found.timeline_id) if found and found.timeline_id else None
    return found if cause is not None and cause.detail.get("mail_readers") else None


def _tell_of(work: UnitOfWork, outbox: Outbox, release_id: int, at: datetime) -> None:
    told = set(
        _lower(work.session.scalars(select(Delivery.recipient).where(Delivery.outbox_id == outbox.id)))
    )
    late = [
        address for address in digests.readers_of(work.session, release_id) if address.lower() not in told
    ]
    made = [
        Delivery(outbox_id=outbox.id, template=template, recipient=address, next_at=at)
        for address in late
        for template in _TEMPLATES
    ]
    work.session.add_all(made)
    work.session.flush()
    for delivery in made:
        work.ring("mail", "deliver", delivery.id)


def _lower(addresses: Iterable[str]) -> Iterable[str]:
    return (address.lower() for address in addresses)
