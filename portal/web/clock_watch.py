"""The pages watch wall time themselves: what is due by a clock that has just jumped is shown to nobody.

Publishing is held before the first page after the jump is made, by the same record that the clock process would write
seconds later. Where that cannot be written no page is shown.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

import structlog
from flask import Flask, current_app, g, request
from sqlalchemy.exc import OperationalError

from portal.actions.operating import clock_holding
from portal.actions.portal import Portal
from portal.clock import Clock, DriftWatch, steady_seconds
from portal.rules.clock_jumps import why_held

KEY = "clock_watch"
EVERY = 1.0
"""Seconds between two looks where nobody opens a page."""
STEADY = 0.5
"""Seconds by which two looks may differ: a time service moves the clock by less within one second."""

_log = structlog.get_logger("portal.web")


class ClockWatch:
    """A jump that was seen is remembered until publishing is held."""

    def __init__(self, portal: Portal, clock: Clock, steady: Callable[[], float] = steady_seconds) -> None:
        self._portal = portal
        self._clock = clock
        self._drift = DriftWatch(steady)
        self._why = ""
        self._steady = steady
        self._ahead: float | None = None

    @property
    def is_steady(self) -> bool:
        """Whether wall time runs as it did at the last look, and nothing waits to be held: then what was made by it holds.

        Asked for every answer that is kept, so it takes no lock and writes nothing.
        """
        ahead = self._ahead
        return (
            ahead is not None
            and not self._why
            and abs(self._clock.now().timestamp() - self._steady() - ahead) < STEADY
        )

    def look(self) -> datetime:
        """The time by which a page may go; publishing is held where it has jumped since the last look.

        Raises OperationalError where that cannot be written.
        """
        now, drift = self._drift.since_last_look(self._clock)
        self._ahead = now.timestamp() - self._steady()
        self._why = why_held(drift, now, self._portal.settings.timezone) or self._why
        if self._why:
            self._hold(now)
        return now

    def _hold(self, now: datetime) -> None:
        why = self._why
        if clock_holding.hold(self._portal, why=why, now=now):
            _log.error("publishing is held until an editor lifts it", why=why)
        self._why = ""


def install(app: Flask, *, steady: Callable[[], float] = steady_seconds) -> None:
    app.extensions[KEY] = ClockWatch(app.extensions["portal"], app.extensions["clock"], steady)
    app.before_request(_before_a_page)


def watch_between_pages(app: Flask) -> None:
    """Look once a second from now on, so that a page opened long after a jump is not taken for the first one after it."""
    watch = app.extensions.get(KEY)
    if watch is not None:
        threading.Thread(target=_go_on_looking, args=(watch,), daemon=True, name="clock watch").start()


def _go_on_looking(watch: ClockWatch) -> None:
    while True:
        try:
            watch.look()
        except OperationalError:
            _log.warning("publishing could not be held; the next page tries again")
        time.sleep(EVERY)


def _before_a_page() -> None:
    if request.endpoint != "static":
        g.now = current_app.extensions[KEY].look()
