"""Says once that the clock is late or silent, or that somebody else writes jobs, and by whoever is still there to say it.

Of the clock: nothing is lost while it is: what is due is public in its minute without any clock. People still have to know, since
mails and reminders wait for it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.actions.portal import Portal
from portal.rules.publication_time import LATE
from portal.storage import outbox, timeline
from portal.storage.queries import health
from portal.storage.tables import AccountEvent
from portal.storage.unit_of_work import UnitOfWork

SILENT, RECORDED_LATE, REFUSED_JOBS = "clock_silent", "recorded_late", "jobs_refused"
QUIET = timedelta(hours=1)
"""A machine that is late at every tick is one trouble and not a mail for each tick."""


def say_if_recorded_late(work: UnitOfWork, due: Sequence[Any], *, now: datetime) -> list[Any]:
    """Which of these releases (`live_from`, not recorded until now) are late; the duty hears of it once.

    What waited while publishing was stopped is late from its start again on only: whoever started it knows.
    """
    if not [row for row in due if now - row.live_from > LATE]:
        return []
    lifted = _last(work.session, "clock_hold_lifted", "restore_confirmed")
    late = [row for row in due if now - max(row.live_from, lifted or row.live_from) > LATE]
    if late and not _said_since(work.session, RECORDED_LATE, now - QUIET):
        longest = max(now - row.live_from for row in late)
        _say(work, RECORDED_LATE, now, {"late": int(longest.total_seconds())})
    return late


def say_if_silent(portal: Portal, *, now: datetime) -> int | None:
    """Tell the duty and the administrators that no clock ticks; answers with the outbox row.

    None where it was said since the last tick, and while publishing is stopped: people look at the clock then.
    """
    with portal.work() as work:
        timeline.lock(work)  # of two workers that see it at once, the second finds what the first said
        last_tick = health.last_tick(work.session)
        if health.is_held(work.session) or _said_since(work.session, SILENT, last_tick):
            return None
        told = {"last_tick": last_tick.isoformat()} if last_tick else {}
        row_id = _say(work, SILENT, now, told)
        work.commit()
        return row_id


def say_if_refused(portal: Portal, reasons: Mapping[str, int], *, now: datetime) -> bool:
    """Tell the administrators how many jobs were refused and why. False where they were told within the hour."""
    with portal.work() as work:
        timeline.lock(work)
        if _said_since(work.session, REFUSED_JOBS, now - QUIET):
            return False
        _say(work, REFUSED_JOBS, now, {"count": sum(reasons.values()), "reasons": sorted(reasons)})
        work.commit()
        return True


def _say(work: UnitOfWork, fact: str, now: datetime, detail: dict[str, Any]) -> int:
    timeline.append_account_event(work, fact=fact, now=now, detail=detail)
    row = outbox.put(work, fact, now=now)
    assert row is not None  # these facts have notices
    return row.id


def _said_since(session: Session, fact: str, since: datetime | None) -> bool:
    said = _last(session, fact)
    return said is not None and (since is None or said >= since)


def _last(session: Session, *facts: str) -> datetime | None:
    return session.scalar(select(func.max(AccountEvent.at)).where(AccountEvent.fact.in_(facts)))
