"""Correcting what is public: a further edition, begun by its sender or by an editor, one at a time.

The public text stays as it is until a correction is approved (going_live.put_live); a correction that ends in any
other way leaves it alone.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.actions.portal import Portal
from portal.actions.releases import claims, promising
from portal.actions.releases import content as contents
from portal.actions.releases.columns import new_submission_key, over
from portal.actions.releases.freezing import freeze, shown_in_lists
from portal.actions.releases.moving import Act, acting
from portal.rules import release_states as states
from portal.rules.issues import Issue, blocking
from portal.rules.permissions import Person
from portal.rules.refusals import Invalid
from portal.rules.release_states import ARCHIVED, DRAFT, NOTHING, OPEN_STATES, PUBLISHED, Step
from portal.storage.columns import EditionColumns
from portal.storage.tables import Edition, Revision

KINDS = ("material", "minor", "format")
LONGEST = 1_000
UNDER_WAY = "A correction of it is under way already."


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
    with acting(portal, actor, reference, now=now) as act:
        act.require_member()
        act.require_version(version)
        _require_public(act)
        if act.edition.state in OPEN_STATES:
            raise act.conflict(UNDER_WAY)
        _require_complete(correction)
        columns = _columns(act, correction, contents.copied(_live_text(act)))
        act.begin_edition(_row("start_correction"), columns, _told(correction))


def open_by_editor(
    portal: Portal, actor: Person, reference: str, correction: Correction, *, version: int, now: datetime
) -> None:
    """An editor begins a correction and claims it at once; a draft that the sender had begun is closed.

    Raises Invalid, Conflict, NotFound.
    """
    with acting(portal, actor, reference, now=now) as act:
        act.require_editor()
        act.require_version(version)
        _require_public(act)
        if act.edition.state in OPEN_STATES and act.edition.state != DRAFT:
            raise act.conflict(UNDER_WAY)
        _require_complete(correction)
        close_open_correction(act, why="An editor corrects it now.")
        _begin_claimed(act, correction)


def close_open_correction(act: Act, *, why: str = "The release is no longer public.") -> bool:
    """End a correction that is under way, as when its release is killed; its text is kept and the sender told.

    False where none is open. The caller's transaction.
    """
    if not act.edition.is_correction or act.edition.state not in OPEN_STATES:
        return False
    row = states.review_step("close", act.edition.state)
    assert row is not None  # the table closes every open state
    act.by_itself().move(row, changes=over(), detail={"why": why})
    return True


def _begin_claimed(act: Act, correction: Correction) -> None:
    text = contents.without_timing(_live_text(act))
    columns: EditionColumns = {
        **_columns(act, correction, text),
        **claims.claimed_by(act),
        **promising.fresh_promise(act.settings, act.now),
        "round": 1,
    }
    begun = act.begin_edition(_row("open_correction"), columns, _told(correction))
    begun.edition.revision_id = freeze(begun, text).id
    act.work.ring("moderation", "examine", begun.edition.id)


def _live_text(act: Act) -> contents.Content:
    return act.session.get_one(Revision, act.release.live_revision_id).content


def _row(step: str) -> Step:
    row = states.review_step(step, NOTHING)
    assert row is not None  # both ways to begin stand in the table
    return row


def _require_public(act: Act) -> None:
    if act.shown_publication() not in (PUBLISHED, ARCHIVED):
        raise act.conflict("Only what is public can be corrected.")


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


def _columns(act: Act, correction: Correction, draft: contents.Content) -> EditionColumns:
    newest = select(func.max(Edition.number)).where(Edition.release_id == act.release.id)
    return {
        "number": (act.session.scalar(newest) or 0) + 1,
        "draft": draft,
        **shown_in_lists(draft),
        "draft_saved_at": act.now,
        "draft_saved_by_id": act.person.id,
        "submission_key": new_submission_key(),
        "correction_kind": correction.kind,
        "correction_what": correction.what.strip(),
        "correction_why": correction.why.strip(),
    }


def _told(correction: Correction) -> dict[str, str]:
    return {"kind": correction.kind, "what": correction.what.strip(), "why": correction.why.strip()}
