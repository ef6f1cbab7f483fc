"""Nobody waits unseen: who is told when a release comes near its promise, and the one honest notice of delay."""

from datetime import datetime

from sqlalchemy import select

from portal.actions.portal import Portal
from portal.actions.releases import moving
from portal.rules.promise import DeskHours, Rung, ladder, new_promise
from portal.rules.release_states import WAITING_STATES
from portal.settings import Settings
from portal.storage.queries import releases
from portal.storage.queries.releases import Case
from portal.storage.tables import Edition

# One fact for each rung of rules/promise.ladder, in its order.
FACTS = ("promise_near", "promise_missed", "editors_alerted", "administrators_alerted")
DELAY = "promise_missed"


def climb(portal: Portal, *, now: datetime) -> int:
    """Take every rung that is due, each once. Answers how many were taken."""
    with portal.database.reading() as session:
        due = list(session.scalars(select(Edition.id).where(Edition.ladder_next_at <= now)))
    return sum(_climb_one(portal, edition_id, now) for edition_id in due)


def _climb_one(portal: Portal, edition_id: int, now: datetime) -> int:
    taken = 0
    with portal.work() as work:
        case = releases.find_edition_for_change(work, edition_id)
        if case is None or case.edition.state not in WAITING_STATES:
            return 0
        rungs = _rungs(case, portal.settings)
        while case.edition.ladder_step < len(rungs) and rungs[case.edition.ladder_step].at <= now:
            fact = FACTS[case.edition.ladder_step]
            detail = _delay(case, portal.settings, now) if fact == DELAY else {}
            moving.record(work, case, fact, actor=None, now=now, detail=detail)
            case.edition.ladder_step += 1
            taken += 1
        case.edition.ladder_next_at = _next(case, rungs)
        work.commit()
    return taken


def _rungs(case: Case, settings: Settings) -> tuple[Rung, ...]:
    assert case.edition.submitted_at is not None  # a waiting edition has both: the table's own CHECK
    assert case.edition.promise_at is not None
    return ladder(case.edition.submitted_at, case.edition.promise_at, hours=settings.promise_hours)


def _delay(case: Case, settings: Settings, now: datetime) -> dict[str, str]:
    """The new time that the sender is told; the promise itself stays on record."""
    assert case.edition.promise_at
    case.edition.due_at = new_promise(
        case.edition.promise_at,
        now,
        settings.promise_hours,
        DeskHours.parse(settings.desk_hours),
        settings.timezone,
    )
    return {"new_time": case.edition.due_at.isoformat()}


def _next(case: Case, rungs: tuple[Rung, ...]) -> datetime | None:
    step = case.edition.ladder_step
    return rungs[step].at if step < len(rungs) else None
