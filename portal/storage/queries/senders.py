"""What the newsroom knows of a sender: how many were sent, how many ran, and how we know who they are."""

from dataclasses import dataclass

from sqlalchemy import func, select
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


@dataclass(frozen=True)
class Record:
    """An organisation's history beside its release."""

    sent: int
    approved: int
    rejected: int
    last_reasons: tuple[str, ...]
    identity: IdentityRecord | None
    lookalike_of: Organisation | None


def record(session: Session, organisation: Organisation) -> Record:
    """Counts over all its releases, the codes of its last refusal, and the last call back."""
    return Record(
        sent=_sent(session, organisation.id),
        approved=_outcomes(session, organisation.id, "approve"),
        rejected=_outcomes(session, organisation.id, "reject"),
        last_reasons=_last_reasons(session, organisation.id),
        identity=_identity(session, organisation.id),
        lookalike_of=session.get(Organisation, organisation.lookalike_of_id)
        if organisation.lookalike_of_id
        else None,
    )


def notes(session: Session, release: Release) -> list[Note]:
    """The newsroom's own remarks, oldest first."""
    return list(session.scalars(select(Note).where(Note.release_id == release.id).order_by(Note.id)))


def _sent(session: Session, organisation_id: int) -> int:
    statement = (
        select(func.count())
        .select_from(Edition)
        .join(Release, Release.id == Edition.release_id)
        .where(Release.organisation_id == organisation_id, Edition.round > 0)
    )
    return session.scalar(statement) or 0


def _outcomes(session: Session, organisation_id: int, outcome: str) -> int:
    statement = (
        select(func.count())
        .select_from(Decision)
        .join(Edition, Edition.id == Decision.edition_id)
        .join(Release, Release.id == Edition.release_id)
        .where(
            Release.organisation_id == organisation_id,
            Decision.outcome == outcome,
            Decision.undone_at.is_(None),
        )
    )
    return session.scalar(statement) or 0


def _last_reasons(session: Session, organisation_id: int) -> tuple[str, ...]:
    last = (
        select(Decision.id)
        .join(Edition, Edition.id == Decision.edition_id)
        .join(Release, Release.id == Edition.release_id)
        .where(Release.organisation_id == organisation_id, Decision.outcome != "approve")
        .order_by(Decision.id.desc())
        .limit(1)
    )
    codes = select(DecisionReason.code).where(DecisionReason.decision_id == last.scalar_subquery())
    return tuple(session.scalars(codes.order_by(DecisionReason.id)))


def _identity(session: Session, organisation_id: int) -> IdentityRecord | None:
    return session.scalars(
        select(IdentityRecord)
        .where(IdentityRecord.organisation_id == organisation_id)
        .order_by(IdentityRecord.id.desc())
        .limit(1)
    ).one_or_none()
