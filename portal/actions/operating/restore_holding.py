"""Restore is quiet: an older copy of the database sends and publishes nothing until an operator has looked.

Asked before anything is served or sent: at the start of web, worker and clock, by every command that sends, and at
each tick, because a database can be swapped under processes that run.
"""

import logging
from datetime import datetime

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from portal.actions.portal import Portal
from portal.rules import restore
from portal.rules.restore import HOLDING, OLDER, STRANGE, Mark, Run
from portal.rules.shown_times import shown
from portal.storage import restore_mark, timeline
from portal.storage.queries import restoring
from portal.storage.tables import ClockHold
from portal.storage.tables.operations import RESTORE

ROW = 2
"""Beside the row of a jump of time (clock_holding.py): both may stand, and each is lifted by somebody else."""
LAG = 30
"""Ticks, about a minute: who does not tick itself keeps its mark no nearer, so that jobs write no file each."""

_log = logging.getLogger(__name__)


def look(portal: Portal, *, now: datetime, lag: int = LAG) -> bool:
    """Compare this machine's mark with the database; True while a restored copy is held, by this look or before.

    The mark is read first: a tick between the two then makes the database newer than the mark and never older.
    A mark that lags by more than `lag` ticks is brought up to date.
    """
    mark = restore_mark.read(portal.settings.instance_path)
    with portal.database.reading() as session:
        if restoring.hold(session) is not None:
            return True
        run = restoring.run_of(session)
    found = restore.judged(mark, run, now=now)
    if found in HOLDING:
        _hold(portal, _why(portal, found, mark, run), now)
        return True
    _keep_mark(portal, mark, run, lag)
    return False


def look_at_start(portal: Portal, *, now: datetime) -> bool | None:
    """The same; None where the database does not answer or is not made yet."""
    try:
        return look(portal, now=now)
    except SQLAlchemyError as problem:
        _log.info("the database does not answer yet: %s", type(problem).__name__)
        return None


def alarm(portal: Portal) -> None:
    """Say a hold that stands in the log of a process that starts."""
    _log.error("ALARM: %s", sentence(portal))


def sentence(portal: Portal) -> str:
    """What is held and how it ends, for logs and terminals; empty where nothing is."""
    with portal.database.reading() as session:
        hold = restoring.hold(session)
    if hold is None:
        return ""
    since = shown(hold.since, portal.settings.timezone)
    return (
        f"This database is held as a restored copy since {since}. {hold.why} No mail leaves and nothing new goes "
        "public. See: portal restore status. Go on with: portal restore confirm"
    )


def _why(portal: Portal, found: str, mark: Mark | None, run: Run) -> str:
    zone = portal.settings.timezone
    ticked = f"Its clock ticked last at {shown(run.ticked_at, zone)}. " if run.ticked_at else ""
    if found == OLDER and mark is not None and mark.at is not None:
        return f"{ticked}This machine saw it tick until {shown(mark.at, zone)}."
    if found == STRANGE:
        return f"{ticked}This machine has never worked with it."
    return f"{ticked}It is not the database that this machine worked with last."


def _hold(portal: Portal, why: str, now: datetime) -> None:
    with portal.work() as work:
        if restoring.hold(work.session) is not None:
            return
        work.session.add(ClockHold(id=ROW, kind=RESTORE, since=now, why=why))
        try:
            work.session.flush()
        except IntegrityError:
            return  # another process was faster
        timeline.append_account_event(work, fact="restore_held", now=now, detail={"why": why})
        work.commit()
    _log.error("ALARM: everything is held until an operator confirms it. %s", why)


def _keep_mark(portal: Portal, mark: Mark | None, run: Run, lag: int) -> None:
    path = portal.settings.instance_path
    if not run.epoch:
        if mark is not None:
            restore_mark.forget(path)  # of a database that was deleted
        return
    if mark is None or mark.epoch != run.epoch or run.ticks - mark.ticks > lag:
        restore_mark.write(path, Mark(run.epoch, run.ticks, run.ticked_at))
