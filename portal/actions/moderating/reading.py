"""What editors do with a waiting release: hold it, read it, decide on it. A decision names the text it was taken on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.actions.moderating import deciding, reservations, second_pair
from portal.actions.moderating.deciding import Verdict
from portal.actions.portal import Portal
from portal.actions.publishing import going_live
from portal.actions.releases import claims, conversing, moving
from portal.actions.releases.columns import new_submission_key
from portal.rules import release_states as states
from portal.rules.issues import blocking
from portal.rules.permissions import Person
from portal.rules.reasons import REASONS
from portal.rules.refusals import Invalid
from portal.rules.release_states import Step, review_step
from portal.rules.reminders import next_look
from portal.storage.queries import releases
from portal.storage.queries.releases import Case
from portal.storage.tables import Edition, Note, Release, Revision
from portal.storage.unit_of_work import UnitOfWork

STEPS = {"approve": "approve", "request_changes": "request_changes", "reject": "reject"}


@dataclass(frozen=True)
class Decided:
    """The effect: the outcome, and from when the release is public where it was a yes."""

    decision: str
    live_from: datetime | None
    waits_for_second: bool = False


def claim(portal: Portal, actor: Person, reference: str, *, version: int, now: datetime) -> None:
    """Hold a release for reading. One's own claim is renewed; another's stands until it lapses."""
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        row = moving.require_step(work, case, "claim", actor)
        if claims.holds(case, actor):
            claims.renew(portal, case, now)
        else:
            _require_free(work, case, now)
            moving.require_version(work, case, version)
            _take(work, portal, case, row, actor, now)
        work.commit()


def let_go(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str = "", now: datetime
) -> None:
    """Put a held release back in the queue; a message becomes a note for whoever reads it next."""
    with portal.work() as work:
        case, row = open_held(work, portal, actor, reference, "let_go", version, now)
        if message.strip():
            _write_note(work, case, actor, message, now)
        moving.move(work, case, row, actor=actor, now=now, changes=claims.not_held())
        work.commit()


def take_over(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str, now: datetime
) -> None:
    """A senior editor takes a held release, with a reason; the other editor is told."""
    if not message.strip():
        raise Invalid("Say why you take over.", [blocking("WRITING", "message", "Say why you take over.")])
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        row = moving.require_step(work, case, "take_over", actor)
        moving.require_version(work, case, version)
        zone = portal.settings.timezone
        alone = reservations.require_unreserved(work, case, actor, now=now, zone=zone)
        told = case.edition.holder_id
        moving.move(
            work,
            case,
            row,
            actor=actor,
            now=now,
            changes=claims.held_by(portal, actor, now),
            detail={"why": message.strip(), **alone},
            tell=told,
        )
        work.commit()


def hand_back(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str = "", now: datetime
) -> None:
    """Give a release back to its sender, who asked for it; a message goes along."""
    with portal.work() as work:
        case, row = open_held(work, portal, actor, reference, "hand_back", version, now)
        if case.edition.asked_back_at is None:
            raise moving.conflict(work, case, "The sender has not asked for it back.")
        changes = {
            **claims.not_held(),
            **_promise_over(),
            "submission_key": new_submission_key(),
            "promise_at": None,
        }
        message_id = conversing.kept(work, case, actor, "desk", message, now)
        moving.move(work, case, row, actor=actor, now=now, changes=changes, message_id=message_id)
        work.commit()


def decide(
    portal: Portal, actor: Person, reference: str, verdict: Verdict, *, version: int, now: datetime
) -> Decided:
    """Approve, ask for changes or reject. Raises Invalid (reasons, message, time), Conflict, NotFound.

    An approval is a first yes where a risk flag asks for two people and the recorded act that would do is missing.

    The loser of a race gets a Conflict that names the winner; nothing has changed then.
    """
    step = STEPS.get(verdict.decision)
    if step is None:
        raise Invalid("Choose what to do.", [blocking("WRITING", "decision", "Choose what to do.")])
    with portal.work() as work:
        case, row = open_held(work, portal, actor, reference, step, version, now)
        revision = _require_read(work, case, verdict.revision_hash)
        _require_reasons(row, verdict)
        publish_at = going_live.editors_time(
            verdict.publish_at, verdict.publish_timezone, verdict.publish_fold, portal.settings, now=now
        )
        second_pair.keep_records(work, case, actor, verdict, now)
        if row.to == states.APPROVED and second_pair.missing(work, case):
            second_pair.first_yes(work, case, actor, revision, verdict, publish_at, now)
            decided = Decided(verdict.decision, None, waits_for_second=True)
        else:
            live_from = _take_decision(work, portal, case, row, actor, revision, verdict, publish_at, now)
            decided = Decided(verdict.decision, live_from)
        work.commit()
        return decided


def _take_decision(
    work: UnitOfWork,
    portal: Portal,
    case: Case,
    row: Step,
    actor: Person,
    revision: Revision,
    verdict: Verdict,
    publish_at: datetime | None,
    now: datetime,
) -> datetime | None:
    decision = deciding.write(
        work,
        case,
        actor,
        revision,
        outcome=verdict.decision,
        message=verdict.message,
        reasons=verdict.reasons,
        now=now,
    )
    changes = _decided(portal, row, now)
    return deciding.take(
        work, portal, case, row, actor, decision, publish_at=publish_at, changes=changes, now=now
    )


def add_note(portal: Portal, actor: Person, reference: str, *, note: str, now: datetime) -> None:
    """An internal remark. It lives in a table that no mail code reads."""
    if not note.strip():
        raise Invalid("Write the note.", [blocking("WRITING", "note", "Write the note.")])
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        moving.require_editor(work, case, actor)
        _write_note(work, case, actor, note, now)
        claims.renew_if_held(portal, case, actor, now)
        work.commit()


def lapse_claims(portal: Portal, *, now: datetime) -> int:
    """The clock: releases whose reader went away wait in the queue again. How many lapsed."""
    with portal.database.reading() as session:
        lapsed = list(
            session.scalars(
                select(Release.reference)
                .join(Edition, Edition.release_id == Release.id)
                .where(Edition.state == states.IN_REVIEW, Edition.claim_expires_at <= now)
            )
        )
    return sum(_lapse_one(portal, reference, now) for reference in lapsed)


def _lapse_one(portal: Portal, reference: str, now: datetime) -> bool:
    with portal.work() as work:
        case = releases.find_for_change(work, reference)
        row = review_step("lapse_claim", case.edition.state) if case else None
        if case is None or row is None or not claims.has_lapsed(case, now):
            return False
        changes = {**claims.not_held(), "lapsed_holder_id": case.edition.holder_id}
        moving.move(work, case, row, actor=None, now=now, changes=changes)
        work.commit()
        return True


def _write_note(work: UnitOfWork, case: Case, actor: Person, body: str, now: datetime) -> None:
    work.session.add(Note(release_id=case.release.id, body=body.strip(), author_id=actor.id, written_at=now))


def open_held(
    work: UnitOfWork, portal: Portal, actor: Person, reference: str, step: str, version: int, now: datetime
) -> tuple[Case, Step]:
    """The case in the hands of this editor; a claim that lapsed and that nobody followed is taken again."""
    case = moving.open_case(work, reference, actor)
    if case.edition.state == states.SUBMITTED and case.edition.lapsed_holder_id == actor.id:
        moving.require_version(work, case, version)
        row = moving.require_step(work, case, "claim", actor)
        _take(work, portal, case, row, actor, now)
        return case, moving.require_step(work, case, step, actor)
    _require_claimed(work, case, actor)
    row = moving.require_step(work, case, step, actor)
    moving.require_version(work, case, version)
    claims.renew(portal, case, now)
    return case, row


def _require_claimed(work: UnitOfWork, case: Case, actor: Person) -> None:
    """Somebody who may decide and has not yet taken the release is told how."""
    moving.require_editor(work, case, actor)
    if case.edition.state == states.SUBMITTED:
        raise moving.conflict(work, case, "Nobody holds this release. Press “Read and decide” first.")


def _require_free(work: UnitOfWork, case: Case, now: datetime) -> None:
    if case.edition.state == states.IN_REVIEW and not claims.has_lapsed(case, now):
        holder = case.edition.holder.name if case.edition.holder else "Somebody"
        raise moving.conflict(work, case, f"{holder} is reading this release.")


def _take(work: UnitOfWork, portal: Portal, case: Case, row: Step, actor: Person, now: datetime) -> None:
    zone = portal.settings.timezone
    detail = reservations.require_unreserved(work, case, actor, now=now, zone=zone)
    held = claims.held_by(portal, actor, now)
    moving.move(work, case, row, actor=actor, now=now, changes=held, detail=detail)


def _promise_over() -> dict[str, object]:
    return {"ladder_next_at": None, "due_at": None}


def _decided(portal: Portal, row: Step, now: datetime) -> dict[str, object]:
    if row.to != states.CHANGES_REQUESTED:
        return {}
    due = now + timedelta(days=portal.settings.changes_due_days)
    return {
        "changes_due_at": due,
        "submission_key": new_submission_key(),
        "reminders": 0,
        "reminder_next_at": next_look(now, due, 0),
    }


def _require_read(work: UnitOfWork, case: Case, revision_hash: str) -> Revision:
    revision = case.edition.revision
    if revision is None or revision.hash != revision_hash:
        raise moving.conflict(work, case, "The text changed after you opened it.")
    return revision


def _require_reasons(row: Step, verdict: Verdict) -> None:
    issues = []
    if any(code not in REASONS for code in verdict.reasons):
        issues.append(blocking("WRITING", "reasons", "One of the reasons is not on the list. Choose again."))
    if row.needs_reason and not verdict.reasons:
        issues.append(blocking("WRITING", "reasons", "Choose at least one reason."))
    if row.needs_reason and not verdict.message.strip():
        issues.append(blocking("WRITING", "message", "Write to the sender what to do, or why."))
    if issues:
        raise Invalid("The decision is not complete.", issues)
