"""What must be said, saved in the transaction of its cause."""

from datetime import datetime

from portal.rules.facts import FACTS
from portal.storage.tables import Outbox
from portal.storage.unit_of_work import UnitOfWork


def put(
    work: UnitOfWork,
    fact: str,
    *,
    now: datetime,
    not_before: datetime | None = None,
    timeline_id: int | None = None,
    release_id: int | None = None,
    edition_id: int | None = None,
    user_id: int | None = None,
    token_id: int | None = None,
    message_id: int | None = None,
) -> Outbox | None:
    """Remember that people must be told of this fact; None where the fact tells nobody.

    `user_id` is the person whom the notice concerns (see the groups in rules/facts.py).
    """
    if not FACTS[fact].notices:
        return None
    row = Outbox(
        fact=fact,
        timeline_id=timeline_id,
        release_id=release_id,
        edition_id=edition_id,
        user_id=user_id,
        token_id=token_id,
        message_id=message_id,
        created_at=now,
        not_before=not_before or now,
    )
    work.session.add(row)
    work.session.flush()
    work.ring("mail", "relay", row.id)
    return row
