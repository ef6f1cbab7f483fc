"""The sender's word on an editor's text: agreed, objected, or agreed by two days of silence.

Each way it waits in the queue again, kept for the editor of the text for one claim's length.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, literal_column, select

from portal.actions.portal import Portal
from portal.actions.releases import conversing, moving, promising
from portal.actions.releases.freezing import shown_in_lists
from portal.rules.issues import blocking
from portal.rules.permissions import Person
from portal.rules.refusals import Invalid
from portal.rules.release_states import AWAITING_SIGNOFF, review_step
from portal.storage.queries import releases
from portal.storage.queries.releases import Case
from portal.storage.tables import Edition, Revision
from portal.storage.unit_of_work import UnitOfWork

STEPS = {"accept": "sign_off", "object": "object"}
CHOOSE = "Choose whether you agree or object."
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
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        moving.require_member(work, case, actor)
        if answer not in STEPS:
            raise Invalid(CHOOSE, [blocking("WRITING", "answer", CHOOSE)])
        row = moving.require_step(work, case, STEPS[answer], actor)
        moving.require_version(work, case, version)
        editor_id = case.edition.edited_by_id
        changes = _waits_again(portal, case, now)
        if answer == "object":
            changes |= _as_sent(work, case)
        moving.move(
            work,
            case,
            row,
            actor=actor,
            now=now,
            changes=changes,
            detail=promising.told(changes),
            tell=editor_id,
            message_id=conversing.kept(work, case, actor, "sender", message, now),
        )
        work.ring("moderation", "examine", case.edition.id)
        work.commit()


def lapse_signoffs(portal: Portal, *, now: datetime) -> int:
    """The clock: whoever did not answer in two days is taken to agree. How many lapsed."""
    with portal.database.reading() as session:
        due = list(session.scalars(select(Edition.id).where(_AWAITS, Edition.signoff_due_at <= now)))
    return sum(_lapse_one(portal, edition_id, now) for edition_id in due)


def _lapse_one(portal: Portal, edition_id: int, now: datetime) -> bool:
    with portal.work() as work:
        case = releases.find_edition_for_change(work, edition_id)
        row = review_step("lapse_signoff", case.edition.state) if case else None
        if case is None or row is None or not _has_lapsed(case.edition, now):
            return False
        changes = _waits_again(portal, case, now)
        moving.move(
            work,
            case,
            row,
            actor=None,
            now=now,
            changes=changes,
            detail=promising.told(changes),
            tell=case.edition.edited_by_id,
        )
        work.commit()
        return True


def _has_lapsed(edition: Edition, now: datetime) -> bool:
    return (
        edition.state == AWAITING_SIGNOFF
        and edition.signoff_due_at is not None
        and edition.signoff_due_at <= now
    )


def _waits_again(portal: Portal, case: Case, now: datetime) -> dict[str, Any]:
    """The promise is counted anew from the answer: until then it was not the desk that was waited for."""
    return {
        **promising.fresh_promise(portal.settings, now),
        "signoff_due_at": None,
        "kept_for_id": case.edition.edited_by_id,
        "kept_until": now + timedelta(minutes=portal.settings.claim_minutes),
    }


def _as_sent(work: UnitOfWork, case: Case) -> dict[str, Any]:
    """The sender's own last text is the current one again, with what the checks had found on it."""
    own = work.session.get_one(Revision, case.edition.sender_revision_id)
    found = releases.examination(work.session, own.id)
    case.edition.revision_id = own.id  # so that the fact names the text that counts now
    examined = (
        {
            "examined_at": found.examined_at,
            "priority": found.priority,
            "advice_count": len(found.issues) + len(found.near_copies),
        }
        if found
        else {"examined_at": None}
    )
    return {
        "revision_id": own.id,
        "draft": own.content,
        **shown_in_lists(own.content),
        "edited_by_id": None,
        "edited_materially": False,
        "sender_revision_id": None,
        **examined,
    }
