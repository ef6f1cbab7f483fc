"""One test mail, straight to the mail server: the answer is what the operator wants to see."""

from __future__ import annotations

from portal.outlets.mail import notices
from portal.outlets.mail.senders import Outgoing, Receipt
from portal.storage.queries.mailing import Occasion
from portal.storage.tables import Delivery, Outbox
from workers.bench import Bench


def send_test(bench: Bench, recipient: str) -> Receipt:
    """Compose the notice `test` like any other mail and send it; no row is kept."""
    now = bench.clock.now()
    outbox = Outbox(id=0, fact="mail_tested", created_at=now, not_before=now)
    delivery = Delivery(id=0, outbox_id=0, template="test", recipient=recipient, message_id="")
    message = notices.compose(Occasion(delivery, outbox), bench.portal.settings, now=now)
    return bench.sender.deliver(Outgoing(0, recipient, message))
