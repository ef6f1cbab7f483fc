"""An editor's own wording of a text under review: a new revision, which its sender sees word by word.

A material change of meaning waits for the sender's word (signing_off.py); any other stays in the editor's hands.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from portal.actions.moderating import reading
from portal.actions.portal import Portal
from portal.actions.releases import claims, moving, promising
from portal.actions.releases import content as contents
from portal.actions.releases.freezing import freeze, shown_in_lists
from portal.rules.issues import Issue, blocking
from portal.rules.kinds import PAGES
from portal.rules.permissions import Person
from portal.rules.refusals import Invalid
from portal.storage.queries.releases import Case
from portal.storage.tables import Revision

SIGNOFF_TIME = timedelta(days=2)
UNCHANGED = "Nothing in the text was changed."


def edit(
    portal: Portal,
    actor: Person,
    reference: str,
    *,
    posted: Mapping[str, str],
    material: bool,
    version: int,
    now: datetime,
) -> None:
    """Keep the holder's wording as the current text. Raises Invalid (nothing changed, something unreadable or
    missing that was not before), Conflict, NotFound.

    The sender's wish for a time and the sender's declarations are not the editor's to write.
    """
    step = "edit_materially" if material else "edit_text"
    with portal.work() as work:
        case, row = reading.open_held(work, portal, actor, reference, step, version, now)
        was = case.edition.revision
        assert was is not None  # what is under review was sent
        content = merged_pages(was.content, case.release.kind, posted)
        _require_changed(was, content)
        _require_whole(portal, case, was, content, now)
        revision = freeze(work, case, content, actor, now=now)
        changes = _edited(case, was, revision, content, actor, material)
        changes |= _awaits_signoff(now) if material else {}
        case.edition.revision_id = revision.id  # so that the fact names the new text
        moving.move(work, case, row, actor=actor, now=now, changes=changes, detail=_told(revision, changes))
        work.ring("moderation", "examine", case.edition.id)
        work.commit()


def merged_pages(content: contents.Content, kind: str, posted: Mapping[str, str]) -> contents.Content:
    """The content with what an editor posted of all pages; no timing, whatever the edition."""
    for page in PAGES[:-1]:
        content = contents.merged(content, kind, page, posted, is_correction=True)
    return content


def _require_changed(was: Revision, content: contents.Content) -> None:
    """A form sends every field; one that was empty and absent is the same as one that is empty."""
    before, after = was.content["values"], content["values"]
    same = all(before.get(name, "") == after.get(name, "") for name in {*before, *after})
    if same and was.content.get("body_html") == content.get("body_html"):
        raise Invalid(UNCHANGED, [blocking("WRITING", "", UNCHANGED)])


def _require_whole(
    portal: Portal, case: Case, was: Revision, content: contents.Content, now: datetime
) -> None:
    """An editor may not put in what would stop a sender; what was wrong before may stay for now."""
    before = {(issue.code, issue.field) for issue in _blocking(portal, case, was.content, now)}
    new = [each for each in _blocking(portal, case, content, now) if (each.code, each.field) not in before]
    if new:
        raise Invalid("Something in this text would stop a sender.", new)


def _blocking(portal: Portal, case: Case, content: contents.Content, now: datetime) -> list[Issue]:
    found = contents.issues_of(
        case.release.kind,
        content,
        case.release.organisation,
        portal.settings,
        now=case.edition.submitted_at or now,
        declared=None,
        is_correction=case.edition.is_correction,
    )
    return [issue for issue in found if issue.blocks]


def _edited(
    case: Case, was: Revision, revision: Revision, content: contents.Content, actor: Person, material: bool
) -> dict[str, Any]:
    edition = case.edition
    return {
        "revision_id": revision.id,
        "draft": content,
        **shown_in_lists(content),
        "edited_by_id": actor.id,
        "edited_materially": edition.edited_materially or material,
        "sender_revision_id": edition.sender_revision_id or was.id,
        "examined_at": None,
    }


def _awaits_signoff(now: datetime) -> dict[str, Any]:
    """Nobody holds it and the desk owes nothing while the sender is asked."""
    return {**claims.not_held(), **promising.no_promise(), "signoff_due_at": now + SIGNOFF_TIME}


def _told(revision: Revision, changes: dict[str, Any]) -> dict[str, Any]:
    due = changes.get("signoff_due_at")
    told = {"before": changes["sender_revision_id"], "after": revision.id, "version": revision.number}
    return {**told, "signoff_due_at": due.isoformat()} if due else told
