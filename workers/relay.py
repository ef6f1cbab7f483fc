"""From facts to mails: relaying outbox rows and sending deliveries, by whoever comes first, worker or clock."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime
from email.message import EmailMessage

from portal.actions.mailing import delivering, notifying, pacing, suppressing
from portal.actions.newsletter import letter_testing
from portal.actions.portal import Portal
from portal.outlets.mail import notices
from portal.outlets.mail.senders import Outgoing, Receipt
from portal.outlets.newsletter import trial_letter
from portal.rules.mailing.mail_outcomes import REFUSED, SENT
from portal.storage.database import Session
from portal.storage.queries import mailing
from portal.storage.queries.mailing import Occasion
from workers.bench import Bench
from workers.digest_runs import as_it_stands

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
        mail = None if why_not else _composed(bench.portal, session, occasion, now)
    if mail is None:
        delivering.drop(bench.portal, delivery_id, why=why_not)
        return None
    if not mail.written:
        delivering.keep_message_id(bench.portal, delivery_id, str(mail.message["Message-ID"]))
    if settings.mail_rate:
        time.sleep(pacing.wait_of_a_mail(bench.portal, real_seconds=time.time()))
    return bench.sender.deliver(mail)


def _composed(portal: Portal, session: Session, occasion: Occasion, now: datetime) -> Outgoing:
    number, recipient = occasion.delivery.id, occasion.delivery.recipient
    if occasion.delivery.template != letter_testing.TEMPLATE:
        return Outgoing(number, recipient, notices.compose(occasion, portal.settings, now=now))
    letters, issue = as_it_stands(portal, session, occasion.outbox.digest_date or "", now)
    written = trial_letter.written(letters, issue, recipient, f"test {occasion.outbox.id}", now)
    return Outgoing(number, recipient, EmailMessage(), written)


def _mark(bench: Bench, delivery_id: int, receipt: Receipt) -> bool:
    if receipt.outcome == SENT:
        return delivering.mark_sent(bench.portal, delivery_id, now=bench.clock.now())
    for_good = receipt.outcome == REFUSED
    _log.warning("delivery %s was not taken: %s", delivery_id, receipt.detail[:80])
    delivering.mark_failed(bench.portal, delivery_id, why=receipt.detail, at=real_time(), for_good=for_good)
    if for_good:
        suppressing.note_refusal_of(bench.portal, delivery_id, detail=receipt.detail, now=bench.clock.now())
    return False
