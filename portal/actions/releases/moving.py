"""The one door to every state: it reads the tables of rules/release_states.py and leaves a trace.

An edition moves by compare-and-set (`UPDATE … WHERE state = …`), the version moves with it, the timeline
row and the outbox row are written beside it, all in the caller's one transaction.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Update, update

from portal.actions.releases import finding, mail_hold
from portal.rules import permissions
from portal.rules import release_states as states
from portal.rules.facts import FACTS
from portal.rules.permissions import Matter, Person, Verdict
from portal.rules.refusals import Conflict, NotFound, Winner
from portal.rules.release_states import (
    DRAFT,
    EDITABLE_STATES,
    PUBLICATION,
    UNCHANGED,
    Step,
    publication_step,
    review_step,
    who_takes,
)
from portal.storage import outbox, timeline
from portal.storage.queries import endorsements, people, public_releases, releases
from portal.storage.queries.releases import Case
from portal.storage.tables import Edition, Release, TimelineEntry
from portal.storage.unit_of_work import UnitOfWork

# What people write to each other moves no version.
TALK = ("message_sent", "message_answered")
NOT_POSSIBLE = "This step is no longer possible."
# Of a release that no reader meets, nor will by itself. Its slug stays: an address is never another’s.
HIDDEN_COLUMNS: dict[str, Any] = {
    "live_from": None,
    "went_live_at": None,
    "live_edition_id": None,
    "live_revision_id": None,
}


def open_case(work: UnitOfWork, reference: str, actor: Person) -> Case:
    """The release that somebody wants to change, locked. Raises NotFound for a stranger as for no release."""
    case = releases.find_for_change(work, reference)
    if case is None or not permissions.may_know(actor, matter_of(work, case)):
        raise NotFound
    return case


def matter_of(work: UnitOfWork, case: Case) -> Matter:
    """What the permission table is asked about."""
    waits_for_second = case.edition.state == states.AWAITING_SECOND
    return Matter(
        organisation_id=case.release.organisation_id,
        holder_id=case.edition.holder_id,
        decider_id=releases.decider_id(work.session, case.edition),
        edited_by_id=case.edition.edited_by_id if waits_for_second else None,
        asked_back=case.edition.asked_back_at is not None,
        senior_exists=people.active_senior_exists(work.session),
    )


def require_step(work: UnitOfWork, case: Case, step: str, actor: Person) -> Step:
    """The row that allows this step now, for this person.

    Raises NotFound where the person's role may not know of it, Conflict where the state or the rules say no.
    """
    row = review_step(step, case.edition.state)
    verdict = permissions.may(who_takes(step), actor, matter_of(work, case))
    if verdict.hidden:
        raise NotFound
    if row is None or not row.offered:
        raise conflict(work, case, NOT_POSSIBLE)
    _require(work, case, verdict)
    return row


def shown_publication(work: UnitOfWork, case: Case, now: datetime) -> str:
    """The publication state that the second table is read with: scheduled, published and archived are shown states."""
    release = case.release
    return states.shown_publication(
        release.publication,
        visible=public_releases.is_visible(work.session, release, now),
        expired=release.expires_at is not None and release.expires_at <= now,
    )


def require_publication_step(
    work: UnitOfWork, case: Case, step: str, actor: Person, *, now: datetime, otherwise: str = NOT_POSSIBLE
) -> Step:
    """The row of the publication table that allows this step now, for this person.

    Raises NotFound, or Conflict with the sentence `otherwise` where the publication’s state does not allow it.
    """
    verdict = permissions.may(who_takes(step, PUBLICATION), actor, matter_of(work, case))
    if verdict.hidden:
        raise NotFound
    row = publication_step(step, shown_publication(work, case, now))
    if row is None or not row.offered:
        raise conflict(work, case, otherwise)
    _require(work, case, verdict)
    return row


def require_member(work: UnitOfWork, case: Case, actor: Person) -> None:
    """For what only the sender's side does. Raises NotFound."""
    _require(work, case, permissions.may("member", actor, matter_of(work, case)))


def require_editor(work: UnitOfWork, case: Case, actor: Person) -> None:
    """For what editors do beside the states. Raises NotFound, or Conflict for one's own organisation."""
    _require(work, case, permissions.may("editor", actor, matter_of(work, case)))


def require_version(work: UnitOfWork, case: Case, version: int) -> None:
    """Raises Conflict where somebody moved the release after the asker's page was made."""
    if case.release.version != version:
        raise conflict(work, case, "The release changed after you opened this page.", besides=TALK)


def conflict(work: UnitOfWork, case: Case, sentence: str, *, besides: Collection[str] = ()) -> Conflict:
    """The refusal for somebody who came second: it names who did what, when; `besides` is what did not do it."""
    last = releases.last_act_of_a_person(work.session, case.release, besides=besides)
    saved_at, saver_id = case.edition.draft_saved_at, case.edition.draft_saved_by_id
    if last is None or _saved_after(case, last):
        return Conflict(sentence, Winner(people.name_of(work.session, saver_id), "saved", saved_at))
    return Conflict(sentence, Winner(last.actor_name, last.fact, last.at))


def move(
    work: UnitOfWork,
    case: Case,
    row: Step,
    *,
    actor: Person | None,
    now: datetime,
    changes: dict[str, Any] | None = None,
    detail: dict[str, Any] | None = None,
    tell: int | None = None,
    message_id: int | None = None,
    not_before: datetime | None = None,
) -> TimelineEntry:
    """Take the step: state, version, timeline and outbox together.

    `changes`: other columns of the edition that the step sets; `tell`: the user whom its notices concern
    where that is not the sender; `not_before`: until when its mails are held. Raises Conflict where the state
    changed meanwhile.
    """
    was = case.edition.state
    becomes = was if row.to == UNCHANGED else row.to
    _compare_and_set(work, case, was, becomes, changes or {})
    if was == states.AWAITING_SECOND != becomes:
        endorsements.end(work, case.edition, now=now)
    if row.who != "clock":
        case.release.version += 1
    case.release.moved_at = now
    return record(
        work,
        case,
        row.fact or row.step,
        actor=actor,
        now=now,
        from_state=was,
        to_state=becomes,
        detail=detail,
        tell=tell,
        message_id=message_id,
        not_before=not_before,
    )


def begin_edition(
    work: UnitOfWork,
    release: Release,
    row: Step,
    columns: dict[str, Any],
    *,
    actor: Person,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> Case:
    """A further edition of a public release, in the state that the row leads to. `columns`: everything else of it."""
    edition = Edition(release_id=release.id, state=row.to, **columns)
    work.session.add(edition)
    work.session.flush()
    release.version += 1
    release.moved_at = now
    case = Case(release, edition)
    record(work, case, row.fact or row.step, actor=actor, now=now, to_state=row.to, detail=detail)
    return case


def move_publication(
    work: UnitOfWork,
    case: Case,
    row: Step,
    *,
    actor: Person | None,
    now: datetime,
    changes: dict[str, Any] | None = None,
    detail: dict[str, Any] | None = None,
    tell: int | None = None,
    message_id: int | None = None,
    not_before: datetime | None = None,
) -> TimelineEntry:
    """Take a step of the publication table: compare-and-set on the release, version, timeline and outbox together.

    `changes`: other columns of the release. A row that leads to a shown state keeps what is stored.
    """
    moved = {"moved_at": now, **({} if row.who == "clock" else {"version": Release.version + 1})}
    carry_publication(work, case, row, {**moved, **(changes or {})})
    return record(
        work,
        case,
        row.fact or row.step,
        actor=actor,
        now=now,
        detail=detail,
        tell=tell,
        message_id=message_id,
        not_before=not_before,
    )


def carry_publication(work: UnitOfWork, case: Case, row: Step, changes: Mapping[str, Any]) -> None:
    """The publication’s part of a step whose fact and version are written beside it, as those of the review are.

    Compare-and-set on the release; what is kept for searching follows. Raises Conflict where it changed meanwhile.
    """
    release, was = case.release, case.release.publication
    becomes = row.to if row.to in states.PUBLICATION_STATES else was
    _hit_one(
        work,
        case,
        update(Release)
        .where(Release.id == release.id, Release.publication == was)
        .values(publication=becomes, **changes),
    )
    work.session.refresh(release)
    finding.follow(work, release)


def gone_live(planned: datetime, now: datetime) -> dict[str, Any]:
    """The columns of a release whose going live is recorded now: what the sweep writes for many at once."""
    return {"went_live_at": now, "updated_at": planned}


def record(
    work: UnitOfWork,
    case: Case,
    fact: str,
    *,
    actor: Person | None,
    now: datetime,
    from_state: str = "",
    to_state: str = "",
    detail: dict[str, Any] | None = None,
    tell: int | None = None,
    message_id: int | None = None,
    not_before: datetime | None = None,
) -> TimelineEntry:
    """Write a fact and what must be said about it, without a change of state.

    What a person does ends the hold of earlier mails; what comes of itself is said after them.
    """
    not_before = _heed_the_hold(work, case, actor, not_before, now)
    entry = timeline.append(
        work,
        case.release,
        fact=fact,
        now=now,
        edition_id=case.edition.id,
        actor_id=actor.id if actor else None,
        actor_name=actor.name if actor else "",
        from_state=from_state,
        to_state=to_state,
        revision_id=case.edition.revision_id,
        detail={**(detail or {}), **({"message": message_id} if message_id else {})},
    )
    if FACTS[fact].notices:
        outbox.put(
            work,
            fact,
            now=now,
            timeline_id=entry.id,
            release_id=case.release.id,
            edition_id=case.edition.id,
            user_id=tell,
            message_id=message_id,
            not_before=not_before,
        )
    return entry


def _heed_the_hold(
    work: UnitOfWork, case: Case, actor: Person | None, not_before: datetime | None, now: datetime
) -> datetime | None:
    """Until when the mails of this fact wait."""
    if actor is None:
        return not_before or mail_hold.end_of_the_wait(work, case, now)
    mail_hold.end(work, case, now=now)
    return not_before


def _saved_after(case: Case, last: TimelineEntry) -> bool:
    """Was the draft saved after the last step? A saving is no row of the timeline, and a test clock stands still."""
    saved_at, state = case.edition.draft_saved_at, case.edition.state
    return state in EDITABLE_STATES and (saved_at > last.at or (saved_at == last.at and state == DRAFT))


def _compare_and_set(work: UnitOfWork, case: Case, was: str, becomes: str, changes: dict[str, Any]) -> None:
    _hit_one(
        work,
        case,
        update(Edition)
        .where(Edition.id == case.edition.id, Edition.state == was)
        .values(state=becomes, **changes),
    )
    work.session.refresh(case.edition)


def _hit_one(work: UnitOfWork, case: Case, statement: Update) -> None:
    """The compare-and-set of both machines: a row that somebody else moved meanwhile is not hit."""
    work.session.flush()
    hit = work.session.execute(statement.execution_options(synchronize_session=False))
    if hit.rowcount != 1:  # type: ignore[attr-defined]  # a CursorResult
        raise conflict(work, case, "Somebody else was faster.")


def _require(work: UnitOfWork, case: Case, verdict: Verdict) -> None:
    if verdict.hidden:
        raise NotFound
    if not verdict.allowed:
        raise conflict(work, case, verdict.reason)
