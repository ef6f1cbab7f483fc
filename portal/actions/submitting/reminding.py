"""Changes that were asked for and never came: two reminders, then the edition lapses with its text kept."""

from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, literal_column, select

from portal.actions.portal import Portal
from portal.actions.releases.columns import over
from portal.actions.releases.moving import Act, clock_acting
from portal.rules.release_states import review_step
from portal.rules.reminders import next_look
from portal.storage.queries import releases
from portal.storage.tables import Edition

# Written out, so that the partial index serves.
_ASKED: ColumnElement[bool] = literal_column("editions.state = 'changes_requested'")


def remind_and_expire(portal: Portal, *, now: datetime) -> int:
    """The clock: send the reminders that are due, and end what is over its date. Answers with how many moved.

    A clock that stood still for long sends one reminder and not two, and none where the date has passed.
    """
    with portal.database.reading() as session:
        found = list(session.scalars(select(Edition.id).where(_ASKED, Edition.reminder_next_at <= now)))
    return sum(_one(portal, edition_id, now) for edition_id in found)


def _one(portal: Portal, edition_id: int, now: datetime) -> bool:
    find = partial(releases.find_edition_for_change, edition_id=edition_id)
    with clock_acting(portal, find, now=now) as act:
        row = review_step("lapse_changes", act.edition.state) if act else None
        if act is None or row is None or act.edition.changes_due_at is None:
            return False
        if act.edition.changes_due_at <= now:
            act.move(row, changes={**over(), "changes_due_at": act.edition.changes_due_at})
            return True
        return _remind(act)


def _remind(act: Act) -> bool:
    edition, now = act.edition, act.now
    asked_at, due_at = edition.decided_at, edition.changes_due_at
    if (
        asked_at is None
        or due_at is None
        or edition.reminder_next_at is None
        or edition.reminder_next_at > now
    ):
        return False
    while edition.reminder_next_at <= now:
        edition.reminders += 1
        edition.reminder_next_at = next_look(asked_at, due_at, edition.reminders)
    detail = {"number": edition.reminders, "due_at": due_at.isoformat()}
    act.record("reminded", from_state=edition.state, to_state=edition.state, detail=detail)
    return True
