"""What editors do with a waiting release: claim it, read it, decide on it. A decision names the text it was taken on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from portal.actions.moderating import deciding, effects, reservations, second_pair
from portal.actions.moderating.deciding import Verdict
from portal.actions.portal import Portal
from portal.actions.publishing import going_live
from portal.actions.releases import claims, conversing
from portal.actions.releases.columns import new_submission_key
from portal.actions.releases.moving import TALK, Act, acting, clock_acting
from portal.rules import release_states as states
from portal.rules.issues import blocking
from portal.rules.permissions import Person
from portal.rules.reasons import REASONS
from portal.rules.refusals import BeingRead, Invalid, refused, required_words
from portal.rules.release_states import Step, review_step
from portal.rules.reminders import next_look
from portal.storage.columns import EditionColumns
from portal.storage.queries import releases
from portal.storage.queries.bounded import is_one_of
from portal.storage.tables import Decision, Edition, Note, Release, Revision

DECISIONS = ("approve", "request_changes", "reject")
CHOOSE = "Choose what to do."


@dataclass(frozen=True)
class Decided:
    """The effect: the outcome, and from when the release is public where it was a yes."""

    decision: str
    live_from: datetime | None
    waits_for_second: bool = False


def claim(portal: Portal, actor: Person, reference: str, *, version: int, now: datetime) -> None:
    """Claim a release for reading. One's own claim is renewed, also by an older page, or taken again where it lapsed
    and nobody followed; another's stands until it lapses."""
    with acting(portal, actor, reference, now=now) as act:
        row = act.require_step("claim")
        if claims.is_claimed_by(act.case, actor):
            claims.renew(act)
        else:
            _require_free(act)
            if act.edition.lapsed_holder_id != actor.id:
                act.require_version(version)
            _take(act, row)


def let_go(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str = "", now: datetime
) -> None:
    """Put a claimed release back in the queue; a message becomes a note for whoever reads it next."""
    with acting(portal, actor, reference, now=now) as act:
        row = require_claim(act, "let_go", version)
        if message.strip():
            _write_note(act, message)
        act.move(row, changes=claims.unclaimed())


def take_over(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str, now: datetime
) -> None:
    """A senior editor takes a claimed release, with a reason; the other editor is told."""
    why = required_words(message, "Say why you take over.")
    with acting(portal, actor, reference, now=now) as act:
        row = act.require("take_over", version)
        alone = reservations.require_unreserved(act)
        told = act.edition.holder_id
        act.move(row, changes=claims.claimed_by(act), detail={"why": why, **alone}, tell=told)


def hand_back(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str = "", now: datetime
) -> None:
    """Give a release back to its sender, who asked for it; a message goes along."""
    with acting(portal, actor, reference, now=now) as act:
        row = require_claim(act, "hand_back", version)
        if act.edition.asked_back_at is None:
            raise act.conflict("The sender has not asked for it back.")
        changes: EditionColumns = {
            **claims.unclaimed(),
            "ladder_next_at": None,
            "due_at": None,
            "submission_key": new_submission_key(),
            "promise_at": None,
        }
        act.move(row, changes=changes, message_id=conversing.kept(act, "desk", message))


def decide(
    portal: Portal, actor: Person, reference: str, verdict: Verdict, *, version: int, now: datetime
) -> Decided:
    """Approve, ask for changes or reject. Raises Invalid (reasons, message, time), Conflict, NotFound.

    A button that named its effect has this one or none. An approval is a first yes where a risk flag asks for two people and the recorded act that would do is missing.

    The loser of a race gets a Conflict that names the winner; nothing has changed then.
    """
    if verdict.decision not in DECISIONS:
        raise refused("decision", CHOOSE)
    with acting(portal, actor, reference, now=now) as act:
        row = require_claim(act, verdict.decision, version)
        revision = _require_read(act, verdict.revision_hash)
        _require_reasons(row, verdict)
        effects.require_own_fields(verdict)
        publish_at = going_live.editors_time(verdict.time, act.settings, now=now)
        second_pair.keep_records(act, verdict)
        if row.to == states.APPROVED:
            return _approve(act, row, revision, verdict, publish_at)
        decision = _write(act, revision, verdict)
        deciding.take(act, row, decision, changes=_decided(act, row))
        return Decided(verdict.decision, None)


def _approve(
    act: Act, row: Step, revision: Revision, verdict: Verdict, publish_at: datetime | None
) -> Decided:
    missing = second_pair.missing(act)
    effects.require(act, revision, verdict, publish_at, missing)
    if missing:
        second_pair.first_yes(act, revision, verdict, publish_at)
        return Decided(verdict.decision, None, waits_for_second=True)
    decision = _write(act, revision, verdict)
    return Decided(verdict.decision, deciding.approve(act, row, decision, publish_at))


def _write(act: Act, revision: Revision, verdict: Verdict) -> Decision:
    return deciding.write(
        act, revision, outcome=verdict.decision, message=verdict.message, reasons=verdict.reasons
    )


def add_note(portal: Portal, actor: Person, reference: str, *, note: str, now: datetime) -> None:
    """An internal remark. It lives in a table that no mail code reads."""
    words = required_words(note, "Write the note.", field="note")
    with acting(portal, actor, reference, now=now) as act:
        act.require_editor()
        _write_note(act, words)
        claims.renew_if_own(act)


def lapse_claims(portal: Portal, *, now: datetime) -> int:
    """The clock: releases whose reader went away wait in the queue again. How many lapsed."""
    with portal.database.reading() as session:
        lapsed = list(
            session.scalars(
                select(Release.reference)
                .join(Edition, Edition.release_id == Release.id)
                .where(is_one_of(Edition.state, (states.IN_REVIEW,)), Edition.claim_expires_at <= now)
            )
        )
    return sum(_lapse_one(portal, reference, now) for reference in lapsed)


def _lapse_one(portal: Portal, reference: str, now: datetime) -> bool:
    find = partial(releases.find_for_change, reference=reference)
    with clock_acting(portal, find, now=now) as act:
        row = review_step("lapse_claim", act.edition.state) if act else None
        if act is None or row is None or not claims.has_lapsed(act.case, now):
            return False
        act.move(row, changes={**claims.unclaimed(), "lapsed_holder_id": act.edition.holder_id})
        return True


def _write_note(act: Act, body: str) -> None:
    act.session.add(
        Note(release_id=act.release.id, body=body.strip(), author_id=act.person.id, written_at=act.now)
    )


def require_claim(act: Act, step: str, version: int) -> Step:
    """The row of a step that only whoever holds the claim takes; a claim that lapsed and that nobody followed is
    taken again. Raises Conflict, NotFound."""
    if act.edition.state == states.SUBMITTED and act.edition.lapsed_holder_id == act.person.id:
        act.require_version(version)
        _take(act, act.require_step("claim"))
        return act.require_step(step)
    _require_claimed(act)
    row = act.require(step, version)
    claims.renew(act)
    return row


def _require_claimed(act: Act) -> None:
    """Somebody who may decide and has not yet taken the release is told how."""
    act.require_editor()
    if act.edition.state == states.SUBMITTED:
        raise act.conflict("Nobody holds this release. Press “Read and decide” first.")


def _require_free(act: Act) -> None:
    if act.edition.state == states.IN_REVIEW and not claims.has_lapsed(act.case, act.now):
        holder = act.edition.holder.name if act.edition.holder else "Somebody"
        refusal = act.conflict(f"{holder} is reading this release.", besides=TALK)
        raise BeingRead(refusal.sentence, refusal.winner)


def _take(act: Act, row: Step) -> None:
    detail = reservations.require_unreserved(act)
    act.move(row, changes=claims.claimed_by(act), detail=detail)


def _decided(act: Act, row: Step) -> EditionColumns:
    if row.to != states.CHANGES_REQUESTED:
        return {}
    due = act.now + timedelta(days=act.settings.changes_due_days)
    return {
        "changes_due_at": due,
        "submission_key": new_submission_key(),
        "reminders": 0,
        "reminder_next_at": next_look(act.now, due, 0),
    }


def _require_read(act: Act, revision_hash: str) -> Revision:
    revision = act.edition.revision
    if revision is None or revision.hash != revision_hash:
        raise act.conflict("The text changed after you opened it.")
    return revision


def _require_reasons(row: Step, verdict: Verdict) -> None:
    issues = []
    what = "why" if row.to == states.REJECTED else "what to change"
    words = f"Write one sentence to the sender: {what}."
    if any(code not in REASONS for code in verdict.reasons):
        issues.append(blocking("WRITING", "reasons", "One of the reasons is not on the list. Choose again."))
    if row.needs_reason and not verdict.reasons:
        issues.append(blocking("WRITING", "reasons", "Choose at least one reason."))
    if row.needs_reason and not verdict.message.strip():
        issues.append(blocking("WRITING", "message", words))
    if issues:
        raise Invalid("The decision is not complete.", issues)
