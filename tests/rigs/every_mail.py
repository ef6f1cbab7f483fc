"""A mail of every kind that the portal sends, and every address that a scanner of mails finds in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import unescape

from portal.actions.mailing import notifying
from portal.actions.newsletter import building, subscribing
from portal.actions.portal import Portal
from portal.outlets.mail import notices
from portal.outlets.newsletter.daily_email import Reader, daily_email
from portal.outlets.newsletter.trial_letter import everything
from portal.rules import newsletter_links
from portal.rules.facts import FACTS
from portal.rules.reader_choice import Choice
from portal.storage.queries import mailing
from portal.storage.tables import Delivery
from tests import builders
from tests.rigs.mailroom import Newsroom, happen, newsroom
from tests.rigs.readers import Readers

STATES = {"changes_requested": "changes_requested", "rejected": "rejected", "went_live": "published"}
HOUR = timedelta(hours=1)
_IN_TEXT = re.compile(r"https?://[^\s<>\"]+")
_IN_HTML = re.compile(r'(?:href|src|action)="([^"]+)"')


def every_mail(portal: Portal, now: datetime) -> dict[str, list[EmailMessage]]:
    """The mails by template; those of the daily e-mail in each state in which a reader can be mailed."""
    found: dict[str, list[EmailMessage]] = {}
    for template, message in [*_notices(portal, now), *_to_readers(portal, now), *_letters(portal, now)]:
        found.setdefault(template, []).append(message)
    return found


def addresses_in(message: EmailMessage) -> set[str]:
    """Every web address in the text, the HTML and the headers."""
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    headers = " ".join(str(value) for name, value in message.items() if name.startswith("List-"))
    plain = _IN_TEXT.findall(f"{text.get_content()} {headers}")
    linked = [unescape(each) for each in _IN_HTML.findall(html.get_content())]
    return {each.rstrip(".,;:)") for each in [*plain, *linked] if each.startswith("http")}


def addresses_of(mails: Iterable[EmailMessage]) -> list[str]:
    return sorted(set().union(*map(addresses_in, mails)))


def _notices(portal: Portal, now: datetime) -> Iterator[tuple[str, EmailMessage]]:
    """One for each fact and template, however many people it goes to."""
    rooms: dict[str, Newsroom] = {}
    for name, fact in FACTS.items():
        if not fact.notices:
            continue
        state = STATES.get(name, "submitted")
        room = rooms[state] if state in rooms else rooms.setdefault(state, newsroom(portal, state=state))
        made = notifying.relay(portal, happen(portal, room, name, now=now), now=now)
        yield from (_composed(portal, delivery_id, now) for delivery_id in _one_of_each(portal, made))


def _one_of_each(portal: Portal, made: Iterable[int]) -> list[int]:
    with portal.database.reading() as session:
        found = {session.get_one(Delivery, number).template: number for number in made}
    return sorted(found.values())


def _composed(portal: Portal, delivery_id: int, now: datetime) -> tuple[str, EmailMessage]:
    with portal.database.reading() as session:
        occasion = mailing.occasion(session, delivery_id)
        assert occasion is not None
        return occasion.delivery.template, notices.compose(occasion, portal.settings, now=now)


def _to_readers(portal: Portal, now: datetime) -> Iterator[tuple[str, EmailMessage]]:
    """Asked, on the list and asked for something else, left."""
    readers, key = Readers(portal), portal.settings.mail_key
    for name in ("waiting", "on", "off"):
        readers.ask(f"{name}@home.example", kinds=["sports"], now=now)
    for name in ("on", "off"):
        row = readers.reader(f"{name}@home.example")
        path = newsletter_links.confirm_path(key, row.id, row.nonce, row.asked_at)
        subscribing.confirm(portal, path.rpartition("/")[2], now=now)
    gone = readers.reader("off@home.example")
    path = newsletter_links.unsubscribe_path(key, gone.id, gone.nonce)
    readers.ask("on@home.example", kinds=["event"], now=now)
    subscribing.leave(portal, path.rpartition("/")[2], now=now)
    readers.ask_for_link("off@home.example", now=now)
    for message in readers.mails(now=now):
        yield "newsletter_confirm" if "/confirm/" in str(message) else "newsletter_link", message


def _letters(portal: Portal, now: datetime) -> Iterator[tuple[str, EmailMessage]]:
    """The daily e-mail with news, a date ahead, a correction and a retraction."""
    reader = Readers(portal).reader("on@home.example")
    with portal.work() as work:
        for number in range(3):
            builders.published_release(work, kind="community", at=now - (number + 2) * HOUR)
        killed = builders.published_release(work, at=now - 9 * HOUR)
        killed.publication, killed.removed_at, killed.removal_reasons = "killed", now, ["FACTS"]
        told = {"release_id": killed.id, "reference": killed.reference, "what": "kill", "at": now.isoformat()}
        work.commit()
    with portal.database.reading() as session:
        issue = building.preview(portal, session, f"{now:%Y-%m-%d}", now=now)
        first = {**told, **{name: issue.contents[0][name] for name in ("release_id", "reference")}}
        issue.afterwards = [told, {**first, "what": "correction"}]
        letters = daily_email(session, issue, portal.settings, now)
        who = Reader(reader.id, reader.email, reader.nonce, Choice(), 1, "nonce")
        content = letters.message(who, everything(issue, letters.material.releases), now)
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    yield "daily", message
