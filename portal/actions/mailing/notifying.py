"""Turning a fact into deliveries: who must be told, decided when its time has come.

One transaction for one outbox row, and only one relay can take it, so ten of them in parallel make one set.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.actions.portal import Portal
from portal.rules import facts
from portal.rules.facts import FACTS, Notice
from portal.settings import Settings
from portal.storage.queries import mailing, people, removal, restoring
from portal.storage.queries.newsletter import suppressions
from portal.storage.tables import (
    Delivery,
    Edition,
    Outbox,
    Release,
    SingleUseToken,
    Subscriber,
    TimelineEntry,
    User,
)
from portal.storage.unit_of_work import UnitOfWork

BATCH = 200
_ASKERS = (facts.READER, facts.ASKER)

_log = logging.getLogger(__name__)

# An address, and the person whose it is, where it is somebody's.
Address = tuple[str, int | None]


@dataclass(frozen=True)
class Subject:
    """What a fact is about."""

    outbox: Outbox
    release: Release | None
    edition: Edition | None


def due_outbox(portal: Portal, *, now: datetime, limit: int = BATCH) -> Sequence[int]:
    """Ids of the outbox rows that wait to be relayed, what was decided first; none while a restored copy is held."""
    with portal.database.reading() as session:
        return [] if restoring.is_held(session) else mailing.waiting_outbox(session, now, limit=limit)


def relay(portal: Portal, outbox_id: int, *, now: datetime, at: datetime | None = None) -> list[int]:
    """Make the deliveries of an outbox row and ring for them; answers with their ids.

    None for a row that is not due, was relayed before or does not exist, and none while a restored copy is held.
    `at` is real time, by which the first try is due; it differs from `now` under a test clock only.
    """
    with portal.work() as work:
        if not _taken(work, outbox_id, now):
            return []
        outbox = work.session.get_one(Outbox, outbox_id)
        made = _deliveries(work.session, outbox, portal.settings, at or now)
        work.session.add_all(made)
        work.session.flush()
        for delivery in made[:1]:  # a job does whatever else waits
            if outbox.fact in facts.DECISIVE:
                work.ring("moderation", "deliver", delivery.id)
            else:
                work.ring("mail", "deliver", delivery.id)
        work.commit()
        return [delivery.id for delivery in made]


def _taken(work: UnitOfWork, outbox_id: int, now: datetime) -> bool:
    statement = (
        update(Outbox)
        .where(
            Outbox.id == outbox_id,
            Outbox.relayed_at.is_(None),
            Outbox.not_before <= now,
            restoring.not_held(),
        )
        .values(relayed_at=now)
    )
    return bool(work.session.execute(statement).rowcount == 1)  # type: ignore[attr-defined]  # a CursorResult


def _deliveries(session: Session, outbox: Outbox, settings: Settings, at: datetime) -> list[Delivery]:
    fact = FACTS.get(outbox.fact)
    notices = fact.notices if fact else ()
    made = [delivery for notice in notices for delivery in _for_notice(session, outbox, notice, settings, at)]
    # That an address is not a reader's, or nobody's, is no fault; askers are answered alike, so it is only seen here.
    if not made and any(notice.to not in _ASKERS for notice in notices):
        _log.warning("nobody is there to be told of %s (outbox %s)", outbox.fact, outbox.id)
    return made


def _for_notice(
    session: Session, outbox: Outbox, notice: Notice, settings: Settings, at: datetime
) -> Iterable[Delivery]:
    told: dict[str, Address] = {}
    for address, user_id in _group(session, outbox, notice.to, settings):
        told.setdefault(address.lower(), (address, user_id))
    return [
        Delivery(
            outbox_id=outbox.id, template=notice.template, recipient=address, user_id=user_id, next_at=at
        )
        for address, user_id in told.values()
    ]


def _group(session: Session, outbox: Outbox, group: str, settings: Settings) -> list[Address]:
    """Everybody of one of the groups of rules/facts.py, as they are now."""
    case = Subject(
        outbox=outbox,
        release=session.get(Release, outbox.release_id) if outbox.release_id else None,
        edition=session.get(Edition, outbox.edition_id) if outbox.edition_id else None,
    )
    return GROUPS[group](session, case, settings)


def _sender(session: Session, case: Subject, _settings: Settings) -> list[Address]:
    return _users(mailing.sender_of(session, case.release, case.edition)) if case.release else []


def _received(session: Session, case: Subject, _settings: Settings) -> list[Address]:
    """Who of the sender's side was mailed about the release, and whoever sent this edition."""
    if case.release is None:
        return []
    told = mailing.members_mailed_about(session, case.release)
    return _users([*mailing.sender_of(session, case.release, case.edition), *told])


def _readers(session: Session, case: Subject, settings: Settings) -> list[Address]:
    """The ledger of a kill, where its mail was asked for; the sender is told by a mail of their own."""
    entry = session.get(TimelineEntry, case.outbox.timeline_id) if case.outbox.timeline_id else None
    if case.release is None or entry is None or not entry.detail.get("mail_readers"):
        return []
    own = {address.lower() for address, _ in _sender(session, case, settings)}
    ledger = removal.received(session, case.release.id)
    return [(each.address, each.user_id) for each in ledger if each.address.lower() not in own]


def _readers_of_kill(session: Session, case: Subject, _settings: Settings) -> list[Address]:
    told = removal.told_of_kill(session, case.release.id) if case.release else []
    return [(each.address, each.user_id) for each in told]


def _holder(session: Session, case: Subject, _settings: Settings) -> list[Address]:
    """Whoever holds it, or held it until this fact."""
    holder_id = case.outbox.user_id or (case.edition.holder_id if case.edition else None)
    return _users([mailing.active_user(session, holder_id)])


def _desk(session: Session, case: Subject, settings: Settings) -> list[Address]:
    """Whoever holds it, else who decided last, else who is on duty."""
    found = _holder(session, case, settings)
    if not found and case.edition is not None:
        found = _users([mailing.last_decider(session, case.edition)])
    return found or _duty(session, case, settings)


def _duty(session: Session, case: Subject, settings: Settings) -> list[Address]:
    if settings.duty_email:
        return [(parseaddr(settings.duty_email)[1], None)]
    return _editors(session, case, settings)


def _editors(session: Session, case: Subject, _settings: Settings) -> list[Address]:
    own = case.release.organisation_id if case.release else None
    return _users(people.editors(session, not_of_organisation=own))


def _other_editors(session: Session, case: Subject, settings: Settings) -> list[Address]:
    """All of them besides the one whose act this is."""
    editors = _editors(session, case, settings)
    return [(address, user_id) for address, user_id in editors if user_id != case.outbox.user_id]


def _administrators(session: Session, _case: Subject, _settings: Settings) -> list[Address]:
    return _users(people.administrators(session))


def _person(session: Session, case: Subject, _settings: Settings) -> list[Address]:
    """The address in the token of an account fact, or else the person whom the fact is about."""
    outbox = case.outbox
    token = session.get(SingleUseToken, outbox.token_id) if outbox.token_id else None
    user = session.get(User, outbox.user_id) if outbox.user_id else None
    if token is not None:
        return [(token.email, user.id if user and user.email == token.email else None)]
    return _users([user])


def _reader(session: Session, case: Subject, _settings: Settings) -> list[Address]:
    """Nobody where the reader was erased meanwhile, or where the address is to be left alone."""
    reader_id, at = case.outbox.subscriber_id, case.outbox.created_at
    reader = session.get(Subscriber, reader_id) if reader_id is not None else None
    if reader is None or suppressions.is_suppressed(session, reader.email, at):
        return []
    return [(reader.email, None)]


def _users(found: Iterable[User | None]) -> list[Address]:
    return [(user.email, user.id) for user in found if user is not None and user.blocked_at is None]


GROUPS = {
    facts.SENDER: _sender,
    facts.RECEIVED: _received,
    facts.READERS: _readers,
    facts.READERS_OF_KILL: _readers_of_kill,
    facts.DESK: _desk,
    facts.HOLDER: _holder,
    facts.PREVIOUS_HOLDER: _holder,
    facts.DUTY: _duty,
    facts.EDITORS: _editors,
    facts.OTHER_EDITORS: _other_editors,
    facts.ADMINS: _administrators,
    facts.PERSON: _person,
    facts.ASKER: _person,
    facts.READER: _reader,
}
