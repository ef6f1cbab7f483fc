"""The sender's word on an editor's text: agreed, objected, or agreed by two days of silence.

Each way it waits in the queue again, kept for the editor of the text for one claim's length.
"""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, literal_column, select

from portal.actions.portal import Portal
from portal.actions.releases import conversing, promising
from portal.actions.releases.freezing import shown_in_lists
from portal.actions.releases.moving import Act, acting, clock_acting
from portal.rules.permissions import Person
from portal.rules.refusals import refused
from portal.rules.release_states import AWAITING_SIGNOFF, review_step
from portal.storage.columns import EditionColumns
from portal.storage.queries import releases
from portal.storage.tables import Edition, Revision

STEPS = {"accept": "sign_off", "object": "object"}
# Written out, so that the partial index serves.
_AWAITS: ColumnElement[bool] = literal_column("editions.state = 'awaiting_signoff'")


def answer(
    portal: Portal,
    actor: Person,
    reference: str,
    *,
    answer: str,
    version: int,
    message: str = "",
    now: datetime,
) -> None:
    """A member agrees to the editor's text or objects to it. Raises Invalid, Conflict, NotFound."""
    with acting(portal, actor, reference, now=now) as act:
        act.require_member()
        if answer not in STEPS:
            raise refused("answer", "Choose whether you agree or object.")
        row = act.require(STEPS[answer], version)
        editor_id = act.edition.edited_by_id
        changes = _waits_again(act)
        if answer == "object":
            changes |= _as_sent(act)
        message_id = conversing.kept(act, "sender", message)
        act.move(row, changes=changes, detail=promising.told(changes), tell=editor_id, message_id=message_id)
        act.work.ring("moderation", "examine", act.edition.id)


def lapse_signoffs(portal: Portal, *, now: datetime) -> int:
    """The clock: whoever did not answer in two days is taken to agree. How many lapsed."""
    with portal.database.reading() as session:
        due = list(session.scalars(select(Edition.id).where(_AWAITS, Edition.signoff_due_at <= now)))
    return sum(_lapse_one(portal, edition_id, now) for edition_id in due)


def _lapse_one(portal: Portal, edition_id: int, now: datetime) -> bool:
    find = partial(releases.find_edition_for_change, edition_id=edition_id)
    with clock_acting(portal, find, now=now) as act:
        row = review_step("lapse_signoff", act.edition.state) if act else None
        if act is None or row is None or not _has_lapsed(act.edition, now):
            return False
        changes = _waits_again(act)
        act.move(row, changes=changes, detail=promising.told(changes), tell=act.edition.edited_by_id)
        return True


def _has_lapsed(edition: Edition, now: datetime) -> bool:
    return (
        edition.state == AWAITING_SIGNOFF
        and edition.signoff_due_at is not None
        and edition.signoff_due_at <= now
    )


def _waits_again(act: Act) -> EditionColumns:
    """The promise is counted anew from the answer: until then it was not the desk that was waited for."""
    return {
        **promising.fresh_promise(act.settings, act.now),
        "signoff_due_at": None,
        "kept_for_id": act.edition.edited_by_id,
        "kept_until": act.now + timedelta(minutes=act.settings.claim_minutes),
    }


def _as_sent(act: Act) -> EditionColumns:
    """The sender's own last text is the current one again, with what the checks had found on it."""
    own = act.session.get_one(Revision, act.edition.sender_revision_id)
    act.edition.revision_id = own.id  # so that the fact names the text that counts now
    return {
        "revision_id": own.id,
        "draft": own.content,
        **shown_in_lists(own.content),
        "edited_by_id": None,
        "edited_materially": False,
        "sender_revision_id": None,
        **_examined(act, own),
    }


def _examined(act: Act, own: Revision) -> EditionColumns:
    found = releases.examination(act.session, own.id)
    if found is None:
        return {"examined_at": None}
    return {
        "examined_at": found.examined_at,
        "priority": found.priority,
        "advice_count": len(found.issues) + len(found.near_copies),
    }
