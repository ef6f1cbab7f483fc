"""Changes that were asked for and never came: two reminders, then the edition lapses with its text kept."""

from datetime import datetime

from sqlalchemy import ColumnElement, literal_column, select

from portal.actions.portal import Portal
from portal.actions.releases import moving
from portal.actions.releases.columns import over
from portal.rules.release_states import CHANGES_REQUESTED, review_step
from portal.rules.reminders import next_look
from portal.storage.queries import releases
from portal.storage.queries.releases import Case
from portal.storage.tables import Edition
from portal.storage.unit_of_work import UnitOfWork

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
    with portal.work() as work:
        case = releases.find_edition_for_change(work, edition_id)
        if case is None or case.edition.state != CHANGES_REQUESTED or case.edition.changes_due_at is None:
            return False
        if case.edition.changes_due_at <= now:
            _expire(work, case, now)
        elif not _remind(work, case, now):
            return False
        work.commit()
        return True


def _expire(work: UnitOfWork, case: Case, now: datetime) -> None:
    row = review_step("lapse_changes", case.edition.state)
    assert row is not None  # asked at the door
    due = case.edition.changes_due_at
    changes = {**over(), "changes_due_at": due}
    moving.move(work, case, row, actor=None, now=now, changes=changes)


def _remind(work: UnitOfWork, case: Case, now: datetime) -> bool:
    edition = case.edition
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
    moving.record(
        work,
        case,
        "reminded",
        actor=None,
        now=now,
        from_state=edition.state,
        to_state=edition.state,
        detail={"number": edition.reminders, "due_at": due_at.isoformat()},
    )
    return True
