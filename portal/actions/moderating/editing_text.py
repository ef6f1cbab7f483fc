"""An editor's own wording of a text under review: a new revision, which its sender sees word by word.

A material change of meaning waits for the sender's word (signing_off.py); any other stays in the editor's hands.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from portal.actions.moderating import reading
from portal.actions.portal import Portal
from portal.actions.releases import claims, promising
from portal.actions.releases import content as contents
from portal.actions.releases.freezing import freeze, shown_in_lists
from portal.actions.releases.moving import Act, acting
from portal.rules.issues import Issue
from portal.rules.kinds import PAGES
from portal.rules.permissions import Person
from portal.rules.refusals import Invalid, refused
from portal.storage.columns import EditionColumns
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
    with acting(portal, actor, reference, now=now) as act:
        row = reading.require_claim(act, step, version)
        was = act.edition.revision
        assert was is not None  # what is under review was sent
        content = merged_pages(was.content, act.release.kind, posted)
        _require_changed(was, content)
        _require_whole(act, was, content)
        revision = freeze(act, content)
        changes = _edited(act, was, revision)
        if material:
            changes |= _awaits_signoff(now)
        act.edition.revision_id = revision.id  # so that the fact names the new text
        act.move(row, changes=changes, detail=_told(revision, changes))
        act.work.ring("moderation", "examine", act.edition.id)


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
        raise refused("", UNCHANGED)


def _require_whole(act: Act, was: Revision, content: contents.Content) -> None:
    """An editor may not put in what would stop a sender; what was wrong before may stay for now."""
    before = {(issue.code, issue.field) for issue in _blocking(act, was.content)}
    new = [each for each in _blocking(act, content) if (each.code, each.field) not in before]
    if new:
        raise Invalid("Something in this text would stop a sender.", new)


def _blocking(act: Act, content: contents.Content) -> list[Issue]:
    found = contents.issues_of(
        act.release.kind,
        content,
        act.release.organisation,
        act.settings,
        now=act.edition.submitted_at or act.now,
        declared=None,
        is_correction=act.edition.is_correction,
    )
    return [issue for issue in found if issue.blocks]


def _edited(act: Act, was: Revision, revision: Revision) -> EditionColumns:
    return {
        "revision_id": revision.id,
        "draft": revision.content,
        **shown_in_lists(revision.content),
        "edited_by_id": act.person.id,
        "sender_revision_id": act.edition.sender_revision_id or was.id,
        "examined_at": None,
    }


def _awaits_signoff(now: datetime) -> EditionColumns:
    """Nobody has claimed it and the desk owes nothing while the sender is asked."""
    return {
        **claims.unclaimed(),
        **promising.no_promise(),
        "edited_materially": True,
        "signoff_due_at": now + SIGNOFF_TIME,
    }


def _told(revision: Revision, changes: EditionColumns) -> dict[str, Any]:
    due = changes.get("signoff_due_at")
    told = {"before": changes["sender_revision_id"], "after": revision.id, "version": revision.number}
    return {**told, "signoff_due_at": due.isoformat()} if due else told
