"""Watches for time that jumps, once in each tick of the clock process. The web process watches, too (web/clock_watch.py)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from portal.actions.operating import clock_holding
from portal.clock import DriftWatch, is_watched, steady_seconds
from portal.rules.clock_jumps import why_held
from portal.rules.shown_times import shown
from workers.bench import Bench

_log = logging.getLogger(__name__)


class TimeGuard:
    """Called once in each tick, before anything is recorded as public."""

    def __init__(self, bench: Bench, steady: Callable[[], float] = steady_seconds) -> None:
        self._bench = bench
        self._watch = DriftWatch(steady)
        self._watches = is_watched(bench.portal.settings)
        self._started = False
        self._why = ""

    def look(self) -> None:
        """Compare with the last look. A jump is remembered until it was held, or until another clock sees to it."""
        now, drift = self._watch.since_last_look(self._bench.clock)
        if self._watches:
            self._why = why_held(drift, now, self._bench.portal.settings.timezone) or self._why

    def sees_a_jump(self) -> bool:
        """The same between two ticks: the next one must not wait then."""
        self.look()
        return bool(self._why)

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
