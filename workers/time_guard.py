"""Watches for time that jumps: wall time against a clock that only ever runs forward.

Looks are compared one with the next, so what a time service corrects little by little is no jump. A sleeping
machine is none either, since the other clock goes on counting then.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from portal.actions.operating import clock_holding
from portal.actions.operating.clock_holding import JUMP
from portal.rules.shown_times import shown
from portal.settings import Settings
from workers.bench import Bench

_log = logging.getLogger(__name__)


def steady_seconds() -> float:
    """Seconds of a clock that nobody can set."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def is_watched(settings: Settings) -> bool:
    """A test clock jumps by its nature; it is watched only where a test asks for that."""
    return settings.test_clock is None or settings.test_clock_jumps


class TimeGuard:
    """Called once in each tick, before anything is recorded as public."""

    def __init__(self, bench: Bench, steady: Callable[[], float] = steady_seconds) -> None:
        self._bench = bench
        self._steady = steady
        self._watches = is_watched(bench.portal.settings)
        self._last: tuple[datetime, float] | None = None
        self._started = False
        self._why = ""

    def look(self) -> None:
        """Compare with the last look. A jump is remembered until it was held, or until another clock sees to it."""
        now, steady = self._bench.clock.now(), self._steady()
        last, self._last = self._last, (now, steady)
        if not self._watches or last is None:
            return
        jumped = (now - last[0]) - timedelta(seconds=steady - last[1])
        if abs(jumped) > JUMP:
            way = "forward" if jumped > timedelta() else "back"
            self._why = f"The clock jumped {way} by {_span(abs(jumped))}, to {self._shown(now)}."

    def leave_to_others(self) -> None:
        """Another clock holds the lease: what was seen is its to hold."""
        self._why = ""

    def guard(self) -> None:
        """Hold publishing where time jumped, or where this clock begins behind the newest record."""
        now = self._bench.clock.now()
        why = self._why or (self._behind(now) if self._watches and not self._started else "")
        if why and clock_holding.hold(self._bench.portal, why=why, now=now):
            _log.error("ALARM: publishing is held until an editor lifts it. %s", why)
        self._why, self._started = "", True

    def _shown(self, now: datetime) -> str:
        return shown(now, self._bench.portal.settings.timezone)

    def _behind(self, now: datetime) -> str:
        if not clock_holding.is_behind_the_records(self._bench.portal, now=now):
            return ""
        return f"The clock started at {self._shown(now)}, behind the newest record."


def _span(jumped: timedelta) -> str:
    minutes = int(jumped.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 2880 else f"{minutes // 1440} days"
