"""Bugs on purpose, each a mistake that is easily made: the checker has to catch every one.

They are put into the processes of the harness while they run; nothing of the product knows of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from portal.actions.mailing import notifying
from portal.actions.portal import Portal
from portal.actions.releases import moving
from portal.commands import machine_settings
from portal.outlets.mail import notices
from portal.outlets.mail.senders import Outgoing, sender_from
from portal.storage.queries import mailing
from portal.storage.tables import Delivery, Outbox
from portal.storage.unit_of_work import UnitOfWork

SLOW_COMMIT = 0.3
"""Seconds in which a kill shows the mistake; in life they are shorter and there are more of them."""


@dataclass(frozen=True)
class Plant:
    """`put_in` is called in each process with its name; `prepare` once with the database; `focus`: whom kills prefer."""

    put_in: Callable[[str], None]
    focus: tuple[str, ...]
    prepare: Callable[[Portal], None] = lambda _portal: None


def _mail_before_commit(process: str) -> None:
    """The mail goes out inside the transaction that it speaks of."""
    if process != "web":
        return
    commit, settings = UnitOfWork.commit, machine_settings()

    def commit_after_mailing(work: UnitOfWork) -> None:
        for ring in [ring for ring in work._rings if ring.job == "relay"]:
            del work._rings[ring]
            _mail_now(work, ring.row_id, settings)
            time.sleep(SLOW_COMMIT)
        commit(work)

    UnitOfWork.commit = commit_after_mailing  # type: ignore[method-assign]


def _mail_now(work: UnitOfWork, outbox_id: int, settings: Any) -> None:
    outbox, now = work.session.get_one(Outbox, outbox_id), datetime.now(UTC)
    outbox.relayed_at = now
    made = notifying._deliveries(work.session, outbox, settings, now)
    work.session.add_all(made)
    work.session.flush()
    for delivery in made:
        occasion = mailing.occasion(work.session, delivery.id)
        assert occasion is not None
        message = notices.compose(occasion, settings, now=now)
        sender_from(settings).deliver(Outgoing(delivery.id, delivery.recipient, message))
        delivery.message_id, delivery.attempts = str(message["Message-ID"]), 1
        delivery.state, delivery.sent_at = "sent", now
    work.session.flush()


def _relay_trusts_the_key(_process: str) -> None:
    """The relay takes any row and trusts that the database refuses a second set of deliveries."""

    def taken(work: UnitOfWork, outbox_id: int, now: datetime) -> bool:
        work.session.get_one(Outbox, outbox_id).relayed_at = now
        return True

    notifying._taken = taken


def _drop_the_key(portal: Portal) -> None:
    """… and the database does not."""
    name = next(index.name for index in Delivery.__table__.indexes if index.unique)  # type: ignore[attr-defined]
    with portal.work() as work:
        work.session.execute(text(f"DROP INDEX {name}"))
        work.commit()


def _queue_is_the_truth(process: str) -> None:
    """What waits stands in Redis alone: nobody looks at the rows."""
    if process != "clock":
        return
    from workers.clock import ClockProcess

    begin = ClockProcess.__init__

    def without_rows(clock: ClockProcess, *arguments: Any) -> None:
        begin(clock, *arguments)
        for part in ("relay", "deliver", "examine"):
            clock.parts.pop(part)

    ClockProcess.__init__ = without_rows  # type: ignore[method-assign]


def _state_before_record(process: str) -> None:
    """The state is committed first, and its record in a second transaction."""
    if process != "web":
        return
    set_state = moving._compare_and_set

    def set_and_commit(work: UnitOfWork, *arguments: Any) -> None:
        set_state(work, *arguments)
        work.session.commit()
        time.sleep(SLOW_COMMIT)

    moving._compare_and_set = set_and_commit


PLANTS = {
    "mail-before-commit": Plant(_mail_before_commit, ("web",)),
    "missing-unique-key": Plant(_relay_trusts_the_key, ("worker", "worker and horse"), _drop_the_key),
    "queue-as-truth": Plant(_queue_is_the_truth, ("redis", "worker and horse")),
    "state-before-record": Plant(_state_before_record, ("web",)),
}
