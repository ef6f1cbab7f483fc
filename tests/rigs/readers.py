"""Readers of the daily e-mail: asked for by the actions, with the links that their mails carry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from email.message import EmailMessage

from sqlalchemy import select

from portal.actions.accounts.sessions import Visit
from portal.actions.mailing import notifying
from portal.actions.newsletter import subscribing
from portal.actions.portal import Portal
from portal.outlets.mail import notices
from portal.storage.queries import mailing
from portal.storage.queries.newsletter import subscribers
from portal.storage.tables import Base, Delivery, Outbox, Subscriber, Subscription
from tests.builders import NOON

READER = "reader@home.example"
AT_HOME = Visit("Firefox on Linux", "home")
LINK = re.compile(r"/newsletter/(confirm|unsubscribe|preferences)/(\S+)")


class Readers:
    """What a test of readers does and looks at again and again."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def ask(
        self,
        email: str = READER,
        *,
        kinds: Iterable[str] = (),
        places: Iterable[str] = (),
        visit: Visit = AT_HOME,
        now: datetime = NOON,
    ) -> None:
        subscribing.join(self.portal, email=email, kinds=kinds, places=places, visit=visit, now=now)

    def ask_for_link(self, email: str = READER, *, now: datetime = NOON) -> None:
        subscribing.ask_for_link(self.portal, email=email, visit=AT_HOME, now=now)

    def confirmed(self, email: str = READER, *, now: datetime = NOON, **chosen: Iterable[str]) -> Subscriber:
        """Somebody who asked and pressed the button; nothing waits to be mailed."""
        self.ask(email, now=now, **chosen)
        assert subscribing.confirm(self.portal, self.links(now=now)["confirm"], now=now)
        return self.reader(email)

    def mails(self, *, now: datetime = NOON) -> list[EmailMessage]:
        """What waits to be told, as the mails that it becomes."""
        with self.portal.database.reading() as session:
            waiting = mailing.waiting_outbox(session, now, limit=100)
        return [
            self.composed(each, now) for row in waiting for each in notifying.relay(self.portal, row, now=now)
        ]

    def composed(self, delivery_id: int, now: datetime = NOON) -> EmailMessage:
        with self.portal.database.reading() as session:
            occasion = mailing.occasion(session, delivery_id)
            assert occasion is not None
            return notices.compose(occasion, self.portal.settings, now=now)

    def links(self, *, now: datetime = NOON) -> dict[str, str]:
        """The tokens in the newest of the mails that wait, by what they are for."""
        return dict(LINK.findall(text_of(self.mails(now=now)[-1])))

    def reader(self, email: str = READER) -> Subscriber:
        found = self.find(email)
        assert found is not None
        return found

    def find(self, email: str = READER) -> Subscriber | None:
        with self.portal.database.reading() as session:
            return subscribers.by_email(session, email)

    def choice(self, email: str = READER) -> tuple[tuple[str, ...], tuple[str, ...]]:
        chosen = subscribers.choice_of(self.reader(email))
        return chosen.kinds, chosen.places


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def every_row(portal: Portal) -> dict[str, list[tuple[object, ...]]]:
    """The whole database, to be compared."""
    with portal.database.reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(table.select())]
            for table in Base.metadata.sorted_tables
        }


def rows_about(portal: Portal, email: str) -> dict[str, int]:
    """In how many rows an address or its reader still stands, by table."""
    with portal.database.reading() as session:
        return {
            "subscribers": len(session.scalars(select(Subscriber).where(Subscriber.email == email)).all()),
            "subscriptions": len(session.scalars(select(Subscription)).all()),
            "outbox": len(session.scalars(select(Outbox).where(Outbox.subscriber_id.is_not(None))).all()),
            "deliveries": len(session.scalars(select(Delivery).where(Delivery.recipient == email)).all()),
        }
