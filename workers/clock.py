"""The clock: does what is due, and whatever nobody was rung for or no worker picked up.

With every worker and Redis dead, releases still go public in their minute, texts are examined and mails leave.
Several clocks may run; one holds the lease and ticks. Each part stands alone: one that fails is logged and
counted, and the others go on.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from types import FrameType
from typing import Any

from prometheus_client import Counter

from portal import logs
from portal.actions.mailing import delivering, notifying
from portal.actions.moderating import examining, ladder, reading
from portal.actions.newsletter import building
from portal.actions.operating import anchoring, leasing, purging, restore_holding
from portal.actions.publishing import going_live, killing, removing
from portal.actions.releases import mapping, spelling
from portal.actions.submitting import reminding, signing_off
from portal.settings import Settings
from portal.storage.queries import mailing
from workers import registries
from workers.bench import Bench, bench_for
from workers.digest_runs import due_issues, send_slice
from workers.guarded import tell_refusals
from workers.queues import connection
from workers.relay import deliver_row, real_time, relay_row
from workers.resting import Rest
from workers.seen import Seen
from workers.time_guard import TimeGuard

TICK_SECONDS = 2.0
"""How often the clock looks whether there is something to do."""
IDLE_LOOKS = 7
"""After so many looks without anything it ticks all the same, 14 seconds after the tick before."""
LEASE_SECONDS = 30.0
"""Longer than the longest rest and a tick; a clock that dies is followed by another after so long."""

RELAY_AFTER = 2.0
DELIVER_AFTER = 5.0
EXAMINE_AFTER = 10.0
LETTERS_SECONDS = 10.0
"""How long letters of the daily e-mail are sent in one go; a clock that is asked to stop waits no longer."""
UPKEEP_EVERY = 30.0
SEEN_AT_ONCE = 500
"""So many of what waits are watched: how long each has waited is known when its turn comes."""
BATCH = 50
EXAMINED_AT_ONCE = 20
"""So many are relayed, mailed, examined in a tick at the most: what is due to be public waits for no backlog."""
MAILERS = 4
IN_A_COPY = frozenset({"examine", "anchor", "queues"})
"""What goes on while a restored copy is held: it tells nobody anything."""

FAILED_PARTS = Counter("portal_clock_failures_total", "Parts of a tick that ended in an error.", ["part"])

_log = logging.getLogger(__name__)


def run_clock(settings: Settings) -> None:
    """Ticks until SIGTERM or SIGINT; the tick that is under way is finished."""
    logs.configure(settings)
    stop = threading.Event()
    _stop_on_signals(stop)
    clock = ClockProcess(bench_for(settings, alarms=True), f"{socket.gethostname()}:{os.getpid()}")
    clock.follow()
    _log.info("the clock ticks")
    while not stop.is_set():
        clock.tick_if_mine()
        clock.rest(stop)
    clock.let_go()
    _log.info("the clock stops")


class ClockProcess:
    """One clock. `parts` are its duties by name, in the order in which they are done."""

    def __init__(self, bench: Bench, name: str) -> None:
        self.bench = bench
        self.name = name
        self.guard = TimeGuard(bench)
        self._rest = Rest(bench)
        self._has_lease = False
        self._outbox, self._deliveries, self._editions, self._issues = Seen(), Seen(), Seen(), Seen()
        # Apart from the tick, so that a mail server that hangs does not keep a release waiting.
        self._mailers = ThreadPoolExecutor(MAILERS, thread_name_prefix="mail")
        self._under_way: dict[int, Future[Any]] = {}
        self._letters: dict[int, Future[Any]] = {}
        self._upkeep = registries.Upkeep(connection(bench.portal.settings, seconds=1.0), every=UPKEEP_EVERY)
        self._purge_next = self._map_next = 0.0
        self.parts: dict[str, Callable[[], Any]] = {
            "go live": partial(self._act, going_live.record_due),
            "archive": partial(self._act, removing.expire_due),
            "lapsed kill requests": partial(self._act, killing.lapse_requests),
            "lapsed claims": partial(self._act, reading.lapse_claims),
            "ageing": partial(self._act, ladder.climb),
            "sign-offs": partial(self._act, signing_off.lapse_signoffs),
            "reminders": partial(self._act, reminding.remind_and_expire),
            "issues": partial(self._act, building.close_due),
            "examine": self._examine,
            "relay": self._relay,
            "deliver": self._deliver,
            "letters": self._send_letters,
            "anchor": partial(self._act, anchoring.anchor),
            "spelling": partial(self._act, spelling.learn),
            "queues": self._upkeep,
            "refused jobs": partial(self._act, tell_refusals),
            "purge": self._purge,
            "sitemap": self._keep_sitemap,
        }

    def follow(self) -> None:
        """A clock of this machine that was killed left its lease behind: its successor need not wait it out."""
        self._guarded("lease", lambda: leasing.let_go_of_the_dead(self.bench.portal, _runs))

    def tick_if_mine(self) -> bool:
        """One tick, if this clock holds the lease or nobody does. It never raises."""
        self._guarded("time", self.guard.look)
        held = self._copy_is_held()
        self._has_lease = bool(self._guarded("lease", self._hold_lease))
        if not self._has_lease:
            self.guard.leave_to_others()
            return False
        held = (
            self._copy_is_held() or held
        )  # again, so that the mark outside the database counts this tick, too
        self._guarded("time", self.guard.guard)
        for part, duty in self.parts.items():
            if not held or part in IN_A_COPY:
                self._guarded(part, duty)
        return True

    def rest(self, stop: threading.Event) -> None:
        """Until there is something to do, or for as long as a clock may be silent; a signal ends it at once.

        A clock that waits for the lease asks for it again at the next look.
        """
        rests = self._has_lease and self._guarded("rest", self._begin_rest)
        for _ in range(IDLE_LOOKS):
            if stop.wait(TICK_SECONDS) or not rests or self._guarded("rest", self._goes_on) is not False:
                return

    def _begin_rest(self) -> bool:
        self._rest.begin()
        return True

    def _goes_on(self) -> bool:
        return self.guard.sees_a_jump() or self._rest.is_over(real_time())

    def let_go(self) -> None:
        """Finish the mails under way, and let another clock begin without waiting for the lease to end."""
        self._rest.close()
        self._mailers.shutdown(cancel_futures=True)
        self._guarded("lease", lambda: leasing.let_go(self.bench.portal, self.name))
        self.bench.portal.database.dispose()

    def _guarded(self, part: str, duty: Callable[[], Any]) -> Any:
        try:
            return duty()
        except Exception:  # noqa: BLE001  # whatever it is, the other parts go on; it is logged and counted
            FAILED_PARTS.labels(part).inc()
            _log.exception("the clock’s part “%s” failed", part)
            return None

    def _copy_is_held(self) -> bool:
        """Whether a restored copy is held. Where that cannot be found out nothing leaves either."""
        now = self.bench.clock.now
        look = self._guarded("restore", lambda: restore_holding.look(self.bench.portal, now=now(), lag=0))
        return look is not False

    def _hold_lease(self) -> bool:
        return leasing.hold(
            self.bench.portal,
            self.name,
            real_seconds=real_time().timestamp(),
            lease_seconds=LEASE_SECONDS,
            now=self.bench.clock.now(),
        )

    def _act(self, action: Callable[..., Any]) -> None:
        action(self.bench.portal, now=self.bench.clock.now())

    def _purge(self) -> None:
        """Now and then: nobody waits for it."""
        if time.monotonic() >= self._purge_next:
            self._purge_next = time.monotonic() + UPKEEP_EVERY
            self._act(purging.purge)

    def _keep_sitemap(self) -> None:
        """Also now and then: until then its last part is found by reading."""
        if time.monotonic() >= self._map_next:
            self._map_next = time.monotonic() + UPKEEP_EVERY
            self._act(mapping.keep_parts)

    def _relay(self) -> None:
        waiting = notifying.due_outbox(self.bench.portal, now=self.bench.clock.now(), limit=SEEN_AT_ONCE)
        for outbox_id in self._outbox.overdue(waiting, seconds=RELAY_AFTER, most=BATCH):
            self._guarded("relay", partial(relay_row, self.bench, outbox_id))

    def _deliver(self) -> None:
        due = delivering.due_deliveries(self.bench.portal, at=real_time(), limit=SEEN_AT_ONCE)
        self._under_way = {row_id: mail for row_id, mail in self._under_way.items() if not mail.done()}
        waiting = [row_id for row_id in due if row_id not in self._under_way]
        room = BATCH - len(self._under_way)
        for delivery_id in self._deliveries.overdue(waiting, seconds=DELIVER_AFTER, most=room):
            sending = partial(deliver_row, self.bench, delivery_id)
            self._under_way[delivery_id] = self._mailers.submit(self._guarded, "deliver", sending)

    def _send_letters(self) -> None:
        """Issues of which a letter may go and that no worker has taken on; for a while each, beside the ticks."""
        self._letters = {row_id: run for row_id, run in self._letters.items() if not run.done()}
        for issue_id in self._issues.overdue(due_issues(self.bench, real_time()), seconds=DELIVER_AFTER):
            if issue_id not in self._letters:
                sending = partial(send_slice, self.bench, issue_id, seconds=LETTERS_SECONDS)
                self._letters[issue_id] = self._mailers.submit(self._guarded, "letters", sending)

    def wait_for_mails(self) -> None:
        """Until every mail that is under way was taken or not."""
        wait([*self._under_way.values(), *self._letters.values()])

    def _examine(self) -> None:
        with self.bench.portal.database.reading() as session:
            waiting = mailing.unexamined_editions(session, limit=SEEN_AT_ONCE)
        for edition_id in self._editions.overdue(waiting, seconds=EXAMINE_AFTER, most=EXAMINED_AT_ONCE):
            self._guarded("examine", partial(self._examine_one, edition_id))

    def _examine_one(self, edition_id: int) -> None:
        examining.examine(self.bench.portal, edition_id, now=self.bench.clock.now())


def _runs(name: str) -> bool:
    """False only for a clock that was of this machine and is gone; of others nothing can be known."""
    host, _, number = name.rpartition(":")
    if host != socket.gethostname() or not number.isdecimal():
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _stop_on_signals(stop: threading.Event) -> None:
    def ring(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ring)
