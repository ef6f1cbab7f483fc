"""What a decision leaves behind: its own row with what stood before it, the publication, the timeline, the held mail.

Shared by the one editor who decides and by the second one who confirms.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.actions.publishing import going_live
from portal.actions.publishing.going_live import LocalTime
from portal.actions.releases import claims, conversing, mail_hold
from portal.actions.releases.moving import Act
from portal.rules.release_states import Step
from portal.storage.columns import EditionColumns
from portal.storage.queries.releases import Case
from portal.storage.tables import Decision, DecisionReason, Edition, Release, Revision
from portal.storage.tables.base import Instant

Detail = Mapping[str, object]
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
    """What an editor sends with a decision: outcome, the hash that was read, reasons, words, and a time.

    `effect` and `go` are what the pressed button says (effects.py); `records`: its form asks for the recorded acts.
    """

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
    effect: str = ""
    go: str = ""
    records: str = ""

    @property
    def time(self) -> LocalTime:
        """When it is to go public, as the editor typed it."""
        return LocalTime(self.publish_at, self.publish_timezone, self.publish_fold)


def write(
    act: Act, revision: Revision, *, outcome: str, message: str, reasons: Sequence[str] = ()
) -> Decision:
    """The decision's own row, with how everything stood before it. Call it before anything is changed."""
    decision = Decision(
        edition_id=act.edition.id,
        round=act.edition.round,
        revision_id=revision.id,
        revision_hash=revision.hash,
        outcome=outcome,
        message=message.strip(),
        decided_by_id=act.person.id,
        decided_at=act.now,
        before=snapshot(act.case),
        reasons=[DecisionReason(code=code) for code in dict.fromkeys(reasons)],
    )
    act.session.add(decision)
    conversing.no_answer_wanted(act)
    act.session.flush()
    return decision


def approve(
    act: Act, row: Step, decision: Decision, publish_at: datetime | None, *, detail: Detail | None = None
) -> datetime:
    """Take the step of a yes and set the publication with it; answers from when the release is public."""
    revision = act.session.get_one(Revision, decision.revision_id)
    live_from = going_live.put_live(act, revision, row.step, publish_at)
    told = {**(detail or {}), "live_from": live_from.isoformat()}
    take(act, row, decision, detail=told)
    going_live.record_if_due(act)
    return live_from


def take(
    act: Act,
    row: Step,
    decision: Decision,
    *,
    changes: EditionColumns | None = None,
    detail: Detail | None = None,
) -> None:
    """Take the step of a decision. `changes`: further columns of the edition. The mails are held for a while (mail_hold)."""
    act.move(
        row,
        changes={**closed(act.now), **(changes or {})},
        detail={**_told(decision), **_of_a_correction(act.case), **(detail or {})},
        not_before=mail_hold.until(act.settings, act.now),
    )


def closed(now: datetime) -> EditionColumns:
    """The columns of an edition that is decided: nobody has claimed it, and no promise runs."""
    return {**claims.unclaimed(), "ladder_next_at": None, "due_at": None, "decided_at": now}


def snapshot(case: Case) -> dict[str, Any]:
    """How release and edition stand, as JSON can keep it."""
    return {"release": _kept(case.release, OF_RELEASE), "edition": _kept(case.edition, OF_EDITION)}


def columns_of(row: Release | Edition, kept: dict[str, Any]) -> Any:  # EditionColumns or ReleaseColumns
    """The columns of a snapshot's half as their row wants them: what JSON kept as text is a time again."""
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


def _of_a_correction(case: Case) -> Detail:
    return {"correction": True} if case.edition.is_correction else {}


def _told(decision: Decision) -> Detail:
    return {"decision": decision.id, "reasons": [reason.code for reason in decision.reasons]}
