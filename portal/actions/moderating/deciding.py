"""What a decision leaves behind: its own row with what stood before it, the publication, the timeline, the held mail.

Shared by the one editor who decides and by the second one who confirms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.actions.portal import Portal
from portal.actions.publishing import going_live
from portal.actions.releases import claims, mail_hold, moving
from portal.rules.permissions import Person
from portal.rules.release_states import APPROVED, Step
from portal.storage.queries.releases import Case
from portal.storage.tables import Decision, DecisionReason, Edition, Release, Revision
from portal.storage.tables.base import Instant
from portal.storage.unit_of_work import UnitOfWork

# What an undo puts back. A slug stays: an address that was given out once is never another's.
OF_RELEASE = (
    "publication",
    "live_from",
    "went_live_at",
    "updated_at",
    "expires_at",
    "archived_at",
    "live_edition_id",
    "live_revision_id",
    "country_slug",
    "city_slug",
)
OF_EDITION = (
    "decided_at",
    "published_at",
    "due_at",
    "ladder_step",
    "ladder_next_at",
    "changes_due_at",
    "submission_key",
    "reminders",
    "reminder_next_at",
    "rejected_by_id",
)


@dataclass(frozen=True)
class Verdict:
    """What an editor sends with a decision: outcome, the hash that was read, reasons, words, and a time."""

    decision: str
    revision_hash: str
    reasons: Sequence[str] = ()
    message: str = ""
    publish_at: str = ""
    publish_timezone: str = ""
    publish_fold: str = ""
    identity_person: str = ""
    identity_number: str = ""
    identity_source: str = ""
    consent_note: str = ""
    check_note: str = ""


def write(
    work: UnitOfWork,
    case: Case,
    actor: Person,
    revision: Revision,
    *,
    outcome: str,
    message: str,
    reasons: Sequence[str] = (),
    now: datetime,
) -> Decision:
    """The decision's own row, with how everything stood before it. Call it before anything is changed."""
    decision = Decision(
        edition_id=case.edition.id,
        round=case.edition.round,
        revision_id=revision.id,
        revision_hash=revision.hash,
        outcome=outcome,
        message=message.strip(),
        decided_by_id=actor.id,
        decided_at=now,
        before=snapshot(case),
        reasons=[DecisionReason(code=code) for code in dict.fromkeys(reasons)],
    )
    work.session.add(decision)
    work.session.flush()
    return decision


def take(
    work: UnitOfWork,
    portal: Portal,
    case: Case,
    row: Step,
    actor: Person,
    decision: Decision,
    *,
    publish_at: datetime | None = None,
    changes: dict[str, object] | None = None,
    detail: dict[str, object] | None = None,
    now: datetime,
) -> datetime | None:
    """Take the step of a decision; an approval sets the publication, and answers from when it is public.

    `changes`: further columns of the edition. The mails wait for the length of the hold.
    """
    live_from = None
    if row.to == APPROVED:
        live_from = _go_public(work, portal, case, decision, row.step, publish_at, now)
    moving.move(
        work,
        case,
        row,
        actor=actor,
        now=now,
        changes={**closed(now), **(changes or {})},
        detail={**_told(decision, live_from), **_of_a_correction(case), **(detail or {})},
        not_before=mail_hold.until(portal.settings, now),
    )
    if row.to == APPROVED:
        going_live.record_if_due(work, case, now=now)
    return live_from


def _go_public(
    work: UnitOfWork,
    portal: Portal,
    case: Case,
    decision: Decision,
    step: str,
    publish_at: datetime | None,
    now: datetime,
) -> datetime:
    revision = work.session.get_one(Revision, decision.revision_id)
    return going_live.put_live(
        work, case, revision, step=step, publish_at=publish_at, settings=portal.settings, now=now
    )


def closed(now: datetime) -> dict[str, object]:
    """The columns of an edition that is decided: nobody holds it, and no promise runs."""
    return {**claims.not_held(), "ladder_next_at": None, "due_at": None, "decided_at": now}


def snapshot(case: Case) -> dict[str, Any]:
    """How release and edition stand, as JSON can keep it."""
    return {"release": _kept(case.release, OF_RELEASE), "edition": _kept(case.edition, OF_EDITION)}


def columns_of(row: Release | Edition, kept: dict[str, Any]) -> dict[str, Any]:
    """The columns of a snapshot's half as their row wants them."""
    return {name: _read(row, name, value) for name, value in kept.items()}


def _read(row: Release | Edition, name: str, value: Any) -> Any:  # whatever the column holds
    """A kept value as its column wants it."""
    is_time = isinstance(type(row).__table__.c[name].type, Instant)
    return datetime.fromisoformat(value) if is_time and value else value


def _kept(row: Release | Edition, names: Sequence[str]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()
    }


def _of_a_correction(case: Case) -> dict[str, object]:
    return {"correction": True} if case.edition.is_correction else {}


def _told(decision: Decision, live_from: datetime | None) -> dict[str, object]:
    told: dict[str, object] = {
        "decision": decision.id,
        "reasons": [reason.code for reason in decision.reasons],
    }
    return told | ({"live_from": live_from.isoformat()} if live_from else {})
