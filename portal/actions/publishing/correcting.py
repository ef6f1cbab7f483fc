"""Correcting what is public: a further edition, begun by its sender or by an editor, one at a time.

The public text stays as it is until a correction is approved (going_live.put_live); a correction that ends in any
other way leaves it alone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.actions.portal import Portal
from portal.actions.releases import claims, moving, promising
from portal.actions.releases import content as contents
from portal.actions.releases.columns import new_submission_key, over
from portal.actions.releases.freezing import freeze, shown_in_lists
from portal.rules import release_states as states
from portal.rules.issues import Issue, blocking
from portal.rules.permissions import Person
from portal.rules.refusals import Invalid
from portal.rules.release_states import ARCHIVED, DRAFT, NOTHING, OPEN_STATES, PUBLISHED, Step
from portal.storage.queries.releases import Case
from portal.storage.tables import Edition, Revision
from portal.storage.unit_of_work import UnitOfWork

KINDS = ("material", "minor", "format")
LONGEST = 1_000


@dataclass(frozen=True)
class Correction:
    """What is corrected. `what` is for everybody: what was wrong and what is right; `why` is for the desk."""

    kind: str
    what: str
    why: str


def start(
    portal: Portal, actor: Person, reference: str, correction: Correction, *, version: int, now: datetime
) -> None:
    """A member begins a correction of their public release as a draft. Raises Invalid, Conflict, NotFound."""
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        moving.require_member(work, case, actor)
        moving.require_version(work, case, version)
        _require_public(work, case, now)
        if case.edition.state in OPEN_STATES:
            raise moving.conflict(work, case, "A correction of it is under way already.")
        _require_complete(correction)
        row = _row("start_correction")
        live = work.session.get_one(Revision, case.release.live_revision_id)
        draft = contents.copied(live.content)
        columns = _columns(work, case, correction, draft, actor, now)
        moving.begin_edition(work, case.release, row, columns, actor=actor, now=now, detail=_told(correction))
        work.commit()


def open_by_editor(
    portal: Portal, actor: Person, reference: str, correction: Correction, *, version: int, now: datetime
) -> None:
    """An editor begins a correction and holds it at once; a draft that the sender had begun is closed.

    Raises Invalid, Conflict, NotFound.
    """
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        moving.require_editor(work, case, actor)
        moving.require_version(work, case, version)
        _require_public(work, case, now)
        if case.edition.state in OPEN_STATES and case.edition.state != DRAFT:
            raise moving.conflict(work, case, "A correction of it is under way already.")
        _require_complete(correction)
        close_open_correction(work, case, now, why="An editor corrects it now.")
        _begin_held(work, portal, case, correction, actor, now)
        work.commit()


def close_open_correction(
    work: UnitOfWork, case: Case, now: datetime, *, why: str = "The release is no longer public."
) -> bool:
    """End a correction that is under way, as when its release is killed; its text is kept and the sender told.

    False where none is open. The caller's transaction.
    """
    if not case.edition.is_correction or case.edition.state not in OPEN_STATES:
        return False
    row = states.review_step("close", case.edition.state)
    assert row is not None  # the table closes every open state
    moving.move(work, case, row, actor=None, now=now, changes=over(), detail={"why": why})
    return True


def _begin_held(
    work: UnitOfWork, portal: Portal, case: Case, correction: Correction, actor: Person, now: datetime
) -> None:
    live = work.session.get_one(Revision, case.release.live_revision_id)
    draft = contents.without_timing(live.content)
    columns = {
        **_columns(work, case, correction, draft, actor, now),
        **claims.held_by(portal, actor, now),
        **promising.fresh_promise(portal.settings, now),
        "round": 1,
    }
    row = _row("open_correction")
    begun = moving.begin_edition(
        work, case.release, row, columns, actor=actor, now=now, detail=_told(correction)
    )
    begun.edition.revision_id = freeze(work, begun, draft, actor, now=now).id
    work.ring("moderation", "examine", begun.edition.id)


def _row(step: str) -> Step:
    row = states.review_step(step, NOTHING)
    assert row is not None  # both ways to begin stand in the table
    return row


def _require_public(work: UnitOfWork, case: Case, now: datetime) -> None:
    if moving.shown_publication(work, case, now) not in (PUBLISHED, ARCHIVED):
        raise moving.conflict(work, case, "Only what is public can be corrected.")


def _require_complete(correction: Correction) -> None:
    issues = [] if correction.kind in KINDS else [_issue("correction_kind", "Choose what kind it is.")]
    issues += _words("what", correction.what, "Say what was wrong and what is right.")
    issues += _words("why", correction.why, "Say how you know, or how it came about.")
    if issues:
        raise Invalid("The correction is not complete.", issues)


def _words(field: str, text: str, sentence: str) -> list[Issue]:
    if not text.strip():
        return [_issue(field, sentence)]
    if len(text) > LONGEST:
        return [_issue(field, f"This has {len(text)} characters. Keep {LONGEST} or fewer.", "LENGTH")]
    return []


def _issue(field: str, sentence: str, code: str = "WRITING") -> Issue:
    return blocking(code, field, sentence)


def _columns(
    work: UnitOfWork,
    case: Case,
    correction: Correction,
    draft: contents.Content,
    actor: Person,
    now: datetime,
) -> dict[str, Any]:
    newest = select(func.max(Edition.number)).where(Edition.release_id == case.release.id)
    return {
        "number": (work.session.scalar(newest) or 0) + 1,
        "draft": draft,
        **shown_in_lists(draft),
        "draft_saved_at": now,
        "draft_saved_by_id": actor.id,
        "submission_key": new_submission_key(),
        "correction_kind": correction.kind,
        "correction_what": correction.what.strip(),
        "correction_why": correction.why.strip(),
    }


def _told(correction: Correction) -> dict[str, str]:
    return {"kind": correction.kind, "what": correction.what.strip(), "why": correction.why.strip()}
