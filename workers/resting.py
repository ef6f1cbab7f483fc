"""How long the clock may rest: as long as nothing is near and nobody writes.

It looks every two seconds, which costs next to nothing, and ticks at the first look at which something has come. So what
is near is done as soon as by a clock that ticks every two seconds, and an idle site is left alone.
"""

from __future__ import annotations

from datetime import datetime

from portal.actions.newsletter import building
from portal.storage.queries import nearness
from portal.storage.queries.nearness import Nearest
from portal.storage.queries.pulse import Pulse
from workers.bench import Bench


class Rest:
    """What the clock knows when it has done all that was to be done."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._pulse = Pulse(bench.portal.database)
        self._nearest: Nearest | None = None
        self._issue_due: datetime | None = None

    def begin(self) -> None:
        """After a tick. The pulse is felt first: whatever is written from then on shows in it, the rest in the rows."""
        self._pulse.moved()
        portal, now = self._bench.portal, self._bench.clock.now()
        with portal.database.reading() as session:
            self._nearest = nearness.nearest(session)
        self._issue_due = building.next_due(portal, now=now)

    def is_over(self, at: datetime) -> bool:
        """Is there something to do? `at` is real time. Where that cannot be found out there is."""
        if self._pulse.moved() or self._nearest is None or self._nearest.waits:
            return True
        now = self._bench.clock.now()
        planned = [moment for moment in (self._nearest.due, self._issue_due) if moment]
        return any(moment <= now for moment in planned) or _has_come(self._nearest.tried, at)

    def close(self) -> None:
        self._pulse.close()


def _has_come(moment: datetime | None, at: datetime) -> bool:
    return moment is not None and moment <= at
