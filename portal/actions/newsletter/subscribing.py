"""Joining, changing and leaving the daily e-mail.

Whatever an address is to us, asking with it is answered alike; what differs shows in its mailbox only. Nothing that a
stranger asks for changes what a reader gets: only the taps behind mailed links do.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.actions.accounts import limits
from portal.actions.accounts.account_input import cleaned_email, require
from portal.actions.accounts.sessions import Visit
from portal.actions.newsletter.reader_input import cleaned_choice, read_pause
from portal.actions.newsletter.reader_records import erase, erase_reader, export
from portal.actions.portal import Portal
from portal.rules import newsletter_links as links
from portal.rules.issues import Issue
from portal.rules.login_limits import NEWSLETTER
from portal.rules.reader_choice import Choice, from_json
from portal.rules.refusals import Conflict, NotFound
from portal.rules.tokens import fits, hash_of, read_token
from portal.storage import outbox
from portal.storage.queries.newsletter import subscribers, suppressions
from portal.storage.tables import Subscriber, Subscription
from portal.storage.unit_of_work import UnitOfWork

__all__ = [
    "Wishes", "ask_again", "ask_for_link", "confirm", "erase", "export", "join", "leave", "prefer", "reader_behind",
    "take_what_was_asked", "was_erased",
]  # fmt: skip

ASKED, CONFIRMED, LEFT = "asked", "confirmed", "left"


@dataclass(frozen=True)
class Wishes:
    """The form of the preferences as it was typed."""

    kinds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    corrections_only: bool = False
    pause_until: str = ""


def join(
    portal: Portal, *, email: str, kinds: Iterable[str], places: Iterable[str], visit: Visit, now: datetime
) -> None:
    """Ask for the daily e-mail: a link is mailed, and nobody is on the list before its button is pressed.

    A reader stays as they are and is mailed the link to their preferences. Raises Invalid, Throttled.
    """
    issues: list[Issue] = []
    address = cleaned_email(email, issues)
    with portal.database.reading() as session:
        choice = cleaned_choice(session, kinds, places, issues, now=now)
    require(issues)
    _begin_asking(portal, address, visit, now)
    for tries_left in (1, 0):
        try:
            with portal.work() as work:
                _take_asking(work, address, choice, now)
                work.commit()
                return
        except IntegrityError:  # two asked with one address at the same moment
            if not tries_left:
                raise


def ask_for_link(portal: Portal, *, email: str, visit: Visit, now: datetime) -> None:
    """Mail the link to change or leave, where the address has one. Raises Invalid, Throttled."""
    issues: list[Issue] = []
    address = cleaned_email(email, issues)
    require(issues)
    _begin_asking(portal, address, visit, now)
    with portal.work() as work:
        reader = _to_be_mailed(work, address, now)
        if reader is not None and reader.state == ASKED:
            _renew(reader, now)
            _mail(work, "newsletter_asked", reader, now)
        else:
            _mail(work, "newsletter_link_asked", reader, now)
        work.commit()


def ask_again(portal: Portal, token: str, *, visit: Visit, now: datetime) -> None:
    """The confirming link expired: mail a fresh one to the same address. Raises NotFound, Throttled."""
    with portal.database.reading() as session:
        reader = reader_behind(portal, session, token, links.CONFIRM)
    if reader.state == ASKED:
        ask_for_link(portal, email=reader.email, visit=visit, now=now)


def confirm(portal: Portal, token: str, *, now: datetime) -> bool:
    """Put the reader on the list, with what was chosen. Twice is no fault. False where the link has expired.

    Raises NotFound for a link that is not good.
    """
    with portal.work() as work:
        reader = _locked(portal, work, token, links.CONFIRM)
        if reader.state == LEFT:
            raise NotFound("This link no longer works.")
        if reader.state == CONFIRMED:
            return True
        if links.is_expired(reader.asked_at, now):
            return False
        _choose(reader, from_json(reader.asked_for))
        reader.state, reader.confirmed_at, reader.left_at = CONFIRMED, now, None
        reader.corrections_only, reader.paused_until, reader.asked_for = False, None, {}
        reader.version += 1
        work.commit()
        return True


def leave(portal: Portal, token: str, *, now: datetime) -> None:
    """Nothing is mailed from now on. Twice is no fault. Raises NotFound for a link that is not good."""
    with portal.work() as work:
        reader = _locked(portal, work, token, links.UNSUBSCRIBE)
        if reader.state == LEFT:
            return
        reader.state, reader.left_at, reader.asked_for = LEFT, now, {}
        reader.version += 1
        work.commit()


def prefer(portal: Portal, token: str, wishes: Wishes, *, delete: bool = False, now: datetime) -> None:
    """Keep what a reader chose, or with `delete` forget the reader. Raises NotFound, Invalid, Conflict."""
    issues: list[Issue] = []
    with portal.work() as work:
        reader = _locked(portal, work, token, links.PREFERENCES)
        if delete:
            erase_reader(work, reader, key=portal.settings.mail_key, now=now)
            work.commit()
            return
        _require_reader(reader)
        chosen = cleaned_choice(
            work.session,
            wishes.kinds,
            wishes.places,
            issues,
            now=now,
            kept=subscribers.choice_of(reader).places,
        )
        pause = read_pause(wishes.pause_until, portal.settings.zone, issues, now=now)
        require(issues)
        _choose(reader, chosen)
        reader.corrections_only, reader.paused_until, reader.asked_for = wishes.corrections_only, pause, {}
        if work.session.is_modified(reader):  # the same choices are no change
            reader.version += 1
        work.commit()


def take_what_was_asked(portal: Portal, token: str) -> None:
    """A reader who asked once more takes over what was chosen then. Raises NotFound, Conflict."""
    with portal.work() as work:
        reader = _locked(portal, work, token, links.PREFERENCES)
        _require_reader(reader)
        if reader.asked_for:
            _choose(reader, from_json(reader.asked_for))
            reader.asked_for = {}
            reader.version += 1
            work.commit()


def reader_behind(portal: Portal, session: Session, token: str, purpose: str) -> Subscriber:
    """Whose link this is. Raises NotFound for a link that was never ours, or whose reader is gone."""
    found = read_token(token)
    reader = session.get(Subscriber, found[0]) if found else None
    if found is None or reader is None or not _is_of(portal, reader, purpose, found[1]):
        raise NotFound("This link no longer works.")
    return reader


def was_erased(session: Session, token: str) -> bool:
    """Did this link to leave belong to a reader whose data was deleted? Made-up ones did not."""
    return read_token(token) is not None and subscribers.was_erased(session, hash_of(token))


def _is_of(portal: Portal, reader: Subscriber, purpose: str, code: str) -> bool:
    bound_to = links.asking(reader.nonce, reader.asked_at) if purpose == links.CONFIRM else reader.nonce
    return fits(portal.settings.mail_key, purpose, reader.id, bound_to, code)


def _locked(portal: Portal, work: UnitOfWork, token: str, purpose: str) -> Subscriber:
    found = read_token(token)
    if found:
        subscribers.locked(work.session, found[0])
    return reader_behind(portal, work.session, token, purpose)


def _begin_asking(portal: Portal, address: str, visit: Visit, now: datetime) -> None:
    limits.begin_try(portal, NEWSLETTER, account=address, visit=visit, now=now, mail_to=address)


def _to_be_mailed(work: UnitOfWork, address: str, now: datetime) -> Subscriber | None:
    """The reader or asker with this address; nobody where it is to be left alone."""
    reader = subscribers.by_email(work.session, address)
    if reader is None or suppressions.is_suppressed(work.session, address, now):
        return None
    return subscribers.locked(work.session, reader.id)


def _take_asking(work: UnitOfWork, address: str, choice: Choice, now: datetime) -> None:
    if suppressions.is_suppressed(work.session, address, now):
        _mail(work, "newsletter_asked", None, now)
        return
    reader = _to_be_mailed(work, address, now) or _new(work, address, now)
    reader.asked_for = choice.as_json()
    if reader.state == CONFIRMED:
        _mail(work, "newsletter_link_asked", reader, now)
        return
    _renew(reader, now)
    _mail(work, "newsletter_asked", reader, now)


def _new(work: UnitOfWork, address: str, now: datetime) -> Subscriber:
    reader = Subscriber(email=address, state=ASKED, nonce=secrets.token_hex(16), asked_at=now)
    work.session.add(reader)
    work.session.flush()
    return reader


def _renew(reader: Subscriber, now: datetime) -> None:
    """Whoever left asks anew, and so does whoever let most of the time go by; else the mailed link stays good."""
    if reader.state == LEFT or links.begins_anew(reader.asked_at, now):
        reader.asked_at = now
        reader.version += 1
    reader.state = ASKED


def _mail(work: UnitOfWork, fact: str, reader: Subscriber | None, now: datetime) -> None:
    """For nobody a row is written all the same, so that the answer takes as long."""
    if reader is not None:
        work.session.flush()
    outbox.put(work, fact, now=now, subscriber_id=reader.id if reader else None)


def _choose(reader: Subscriber, choice: Choice) -> None:
    """What stays chosen keeps its row: the database knows each choice once."""
    wanted = [("kind", value) for value in choice.kinds] + [("place", value) for value in choice.places]
    reader.subscriptions = [each for each in reader.subscriptions if (each.dimension, each.value) in wanted]
    kept = {(each.dimension, each.value) for each in reader.subscriptions}
    for dimension, value in wanted:
        if (dimension, value) not in kept:
            reader.subscriptions.append(Subscription(dimension=dimension, value=value))


def _require_reader(reader: Subscriber) -> None:
    if reader.state != CONFIRMED:
        raise Conflict("You are not on the list now. Ask for the daily e-mail first; nothing was changed.")
