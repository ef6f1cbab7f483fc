"""The worker keeps an eye on the clock: one that no longer ticks cannot say so itself.

Its lease is renewed with every tick, in real time. If that stops while the worker looks on, people are told, and the
worker sends these mails itself: whatever else would relay and try again is the clock's work.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Sequence

from portal.actions.mailing import alarming
from portal.storage.queries import health
from workers.bench import Bench
from workers.guarded import tell_refusals
from workers.relay import deliver_row, relay_row

LOOK_SECONDS = 15.0
SILENT_SECONDS = 90.0
"""Of its own looking on: a machine that starts, or that slept, alarms nobody. Another clock takes over in 30, and one that has nothing to do ticks every 14."""

_log = logging.getLogger(__name__)


class ClockWatch:
    """Asked at every heartbeat of the worker, also without Redis; it looks now and then and never raises."""

    def __init__(self, bench: Bench, steady: Callable[[], float] = time.monotonic) -> None:
        self._bench = bench
        self._steady = steady
        self._process = os.getpid()
        self._next = steady()
        self._lease: float | None = None
        self._since = steady()
        self._mails: Sequence[int] = ()

    def look(self) -> None:
        """Only in the worker itself: a job that it forked has its own work to do."""
        if os.getpid() != self._process or self._steady() < self._next:
            return
        self._next = self._steady() + LOOK_SECONDS
        try:
            self._look()
            tell_refusals(self._bench.portal, now=self._bench.clock.now())
        except Exception:  # noqa: BLE001  # whatever it is, the worker works on and looks again
            _log.exception("the worker could not look whether the clock ticks")
        finally:
            self._bench.portal.database.dispose()  # a fork must not find an open connection

    def _look(self) -> None:
        if self._has_ticked():
            self._mails = ()
        elif self._steady() - self._since >= SILENT_SECONDS:
            self._say()

    def _has_ticked(self) -> bool:
        with self._bench.portal.database.reading() as session:
            lease = health.lease_ends(session)
        if lease == self._lease:
            return False
        self._lease, self._since = lease, self._steady()
        return True

    def _say(self) -> None:
        told = alarming.say_if_silent(self._bench.portal, now=self._bench.clock.now())
        if told is not None:
            _log.error("ALARM: no clock has ticked for %.0f seconds", self._steady() - self._since)
            self._mails = relay_row(self._bench, told)
        for mail in self._mails:  # one that was sent already is passed over
            deliver_row(self._bench, mail)
