"""What the newsroom knows of a sender: how many were sent, how many ran, and how we know who they are."""

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.storage.tables import (
    Decision,
    DecisionReason,
    Edition,
    IdentityRecord,
    Note,
    Organisation,
    Release,
)

MOST_COUNTED = 200
"""So many of a house's releases are looked at: enough to know a sender by."""


@dataclass(frozen=True)
class Record:
    """An organisation's history beside its release: of all it sent, or `of_newest`, of the last so many."""

    sent: int
    approved: int
    rejected: int
    of_newest: bool
    last_reasons: tuple[str, ...]
    identity: IdentityRecord | None
    lookalike_of: Organisation | None


def record(session: Session, organisation: Organisation) -> Record:
    """Counts over its newest releases, the codes of its last refusal among them, and the last call back."""
    releases, sent, approved, rejected, refused = _counts(session, organisation.id)
    return Record(
        sent=sent,
        approved=approved,
        rejected=rejected,
        of_newest=releases > MOST_COUNTED,
        last_reasons=_last_reasons(session, organisation.id) if refused else (),
        identity=_identity(session, organisation.id),
        lookalike_of=session.get(Organisation, organisation.lookalike_of_id)
        if organisation.lookalike_of_id
        else None,
    )


def notes(session: Session, release: Release) -> list[Note]:
    """The newsroom's own remarks, oldest first."""
    return list(session.scalars(select(Note).where(Note.release_id == release.id).order_by(Note.id)))


def _newest(organisation_id: int) -> Select[int]:
    """Ids of the releases of a house that moved last, by the index of its desk."""
    return (
        select(Release.id)
        .where(Release.organisation_id == organisation_id)
        .order_by(Release.moved_at.desc(), Release.id.desc())
        .limit(MOST_COUNTED + 1)
    )


def _editions(organisation_id: int) -> Select[int]:
    """The ids of their editions. Looked up one by one: for a join SQLite would read all editions into a filter."""
    return select(Edition.id).where(Edition.release_id.in_(_newest(organisation_id)))


def _counts(session: Session, organisation_id: int) -> tuple[int, int, int, int, int]:
    """How many of its newest releases there are, how many rounds were sent of them, approved and rejected, and how many were not approved, be it undone or not."""
    sent = select(func.count()).where(Edition.release_id.in_(_newest(organisation_id)), Edition.round > 0)
    stands = (Decision.edition_id.in_(_editions(organisation_id)), Decision.undone_at.is_(None))
    decided = select(func.count()).where(*stands)
    statement = select(
        select(func.count()).select_from(_newest(organisation_id).subquery()).scalar_subquery(),
        sent.scalar_subquery(),
        decided.where(Decision.outcome == "approve").scalar_subquery(),
        decided.where(Decision.outcome == "reject").scalar_subquery(),
        select(func.count()).where(stands[0], Decision.outcome != "approve").scalar_subquery(),
    )
    releases, rounds, approved, rejected, refused = session.execute(statement).one()
    return releases, rounds, approved, rejected, refused


def _last_reasons(session: Session, organisation_id: int) -> tuple[str, ...]:
    refused = (Decision.edition_id.in_(_editions(organisation_id)), Decision.outcome != "approve")
    last = select(func.max(Decision.id)).where(*refused)
    codes = select(DecisionReason.code).where(DecisionReason.decision_id == last.scalar_subquery())
    return tuple(session.scalars(codes.order_by(DecisionReason.id)))


def _identity(session: Session, organisation_id: int) -> IdentityRecord | None:
    return session.scalars(
        select(IdentityRecord)
        .where(IdentityRecord.organisation_id == organisation_id)
        .order_by(IdentityRecord.id.desc())
        .limit(1)
    ).one_or_none()
