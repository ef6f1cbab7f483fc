"""Which of several clocks ticks: one row, taken by compare-and-set, in real seconds.

The same write counts the ticks and names the run of the database, by which a copy that was put back is noticed
(actions/operating/restore_holding.py).
"""

import secrets
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import case, or_, update
from sqlalchemy.exc import IntegrityError

from portal.actions.portal import Portal
from portal.storage.tables import ClockLease

ONLY_ROW = 1
SKEW_SECONDS = 120.0
"""How far the clocks of several machines may differ."""


def hold(portal: Portal, name: str, *, real_seconds: float, lease_seconds: float, now: datetime) -> bool:
    """Take or renew the lease, and count a tick. False while another clock holds it."""
    values: dict[str, object] = {
        "holder": name,
        "expires": real_seconds + lease_seconds,
        "ticked_at": now,
    }
    epoch = secrets.token_hex(16)
    with portal.work() as work:
        free = or_(
            ClockLease.holder == name,
            ClockLease.expires <= real_seconds,
            # Given by a clock that was far ahead, since nobody takes a lease for so long: it must not last for ever.
            ClockLease.expires > real_seconds + lease_seconds + SKEW_SECONDS,
        )
        counted = {
            "ticks": ClockLease.ticks + 1,
            "epoch": case((ClockLease.epoch == "", epoch), else_=ClockLease.epoch),
        }
        statement = update(ClockLease).where(ClockLease.id == ONLY_ROW, free).values(**values, **counted)
        taken = work.session.execute(statement).rowcount == 1  # type: ignore[attr-defined]  # a CursorResult
        is_first = not taken and work.session.get(ClockLease, ONLY_ROW) is None
        work.commit()
    return taken or (is_first and _first(portal, {**values, "epoch": epoch, "ticks": 1}))


def let_go(portal: Portal, name: str) -> None:
    """End one's own lease."""
    with portal.work() as work:
        statement = update(ClockLease).where(ClockLease.holder == name).values(expires=0.0)
        work.session.execute(statement)
        work.commit()


def let_go_of_the_dead(portal: Portal, runs: Callable[[str], bool]) -> None:
    """End the lease of a clock that `runs` says is gone, so that who follows a killed one need not wait it out."""
    with portal.database.reading() as session:
        lease = session.get(ClockLease, ONLY_ROW)
    if lease is not None and lease.holder and not runs(lease.holder):
        let_go(portal, lease.holder)


def _first(portal: Portal, values: dict[str, object]) -> bool:
    """The row does not exist before the first clock; of two that make it at once, one fails."""
    with portal.work() as work:
        work.session.add(ClockLease(id=ONLY_ROW, **values))
        try:
            work.commit()
        except IntegrityError:
            return False
        return True
