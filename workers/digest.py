"""Sends the letters of an issue: a few senders at once, each with a connection of its own, in one pace for all.

Job, clock and command run the same; where two of them do it at once every letter still goes once, because each is
claimed in the database first.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import Counter as Counted
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from prometheus_client import Counter

from portal.actions.mailing import pacing
from portal.actions.newsletter import sending
from portal.actions.newsletter.outcomes import Outcome
from portal.actions.newsletter.sending import Handful, ToSend
from portal.actions.portal import Portal
from portal.outlets.mail.bulk_mail import Answer, Letter, Line, ServerAway, line_from
from portal.outlets.newsletter.daily_email import DailyEmail, Reader, daily_email
from portal.rules.mailing.mail_outcomes import LATER, UNTOUCHED
from portal.settings import Settings
from portal.storage.last_look import LastLook
from portal.storage.tables import DigestIssue
from workers.bench import Bench

CONNECTIONS = 3
HANDFUL = 100
"""So many letters are in doubt at most when one sender is killed. Fewer cost more: each handful is a transaction."""
JOB_SECONDS = 10.0
"""A job sends for so long and rings for the next one, so that mails that were rung for meanwhile go between."""
WAITS = (0.5, 1.0, 2.0, 4.0)
"""Seconds between tries to reach a mail server that is away; then the clock tries again later."""

LETTERS = Counter(
    "portal_digest_letters_total", "Letters of the daily e-mail by what became of them.", ["outcome"]
)

_log = logging.getLogger(__name__)
Told = Callable[[int], None]


@dataclass
class Pace:
    """When the letters of one sender may go. Without a rate at once; with one, all processes share the slots."""

    portal: Portal
    stop: threading.Event
    _next: float = 0.0

    @property
    def rate(self) -> int:
        return self.portal.settings.mail_rate

    @property
    def size(self) -> int:
        """How many to take at once: with a slow pace few, so that each is looked at again shortly before it goes."""
        return min(HANDFUL, max(1, self.rate // CONNECTIONS)) if self.rate else HANDFUL

    def take(self, count: int) -> bool:
        """Slots for so many, and wait for the first; False where the sending is to end."""
        if self.rate:
            self._next = pacing.take_slots(self.portal, count, real_seconds=time.time())
            self.stop.wait(max(0.0, self._next - time.time()))
        return not self.stop.is_set()

    def go_on(self) -> bool:
        """Wait until the next letter may go; False where the sending is to end."""
        if self.rate:
            due, self._next = self._next, self._next + 1 / self.rate
            self.stop.wait(max(0.0, due - time.time()))
        return not self.stop.is_set()


def send_issue(
    bench: Bench,
    issue_id: int,
    *,
    seconds: float | None = None,
    connections: int = CONNECTIONS,
    reader_id: int | None = None,
    told: Told | None = None,
    stop: threading.Event | None = None,
    opened: Callable[[Settings], Line] = line_from,
) -> None:
    """Send what is due of an issue, for `seconds` at the most. `told` hears of every handful that is done."""
    ended = stop or threading.Event()
    ends_at = time.monotonic() + seconds if seconds else None
    sending.settle(bench.portal, issue_id, now=bench.clock.now(), at=real_time())
    turn = threading.Lock() if bench.portal.database.is_sqlite else nullcontext()
    senders = [
        _Sender(
            bench,
            issue_id,
            Pace(bench.portal, ended),
            ended,
            ends_at,
            reader_id,
            told or _silent,
            turn,
            opened,
        )
        for _ in range(1 if reader_id is not None else connections)
    ]
    threads = [threading.Thread(target=sender.run, name="digest") for sender in senders[1:]]
    for thread in threads:
        thread.start()
    try:
        senders[0].run()
    except BaseException:
        ended.set()
        raise
    finally:
        for thread in threads:
            thread.join()
    sending.settle(bench.portal, issue_id, now=bench.clock.now(), at=real_time())


def real_time() -> datetime:
    """Real time, by which leases and back-offs are counted, also under a test clock."""
    return datetime.now(UTC)


@dataclass
class _Gate:
    """Asked about each letter in the last moment before its text is given away. Where it says no, the handful ends and
    what is left of it is taken anew, with everything looked at again."""

    bench: Bench
    look: LastLook
    handful: Handful

    def __post_init__(self) -> None:
        self._proven = self.handful.records

    def __call__(self, letter: Letter) -> bool:
        now = self.bench.clock.now()
        records = self.look.at(letter.number, now)
        if records is None:
            return False
        if records != self._proven and not sending.says_the_same(self.bench.portal, self.handful, now=now):
            return False
        self._proven = records
        return True


@dataclass
class _Sender:
    """One connection and what it does: take a handful, compose, hand over, record with the next."""

    bench: Bench
    issue_id: int
    pace: Pace
    stop: threading.Event
    ends_at: float | None
    reader_id: int | None
    told: Told
    # One after another by a lock of our own: those who wait for SQLite's sleep much longer than they have to.
    turn: AbstractContextManager[Any]
    opened: Callable[[Settings], Line]
    _emails: dict[tuple[object, ...], DailyEmail] = field(default_factory=dict)

    def run(self) -> None:
        with LastLook(self.bench.portal.database) as look:
            self._run(look)

    def _run(self, look: LastLook) -> None:
        line = self.opened(self.bench.portal.settings)
        done: list[Outcome] = []
        waited = 0
        try:
            while not self._is_over():
                if self.pace.rate and done:  # not to be in doubt for as long as we wait for a slot
                    self._next(done, 0)
                    done = []
                if not self.pace.take(self.pace.size):
                    return
                handful = self._next(done, self.pace.size)
                done = []
                if not handful.taken:
                    return
                away = self._hand_over(line, _Gate(self.bench, look, handful), done)
                waited = waited + 1 if away else 0
                if waited > len(WAITS):
                    _log.warning("the mail server is away: %s", away)
                    return
                if away:
                    self.stop.wait(WAITS[waited - 1] * random.uniform(0.8, 1.2))  # noqa: S311  # only spread
        finally:
            if done:
                self._next(done, 0)
            line.close()

    def _is_over(self) -> bool:
        return self.stop.is_set() or (self.ends_at is not None and time.monotonic() > self.ends_at)

    def _next(self, done: Sequence[Outcome], size: int) -> Handful:
        with self.turn:
            handful = sending.next_handful(
                self.bench.portal,
                self.issue_id,
                done,
                size=size,
                now=self.bench.clock.now(),
                at=real_time(),
                reader_id=self.reader_id,
            )
        for outcome, count in Counted(each.outcome for each in done).items():
            LETTERS.labels(outcome).inc(count)
        if done:
            self.told(len(done))
        return handful

    def _hand_over(self, line: Line, gate: _Gate, done: list[Outcome]) -> str:
        """Fills `done`; answers with why the server is away, or nothing."""
        away, handful = "", gate.handful
        try:
            letters = self._composed(handful, done)
            for answer in line.hand_over(letters, self.pace.go_on, gate):
                done.append(_outcome(answer))  # noqa: PERF401  # what is known counts also where it breaks off
        except ServerAway as problem:
            away = str(problem) or "no answer"
        told = {each.delivery_id for each in done}
        done += [
            Outcome(letter.delivery_id, UNTOUCHED, away)
            for letter in handful.letters
            if letter.delivery_id not in told
        ]
        return away

    def _composed(self, handful: Handful, done: list[Outcome]) -> Iterator[Letter]:
        """Each when the wire has room for it. One that cannot be written is marked and holds up nobody."""
        email, now = self._email(handful.stamp), self.bench.clock.now()
        for each in handful.letters:
            try:
                letter = _letter(email, each, now)
            except Exception as problem:  # noqa: BLE001  # whatever is wrong with one letter, the others go
                _log.exception("letter %s cannot be written", each.delivery_id)
                done.append(Outcome(each.delivery_id, LATER, f"{type(problem).__name__}: {problem}"))
            else:
                yield letter

    def _email(self, stamp: tuple[object, ...]) -> DailyEmail:
        """Written anew when a text has changed or must not be shown any more."""
        if stamp not in self._emails:
            self._emails.clear()
            with self.bench.portal.database.reading() as session:
                issue = session.get_one(DigestIssue, self.issue_id)
                now = self.bench.clock.now()
                self._emails[stamp] = daily_email(session, issue, self.bench.portal.settings, now)
        return self._emails[stamp]


def _silent(_count: int) -> None:
    """Nobody listens."""


def _letter(email: DailyEmail, each: ToSend, now: datetime) -> Letter:
    reader = Reader(
        each.reader_id, each.email, each.reader_nonce, each.wants.choice, each.delivery_id, each.letter_nonce
    )
    content = email.message(reader, each.picked, now)
    return Letter(each.delivery_id, email.envelope_from(reader), each.email, content)


def _outcome(answer: Answer) -> Outcome:
    return Outcome(answer.number, answer.outcome, answer.detail, answer.step, answer.code)
