"""A letter of the daily e-mail that an editor wants to look at: asked for by a row, sent like any other mail.

It is no fact that others are told of, so it is a delivery from the start, and it stays out of the ledger of letters.
"""

from datetime import datetime

from portal.actions.newsletter.building import LONG_AGO
from portal.actions.portal import Portal
from portal.actions.presses import begin_press, keep_press
from portal.rules.permissions import Person
from portal.storage.tables import Delivery, Outbox

TEMPLATE = "letter"


def ask(portal: Portal, person: Person, on: str, *, now: datetime) -> None:
    """The issue of a date as it will stand when it is sent, to the address of whoever asks.

    Raises Repeated for the same press once more. Another form asks anew: the letter may have changed meanwhile.
    """
    with portal.work() as work:
        pressed = begin_press(work, portal.press, still=lambda _result: False)
        row = Outbox(
            fact="letter_asked",
            user_id=person.id,
            digest_date=on,
            created_at=now,
            not_before=now,
            relayed_at=now,
        )
        work.session.add(row)
        work.session.flush()
        mail = Delivery(
            outbox_id=row.id,
            template=TEMPLATE,
            recipient=person.email,
            user_id=person.id,
            next_at=LONG_AGO,  # due at once, also where the portal's time is not the real one
        )
        work.session.add(mail)
        work.session.flush()
        work.ring("mail", "deliver", mail.id)
        keep_press(pressed)
        work.commit()
