"""The first yes to an approval that needs two people, and the recorded acts that make one editor enough."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, false, literal_column, or_, select, update
from sqlalchemy.orm import Session, aliased

from portal.rules.second_pair import FIRST_RELEASE, IDENTITY
from portal.storage.asked_once import asked_once
from portal.storage.queries import flags
from portal.storage.tables import (
    CheckRecord,
    Decision,
    Edition,
    Endorsement,
    IdentityRecord,
    Organisation,
    Release,
    User,
)
from portal.storage.unit_of_work import UnitOfWork

APPROVE = "approve"
# Under names of their own: the questions around them are about releases and editions, too.
_Theirs, _Sent = aliased(Release), aliased(Edition)


def first_yes(session: Session, edition: Edition) -> Endorsement | None:
    """The first yes that waits for its second, or None."""
    statement = select(Endorsement).where(
        Endorsement.edition_id == edition.id,
        Endorsement.act == APPROVE,
        Endorsement.ended_at.is_(None),
    )
    return asked_once(session, ("first yes", edition.id), lambda: session.scalars(statement).one_or_none())


def names_of_first(session: Session, editions: Collection[int]) -> dict[int, str]:
    """Who gave the first yes, by the id of the edition that waits for the second."""
    if not editions:
        return {}
    statement = (
        select(Endorsement.edition_id, User.name)
        .join(User, User.id == Endorsement.user_id)
        .where(
            Endorsement.edition_id.in_(editions), Endorsement.act == APPROVE, Endorsement.ended_at.is_(None)
        )
    )
    return {row.edition_id: row.name for row in session.execute(statement)}


def end(work: UnitOfWork, edition: Edition, *, now: datetime) -> None:
    """The first yes was answered, or taken back, or what it was about has ended."""
    work.session.flush()
    work.session.execute(
        update(Endorsement)
        .where(
            Endorsement.edition_id == edition.id,
            Endorsement.act == APPROVE,
            Endorsement.ended_at.is_(None),
        )
        .values(ended_at=now)
    )


@dataclass(frozen=True)
class Recorded:
    """A recorded act that counts: by whom and when; no name where the sender's approvals stand in for the call."""

    by: str
    at: datetime | None


def acts_recorded(session: Session, release: Release, edition: Edition) -> dict[str, Recorded]:
    """The recorded acts that count for this text: the call to its organisation, ever; the others since it was sent.

    Who was approved since needs no call either. Whoever sets the flag of a first release by hand asks for a call: then
    only one made since counts.
    """
    checked = (
        select(CheckRecord.act, User.name, CheckRecord.recorded_at)
        .join(User, User.id == CheckRecord.recorded_by_id)
        .where(CheckRecord.edition_id == edition.id, CheckRecord.recorded_at >= edition.submitted_at)
        .order_by(CheckRecord.id)
    )
    found = {act: Recorded(name, at) for act, name, at in session.execute(checked)}
    asked_at = flags.set_by_editors(session, edition).get(FIRST_RELEASE)
    called = _call_that_counts(session, release, since=asked_at)
    return found | ({IDENTITY: called} if called else {})


def acts_made(session: Session, release: Release, edition: Edition) -> frozenset[str]:
    """Their names."""
    return frozenset(acts_recorded(session, release, edition))


def known_senders(session: Session, organisations: Collection[int]) -> frozenset[int]:
    """Which of these were called back once, or have had a release approved."""
    if not organisations:
        return frozenset()
    ids = select(Organisation.id).where(Organisation.id.in_(organisations), is_known(Organisation.id))
    return frozenset(session.scalars(ids))


def is_known(organisation_id: Any) -> ColumnElement[bool]:
    """Was this organisation (a column) called back, or has a release of it been approved?"""
    called = exists().where(IdentityRecord.organisation_id == organisation_id)
    return or_(called, _approved(organisation_id))


def acts_of_editions(session: Session, editions: Collection[int]) -> dict[int, frozenset[str]]:
    """The recorded acts besides the call, by edition, that were made since it was sent."""
    if not editions:
        return {}
    statement = (
        select(CheckRecord.edition_id, CheckRecord.act)
        .join(Edition, Edition.id == CheckRecord.edition_id)
        .where(CheckRecord.edition_id.in_(editions), CheckRecord.recorded_at >= Edition.submitted_at)
    )
    found: dict[int, frozenset[str]] = {}
    for edition_id, act in session.execute(statement):
        found[edition_id] = found.get(edition_id, frozenset()) | {act}
    return found


def _call_that_counts(session: Session, release: Release, *, since: datetime | None) -> Recorded | None:
    """The last call, or, where none is asked for anew, that the organisation was approved before: in one statement."""
    calls = select(IdentityRecord.id).where(IdentityRecord.organisation_id == release.organisation_id)
    if since is not None:
        calls = calls.where(IdentityRecord.recorded_at >= since)
    last = calls.order_by(IdentityRecord.id.desc()).limit(1).scalar_subquery()
    approved = _approved(release.organisation_id) if since is None else false()
    # One row always, with a call or without.
    one = select(literal_column("1").label("one")).subquery()
    statement = (
        select(User.name, IdentityRecord.recorded_at, approved)
        .select_from(one)
        .outerjoin(IdentityRecord, IdentityRecord.id == last)
        .outerjoin(User, User.id == IdentityRecord.recorded_by_id)
    )
    name, at, was_approved = session.execute(statement).one()
    if at is not None:
        return Recorded(name, at)
    return Recorded("", None) if was_approved else None


def _approved(organisation_id: Any) -> Any:
    return (
        exists()
        .where(_Theirs.organisation_id == organisation_id)
        .where(_Sent.release_id == _Theirs.id, Decision.edition_id == _Sent.id)
        .where(Decision.outcome == "approve", Decision.undone_at.is_(None))
    )
