"""Nobody waits unseen: who is told when a release comes near its promise, and the one honest notice of delay."""

from datetime import datetime
from functools import partial

from sqlalchemy import select

from portal.actions.portal import Portal
from portal.actions.releases.moving import Act, clock_acting
from portal.rules.promise import Rung, ladder, new_promise
from portal.rules.release_states import WAITING_STATES
from portal.storage.queries import releases
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
    find = partial(releases.find_edition_for_change, edition_id=edition_id)
    with clock_acting(portal, find, now=now) as act:
        if act is None or act.edition.state not in WAITING_STATES:
            return 0
        rungs = _rungs(act)
        while act.edition.ladder_step < len(rungs) and rungs[act.edition.ladder_step].at <= now:
            fact = FACTS[act.edition.ladder_step]
            act.record(fact, detail=_delay(act) if fact == DELAY else {})
            act.edition.ladder_step += 1
            taken += 1
        act.edition.ladder_next_at = _next(act, rungs)
    return taken


def _rungs(act: Act) -> tuple[Rung, ...]:
    assert act.edition.submitted_at is not None  # a waiting edition has both: the table's own CHECK
    assert act.edition.promise_at is not None
    return ladder(act.edition.submitted_at, act.edition.promise_at, hours=act.settings.promise_hours)


def _delay(act: Act) -> dict[str, str]:
    """The new time that the sender is told; the promise itself stays on record."""
    assert act.edition.promise_at
    settings = act.settings
    act.edition.due_at = new_promise(
        act.edition.promise_at,
        act.now,
        settings.promise_hours,
        settings.desk_hours,
        settings.timezone,
    )
    return {"new_time": act.edition.due_at.isoformat()}


def _next(act: Act, rungs: tuple[Rung, ...]) -> datetime | None:
    step = act.edition.ladder_step
    return rungs[step].at if step < len(rungs) else None
