"""The hold on publishing: written when time has jumped, lifted by an editor who has looked at a clock.

A wrong clock must not show tomorrow's news today, and nobody but a person can say which clock is right.
"""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from portal.actions.portal import Portal
from portal.actions.presses import begin_press, keep_press
from portal.rules.clock_jumps import JUMP
from portal.rules.issues import blocking
from portal.rules.permissions import DECIDERS, Person
from portal.rules.refusals import Conflict, Invalid, NotFound
from portal.storage import outbox, timeline
from portal.storage.queries import restoring
from portal.storage.tables import ChainHead, ClockHold
from portal.storage.tables.operations import CLOCK
from portal.storage.unit_of_work import UnitOfWork

ONLY_ROW = 1
NOT_HELD = "Publishing is not held. Somebody may have lifted the hold already."
OF_A_COPY = (
    "Everything is held because this database is a restored copy. Only the operator can end that, with: "
    "portal restore confirm."
)


def hold(portal: Portal, *, why: str, now: datetime) -> bool:
    """Hold publishing and tell the desk and the administrators. False where it was held already."""
    with portal.work() as work:
        if work.session.get(ClockHold, ONLY_ROW) is not None:
            return False
        work.session.add(ClockHold(id=ONLY_ROW, kind=CLOCK, since=now, why=why))
        try:
            work.session.flush()
        except IntegrityError:
            return False  # another clock was faster
        timeline.append_account_event(work, fact="clock_held", now=now, detail={"why": why})
        outbox.put(work, "clock_held", now=now)
        work.commit()
        return True


def lift(portal: Portal, actor: Person, *, message: str, now: datetime) -> None:
    """Let what is due go public.

    Raises NotFound for those who decide nothing, Invalid without words, Conflict, and Repeated for the same press.
    """
    if actor.role not in DECIDERS:
        raise NotFound
    if not message.strip():
        sentence = "Say which clock you compared, and what you found."
        raise Invalid(sentence, [blocking("WRITING", "message", sentence)])
    with portal.work() as work:
        pressed = begin_press(work, portal.press, still=lambda _result: not _is_held(work))
        lifting = delete(ClockHold).where(ClockHold.kind == CLOCK)
        if work.session.execute(lifting).rowcount == 0:  # type: ignore[attr-defined]  # a CursorResult
            raise Conflict(OF_A_COPY if restoring.is_held(work.session) else NOT_HELD)
        timeline.append_account_event(
            work, fact="clock_hold_lifted", now=now, actor_id=actor.id, detail={"why": message.strip()}
        )
        work.ring("publication", "go_live", ONLY_ROW)
        keep_press(pressed)
        work.commit()


def _is_held(work: UnitOfWork) -> bool:
    return work.session.get(ClockHold, ONLY_ROW) is not None


def is_behind_the_records(portal: Portal, *, now: datetime) -> bool:
    """Is this clock more than a jump behind the newest record? Then it, or the one before it, is wrong."""
    with portal.database.reading() as session:
        newest = session.scalar(select(ChainHead.at).order_by(ChainHead.id.desc()).limit(1))
    return newest is not None and newest - now > JUMP
