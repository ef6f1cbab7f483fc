"""From facts to mails: relaying outbox rows and sending deliveries, by whoever comes first, worker or clock."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from portal.actions import delivering, notifying, suppressing
from portal.outlets import notices
from portal.outlets.mail import REFUSED, SENT, Outgoing, Receipt
from portal.storage.queries import mailing
from workers.bench import Bench

_log = logging.getLogger(__name__)


def relay_row(bench: Bench, outbox_id: int) -> list[int]:
    """Make the deliveries of one outbox row; none where that was done before."""
    return notifying.relay(bench.portal, outbox_id, now=bench.clock.now(), at=real_time())


def deliver_row(bench: Bench, delivery_id: int) -> bool:
    """Send one mail if it is due and still true. True when the mail server took it.

    A mistake in composing it is marked like a failure of the mail server, so that one bad row is tried more and
    more rarely, is shown to the operator, and holds up nobody.
    """
    if not delivering.claim(bench.portal, delivery_id, at=real_time()):
        return False
    try:
        receipt = _try(bench, delivery_id)
    except Exception as problem:
        delivering.mark_failed(
            bench.portal, delivery_id, why=f"{type(problem).__name__}: {problem}", at=real_time()
        )
        raise
    return receipt is not None and _mark(bench, delivery_id, receipt)


def real_time() -> datetime:
    """Real time, by which back-offs and leases are counted, also under a test clock."""
    return datetime.now(UTC)


def _try(bench: Bench, delivery_id: int) -> Receipt | None:
    """The mail server's answer; None where the mail must not go any more."""
    with bench.portal.database.reading() as session:
        occasion = mailing.occasion(session, delivery_id)
        if occasion is None:
            return None
        why_not = delivering.reason_to_drop(session, occasion, now=bench.clock.now())
        settings, now = bench.portal.settings, bench.clock.now()
        message = None if why_not else notices.compose(occasion, settings, now=now)
    if message is None:
        delivering.drop(bench.portal, delivery_id, why=why_not)
        return None
    delivering.keep_message_id(bench.portal, delivery_id, str(message["Message-ID"]))
    return bench.sender.deliver(Outgoing(delivery_id, occasion.delivery.recipient, message))


def _mark(bench: Bench, delivery_id: int, receipt: Receipt) -> bool:
    if receipt.outcome == SENT:
        return delivering.mark_sent(bench.portal, delivery_id, now=bench.clock.now())
    for_good = receipt.outcome == REFUSED
    _log.warning("delivery %s was not taken: %s", delivery_id, receipt.detail[:80])
    delivering.mark_failed(bench.portal, delivery_id, why=receipt.detail, at=real_time(), for_good=for_good)
    if for_good:
        suppressing.note_refusal_of(bench.portal, delivery_id, detail=receipt.detail, now=bench.clock.now())
    return False
