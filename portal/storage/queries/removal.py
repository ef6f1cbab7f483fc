"""Around a removal: who asked for it, who had received mail about the release, and which releases end by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.orm import Session

from portal.rules.facts import FACTS, RECEIVED, SENDER
from portal.storage.asked_once import asked_once
from portal.storage.queries.newsletter import digests
from portal.storage.queries.public_releases import visible
from portal.storage.tables import Delivery, Edition, Endorsement, Outbox, Release
from portal.storage.unit_of_work import UnitOfWork

KILL = "kill"
SAYS_PUBLIC = ("approved", "confirmed", "went_live", "correction_published")
"""Facts whose mails tell people outside the newsroom that a release is or will be public."""
# A mail in the hands of the mail server counts as received: nobody may be left with what was retracted.
MAY_HAVE_IT = ("sending", "sent", "uncertain")


@dataclass(frozen=True)
class Recipient:
    """Somebody to whom a mail went; `user_id` where the address is a person's of the portal."""

    address: str
    user_id: int | None


@dataclass(frozen=True)
class Told:
    """How many were told of a removal by mail, and when the last of these mails left."""

    count: int
    at: datetime | None


def kill_request(session: Session, release: Release) -> Endorsement | None:
    """The open request for a kill, be it fallen by time or not."""
    statement = select(Endorsement).where(
        Endorsement.release_id == release.id, Endorsement.act == KILL, Endorsement.ended_at.is_(None)
    )
    return asked_once(session, ("kill", release.id), lambda: session.scalars(statement).one_or_none())


def kill_asked(session: Session, release: Release, now: datetime) -> Endorsement | None:
    """The request for a kill that another editor may still confirm."""
    found = kill_request(session, release)
    return found if found and found.falls_at and found.falls_at > now else None


def end_kill_request(work: UnitOfWork, release: Release, *, now: datetime) -> None:
    """It was answered, or has fallen."""
    work.session.flush()
    work.session.execute(
        update(Endorsement)
        .where(Endorsement.release_id == release.id, Endorsement.act == KILL, Endorsement.ended_at.is_(None))
        .values(ended_at=now)
    )


def fallen_kill_requests(session: Session, now: datetime) -> Sequence[str]:
    """References of releases whose kill nobody confirmed in time."""
    return session.scalars(
        # An outer join only so that the few requests are read first; each has its release.
        select(Release.reference)
        .select_from(Endorsement)
        .outerjoin(Release, Release.id == Endorsement.release_id)
        .where(Endorsement.act == KILL, Endorsement.ended_at.is_(None), Endorsement.falls_at <= now)
    ).all()


def received(session: Session, release_id: int) -> list[Recipient]:
    """The ledger: everybody to whom a mail about its being public was really sent, each address once.

    Readers of the daily e-mail are among them as long as they are on the list; that it may not have arrived
    counts as sent, because nobody may be left with what was retracted.
    """
    told = _sent(session, release_id, _notices_outside(SAYS_PUBLIC))
    known = {each.address.lower() for each in told}
    readers = digests.readers_of(session, release_id)
    return [*told, *(Recipient(address, None) for address in readers if address.lower() not in known)]


def told_of_kill(session: Session, release_id: int) -> list[Recipient]:
    """To whom the kill mail went apart from the organisation: who must hear it when the kill is taken back."""
    return _sent(session, release_id, [("killed", "killed_reader")])


def told(session: Session, release_id: int, since: datetime) -> Told:
    """For the public notice: how many of those who had received it have been told since the removal."""
    count, at = session.execute(
        select(func.count(func.distinct(Delivery.recipient)), func.max(Delivery.sent_at))
        .join(Outbox, Outbox.id == Delivery.outbox_id)
        .where(
            Outbox.release_id == release_id,
            Outbox.fact == "killed",
            Outbox.created_at >= since,
            Delivery.template.in_(("killed", "killed_reader")),
            Delivery.state == "sent",
        )
    ).one()
    return Told(count, at)


def to_archive(session: Session, now: datetime, *, limit: int) -> Sequence[str]:
    """References of public releases that left the lists and of which that is not yet recorded."""
    statement = (
        select(Release.reference)
        .where(visible(now), Release.expires_at <= now, Release.archived_at.is_(None))
        .order_by(Release.expires_at)
        .limit(limit)
    )
    return session.scalars(statement).all()


def live_edition(session: Session, release: Release) -> Edition:
    """The edition whose text is public, or was until the removal. Only for releases that were approved."""
    return session.get_one(Edition, release.live_edition_id)


def _notices_outside(facts: Sequence[str]) -> list[tuple[str, str]]:
    return [
        (name, notice.template)
        for name in facts
        if name in FACTS
        for notice in FACTS[name].notices
        if notice.to in (SENDER, RECEIVED)
    ]


def _sent(session: Session, release_id: int, notices: Sequence[tuple[str, str]]) -> list[Recipient]:
    statement = (
        select(Delivery.recipient, Delivery.user_id)
        .join(Outbox, Outbox.id == Delivery.outbox_id)
        .where(
            Outbox.release_id == release_id,
            tuple_(Outbox.fact, Delivery.template).in_(list(notices)),
            Delivery.state.in_(MAY_HAVE_IT),
        )
        .order_by(Delivery.id)
    )
    found: dict[str, Recipient] = {}
    for address, user_id in session.execute(statement):
        found.setdefault(address.lower(), Recipient(address, user_id))
    return list(found.values())
