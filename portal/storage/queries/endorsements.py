"""The first yes to an approval that needs two people, and the recorded acts that make one editor enough."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from portal.rules.second_pair import FIRST_RELEASE, IDENTITY
from portal.storage.queries import flags
from portal.storage.tables import CheckRecord, Edition, Endorsement, IdentityRecord, Release, User
from portal.storage.unit_of_work import UnitOfWork

APPROVE = "approve"


def first_yes(session: Session, edition: Edition) -> Endorsement | None:
    """The first yes that waits for its second, or None."""
    return session.scalars(
        select(Endorsement).where(
            Endorsement.edition_id == edition.id,
            Endorsement.act == APPROVE,
            Endorsement.ended_at.is_(None),
        )
    ).one_or_none()


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


def acts_made(session: Session, release: Release, edition: Edition) -> frozenset[str]:
    """The recorded acts that count for this text: the call to its organisation, ever; the others since it was sent.

    Whoever sets the flag of a first release by hand asks for a call: then only one made since counts.
    """
    checked = select(CheckRecord.act).where(
        CheckRecord.edition_id == edition.id, CheckRecord.recorded_at >= edition.submitted_at
    )
    called = IdentityRecord.organisation_id == release.organisation_id
    asked_at = flags.set_by_editors(session, edition).get(FIRST_RELEASE)
    if asked_at is not None:
        called &= IdentityRecord.recorded_at >= asked_at
    was_called = session.scalar(select(exists().where(called)))
    return frozenset(session.scalars(checked)) | ({IDENTITY} if was_called else frozenset())
