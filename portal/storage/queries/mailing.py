"""Finding who must be told and what a mail is about. Internal notes are not among what it reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from portal.rules import newsletter_links
from portal.rules.facts import DECISIVE
from portal.rules.mailing.mail_truth import Standing
from portal.rules.release_states import WAITING_STATES
from portal.storage.queries import alarms, organisations, people, registrations
from portal.storage.queries.alarms import Alarm
from portal.storage.queries.bounded import MOST, counted, is_one_of
from portal.storage.queries.newsletter import subscribers
from portal.storage.tables import (
    Decision,
    Delivery,
    Edition,
    Membership,
    Message,
    Organisation,
    Outbox,
    Place,
    Registration,
    Release,
    Revision,
    SingleUseToken,
    Subscriber,
    TimelineEntry,
    User,
)
from portal.storage.tables.organisations import OWNER

T = TypeVar("T")
UNSENT = ("pending", "sending")
TO_READERS = ("killed_reader", "reverted_reader")
"""Notices to whoever was mailed about a release; readers of the daily e-mail are among them."""


@dataclass(frozen=True)
class Occasion:
    """One delivery with every row that its mail may speak of."""

    delivery: Delivery
    outbox: Outbox
    recipient: User | None = None
    person: User | None = None
    release: Release | None = None
    edition: Edition | None = None
    revision: Revision | None = None
    # The text before the change that the fact speaks of.
    before: Revision | None = None
    entry: TimelineEntry | None = None
    decision: Decision | None = None
    message: Message | None = None
    token: SingleUseToken | None = None
    organisation: Organisation | None = None
    # A reader of the daily e-mail, and the places that were asked for, by slug.
    subscriber: Subscriber | None = None
    places: Mapping[str, Place] = field(default_factory=dict)
    alarm: Alarm | None = None
    # Every try to register this address that waits, where they are mailed once more.
    registrations: Sequence[Registration] = ()
    # An editor has approved something of the organisation: before, no word of it stands in a subject.
    organisation_is_proved: bool = False


def occasion(session: Session, delivery_id: int) -> Occasion | None:
    """What the mail of a delivery is about, read now."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        return None
    outbox = session.get_one(Outbox, delivery.outbox_id)
    release = _row(session, Release, outbox.release_id)
    edition = _row(session, Edition, outbox.edition_id)
    entry = _row(session, TimelineEntry, outbox.timeline_id)
    token = _row(session, SingleUseToken, outbox.token_id)
    reader = _reader(session, delivery, outbox)
    organisation = _organisation(session, outbox, release, token)
    return Occasion(
        delivery=delivery,
        outbox=outbox,
        recipient=_row(session, User, delivery.user_id),
        person=_row(session, User, outbox.user_id),
        release=release,
        edition=edition,
        revision=_row(session, Revision, _revision_id(edition, entry)),
        before=_row(session, Revision, entry.detail.get("before")) if entry else None,
        entry=entry,
        decision=_row(session, Decision, entry.detail.get("decision")) if entry else None,
        message=_row(session, Message, outbox.message_id),
        token=token,
        organisation=organisation,
        subscriber=reader,
        places=subscribers.places_named(session, reader.asked_for.get("places", ())) if reader else {},
        alarm=alarms.alarm(session, outbox),
        registrations=_registrations(session, outbox),
        organisation_is_proved=organisation is not None
        and organisations.has_approved_release(session, organisation.id),
    )


def standing(occasion: Occasion, now: datetime) -> Standing:
    """What the table of facts is asked about: how everything stands that the mail may speak of."""
    reader = occasion.subscriber
    link = occasion.token is not None and (occasion.token.used_at is not None or _is_confirmed(occasion))
    return replace(
        standing_of(occasion.entry, occasion.edition, occasion.release, occasion.decision),
        link_used=link,
        link_expired=reader is not None and newsletter_links.is_expired(reader.asked_at, now),
        reader=reader.state if reader else "",
    )


def _is_confirmed(occasion: Occasion) -> bool:
    """A confirming link asks for nothing once another link of the address was pressed."""
    token, person = occasion.token, occasion.person
    if token is None or person is None or token.purpose != "confirm":
        return False
    return person.confirmed_at is not None


def standing_of(
    entry: TimelineEntry | None, edition: Edition | None, release: Release | None, decision: Decision | None
) -> Standing:
    """The same of what a release's timeline says."""
    said_from = entry.detail.get("live_from") if entry else None
    return Standing(
        state=edition.state if edition else "",
        became=entry.to_state if entry else "",
        undone=decision is not None and decision.undone_at is not None,
        publication=release.publication if release else "",
        live_from=release.live_from if release else None,
        said_from=datetime.fromisoformat(said_from) if said_from else None,
    )


def _reader(session: Session, delivery: Delivery, outbox: Outbox) -> Subscriber | None:
    if delivery.template in TO_READERS and delivery.user_id is None:
        return subscribers.by_email(session, delivery.recipient)
    return _row(session, Subscriber, outbox.subscriber_id)


def waiting_outbox(session: Session, now: datetime, *, limit: int) -> Sequence[int]:
    """Outbox rows whose time has come and that nobody has turned into deliveries: of releases of which something was
    decided, then the rest, each oldest first."""
    statement = (
        select(Outbox.id, Outbox.fact, Outbox.release_id)
        .where(Outbox.relayed_at.is_(None), Outbox.not_before <= now)
        .order_by(Outbox.id)
    )
    return _decisions_first(session, statement, limit)


def waiting_deliveries(session: Session, at: datetime, *, limit: int) -> Sequence[int]:
    """Deliveries whose next try was due at `at`, in the same order; a sending whose lease has ended is among them."""
    statement = (
        select(Delivery.id, Outbox.fact, Outbox.release_id)
        .join(Outbox, Outbox.id == Delivery.outbox_id)
        .where(is_one_of(Delivery.state, UNSENT), Delivery.next_at <= at)
        .order_by(Delivery.next_at, Delivery.id)
    )
    return _decisions_first(session, statement, limit)


def _decisions_first(session: Session, statement: Select[int, str, int | None], limit: int) -> list[int]:
    """What waits of a release with a decision, in its own order: nobody reads "rejected" before "received".

    The decisions are looked for among all that waits only where not all of it is seen anyway.
    """
    seen = session.execute(statement.limit(limit)).all()
    decided = {release_id for _, fact, release_id in seen if fact in DECISIVE}
    first = [row_id for row_id, _, release_id in seen if release_id in decided]
    if len(seen) == limit:
        found = session.execute(statement.where(Outbox.fact.in_(DECISIVE)).limit(limit))
        decided = {release_id for _, _, release_id in found}
        of_these = statement.where(Outbox.release_id.in_(decided)).limit(limit)
        first = [row_id for row_id, _, _ in session.execute(of_these)] if decided else []
    return list(dict.fromkeys([*first, *(row_id for row_id, _, _ in seen)]))[:limit]


def unexamined_editions(session: Session, *, limit: int) -> Sequence[int]:
    """Sent editions that no check has looked at, oldest first."""
    return session.scalars(
        select(Edition.id)
        .where(is_one_of(Edition.state, WAITING_STATES), Edition.examined_at.is_(None))
        .order_by(Edition.submitted_at, Edition.id)
        .limit(limit)
    ).all()


def count_unexamined(session: Session) -> int:
    """As far as is counted."""
    conditions = (is_one_of(Edition.state, WAITING_STATES), Edition.examined_at.is_(None))
    return session.scalar(counted(*conditions, table=Edition)) or 0


@dataclass(frozen=True)
class Backlog:
    """Mails that wait (facts not yet turned into mails count as one each), since when, and those given up.

    Each is counted as far as `bounded.MOST`; the oldest is that of the first so many.
    """

    pending: int
    oldest: datetime | None
    failed: int
    failures: Sequence[Delivery]


def backlog(session: Session, *, shown: int = 20) -> Backlog:
    """For the operator; `shown` of the newest failures are named."""
    unsent = select(Delivery.outbox_id).where(is_one_of(Delivery.state, UNSENT))
    unsent = unsent.order_by(Delivery.next_at, Delivery.id)
    deliveries, oldest_delivery = _counted_since(session, unsent)
    facts, oldest_fact = _counted_since(
        session, select(Outbox.id).where(Outbox.relayed_at.is_(None)).order_by(Outbox.id)
    )
    failed = session.scalar(counted(Delivery.state == "failed", table=Delivery)) or 0
    newest = select(Delivery).where(Delivery.state == "failed").order_by(Delivery.id.desc()).limit(shown)
    oldest = min((found for found in (oldest_delivery, oldest_fact) if found), default=None)
    return Backlog(deliveries + facts, oldest, failed, session.scalars(newest).all())


def _counted_since(session: Session, facts: Select[int]) -> tuple[int, datetime | None]:
    """How many ids of facts a statement gives, as far as is counted, and since when the first of these wait."""
    some = facts.limit(MOST + 1).subquery()
    caused = select(func.count(), func.min(Outbox.created_at)).select_from(some)
    count, oldest = session.execute(caused.join(Outbox, Outbox.id == some.c[0])).one()
    return count, oldest


def sender_of(session: Session, release: Release, edition: Edition | None) -> Sequence[User]:
    """Whoever sent the edition, while an active member of its organisation; else the owners."""
    ids = [edition.submitted_by_id, edition.draft_saved_by_id] if edition else []
    for user_id in [*ids, release.created_by_id]:
        found = _active_members(session, release.organisation_id, user_id=user_id) if user_id else ()
        if found:
            return found
    return _active_members(session, release.organisation_id, role=OWNER)


def members_mailed_about(session: Session, release: Release) -> Sequence[User]:
    """Active members of its organisation to whom a mail about the release went or is on its way, as the deliveries say."""
    went = (
        select(Delivery.user_id)
        .join(Outbox, Outbox.id == Delivery.outbox_id)
        .where(Outbox.release_id == release.id, Delivery.state.not_in(("failed", "dropped")))
    )
    members = select(Membership.user_id).where(
        Membership.organisation_id == release.organisation_id, Membership.removed_at.is_(None)
    )
    return session.scalars(
        select(User).where(User.id.in_(went), User.id.in_(members), people.active()).order_by(User.id)
    ).all()


def is_active_member(session: Session, user: User, organisation_id: int) -> bool:
    return bool(_active_members(session, organisation_id, user_id=user.id))


def active_user(session: Session, user_id: int | None) -> User | None:
    return session.scalars(select(User).where(User.id == user_id, people.active())).one_or_none()


def last_decider(session: Session, edition: Edition) -> User | None:
    """The active editor who decided on this edition last, be it undone or not."""
    return session.scalars(
        select(User)
        .join(Decision, Decision.decided_by_id == User.id)
        .where(Decision.edition_id == edition.id, people.active())
        .order_by(Decision.id.desc())
        .limit(1)
    ).one_or_none()


def _active_members(
    session: Session, organisation_id: int, *, user_id: int | None = None, role: str | None = None
) -> Sequence[User]:
    statement = (
        select(User)
        .join(
            Membership,
            and_(Membership.user_id == User.id, Membership.organisation_id == organisation_id),
        )
        .where(Membership.removed_at.is_(None), people.active())
        .order_by(User.id)
    )
    if user_id is not None:
        statement = statement.where(User.id == user_id)
    if role is not None:
        statement = statement.where(Membership.role == role)
    return session.scalars(statement).all()


def _revision_id(edition: Edition | None, entry: TimelineEntry | None) -> int | None:
    """The text that the fact speaks of, or else the one that is current."""
    named = entry.revision_id if entry else None
    return named or (edition.revision_id if edition else None)


def _organisation(
    session: Session, outbox: Outbox, release: Release | None, token: SingleUseToken | None
) -> Organisation | None:
    if release is not None:
        return release.organisation
    if token is not None:
        return _row(session, Organisation, token.organisation_id)
    if outbox.organisation_id is not None:
        return session.get_one(Organisation, outbox.organisation_id)
    return _organisation_left(session, outbox) if outbox.fact == "member_removed" else None


def _registrations(session: Session, outbox: Outbox) -> Sequence[Registration]:
    if outbox.fact != "confirmation_asked_again" or outbox.user_id is None:
        return ()
    return registrations.waiting(session, outbox.user_id, outbox.created_at)


def _organisation_left(session: Session, outbox: Outbox) -> Organisation | None:
    """The organisation that a removed member acted for last; rows of before 0019 do not name it."""
    statement = (
        select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == outbox.user_id, Membership.removed_at <= outbox.created_at)
        .order_by(Membership.removed_at.desc(), Membership.id.desc())
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def _row(session: Session, table: type[T], row_id: int | None) -> T | None:
    return session.get(table, row_id) if row_id is not None else None
