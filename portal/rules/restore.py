"""Is this database the one that this machine worked with last, or a copy from before?

A database that was put back cannot tell by itself: everything in it says that noon is now. So each machine keeps a
mark outside of it, and the two are compared before anything is served or sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

KNOWN, FRESH, OLDER, ANOTHER, STRANGE = "known", "fresh", "older", "another", "strange"
HOLDING = frozenset({OLDER, ANOTHER, STRANGE})

ALIVE = timedelta(minutes=10)
"""A machine that comes new to a database finds it ticking. A copy has stood still since it was taken."""


@dataclass(frozen=True)
class Mark:
    """What a machine knows of its database: which run of it, how many ticks, and when that was."""

    epoch: str
    ticks: int
    at: datetime | None = None


@dataclass(frozen=True)
class Run:
    """What the database says of itself. The epoch is empty until a clock has ticked on it."""

    epoch: str = ""
    ticks: int = 0
    ticked_at: datetime | None = None
    # Epochs that an operator has confirmed to be over: a machine that knows only those need not stop.
    past: tuple[str, ...] = ()
    has_records: bool = False


def judged(mark: Mark | None, run: Run, *, now: datetime) -> str:
    """KNOWN and FRESH go on; OLDER, ANOTHER and STRANGE are held until an operator has looked."""
    if not run.epoch:
        # Made just now, or from before this was kept. With a mark and with records it is neither.
        return ANOTHER if mark is not None and run.has_records else FRESH
    if mark is None:
        return KNOWN if run.ticked_at is not None and abs(now - run.ticked_at) <= ALIVE else STRANGE
    if mark.epoch != run.epoch:
        return KNOWN if mark.epoch in run.past else ANOTHER
    return OLDER if mark.ticks > run.ticks else KNOWN
