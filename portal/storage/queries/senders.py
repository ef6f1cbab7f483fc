"""What the newsroom knows of a sender: how many were sent, how many ran, and how we know who they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
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
    sent = _sent(session, organisation.id)
    identity = sent[0].IdentityRecord if sent else _identity(session, organisation.id)
    decisions = _decisions(session, [edition.id for edition in sent])
    standing = [decision.outcome for decision in decisions if decision.undone_at is None]
    refused = [decision.id for decision in decisions if decision.outcome != "approve"]
    return Record(
        sent=sum(edition.round > 0 for edition in sent),
        approved=standing.count("approve"),
        rejected=standing.count("reject"),
        of_newest=len({edition.release_id for edition in sent}) > MOST_COUNTED,
        last_reasons=_reasons(session, max(refused)) if refused else (),
        identity=identity,
        lookalike_of=session.get(Organisation, organisation.lookalike_of_id)
        if organisation.lookalike_of_id
        else None,
    )


def notes(session: Session, release: Release) -> list[Note]:
    """The newsroom's own remarks, oldest first."""
    return list(session.scalars(select(Note).where(Note.release_id == release.id).order_by(Note.id)))


def _sent(session: Session, organisation_id: int) -> Sequence[Any]:
    """The editions of the releases of a house that moved last, by the index of its desk; each with the last call to it,
    which so needs no statement of its own."""
    newest = (
        select(Release.id)
        .where(Release.organisation_id == organisation_id)
        .order_by(Release.moved_at.desc(), Release.id.desc())
        .limit(MOST_COUNTED + 1)
    )
    statement = (
        select(Edition.id, Edition.release_id, Edition.round, IdentityRecord)
        .outerjoin(IdentityRecord, IdentityRecord.id == _last_call(organisation_id).scalar_subquery())
        .where(Edition.release_id.in_(newest))
    )
    return session.execute(statement).all()


def _decisions(session: Session, edition_ids: Sequence[int]) -> Sequence[Any]:
    """In a second step: for a join both databases would read all decisions."""
    columns = (Decision.id, Decision.outcome, Decision.undone_at)
    return session.execute(select(*columns).where(Decision.edition_id.in_(edition_ids))).all()


def _reasons(session: Session, decision_id: int) -> tuple[str, ...]:
    codes = select(DecisionReason.code).where(DecisionReason.decision_id == decision_id)
    return tuple(session.scalars(codes.order_by(DecisionReason.id)))


def _identity(session: Session, organisation_id: int) -> IdentityRecord | None:
    newest = _last_call(organisation_id).scalar_subquery()
    return session.scalars(select(IdentityRecord).where(IdentityRecord.id == newest)).one_or_none()


def _last_call(organisation_id: int) -> Select[int]:
    calls = select(IdentityRecord.id).where(IdentityRecord.organisation_id == organisation_id)
    return calls.order_by(IdentityRecord.id.desc()).limit(1)
