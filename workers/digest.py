"""Sends the letters of an issue: a few senders at once, each with a connection of its own, in one pace for all.

Job, clock and command run the same; where two of them do it at once every letter still goes once, because each is
claimed in the database first.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from prometheus_client import Counter

from portal.actions import digest_sending
from portal.actions.digest_sending import LATER, Handful, Outcome, ToSend
from portal.outlets.bulk_mail import Answer, Letter, Line, ServerAway, line_from
from portal.outlets.daily_email import DailyEmail, Reader, daily_email
from portal.storage.tables import DigestIssue
from workers.bench import Bench

CONNECTIONS = 2
HANDFUL = 50
"""So many letters are in doubt at most when one sender is killed."""
JOB_SECONDS = 120.0
"""A job sends for so long and rings for the next one; shorter than RQ allows (workers/limits.py)."""
WAITS = (0.5, 1.0, 2.0, 4.0)
"""Seconds between tries to reach a mail server that is away; then the clock tries again later."""

LETTERS = Counter(
    "portal_digest_letters_total", "Letters of the daily e-mail by what became of them.", ["outcome"]
)

_log = logging.getLogger(__name__)
Told = Callable[[int], None]


@dataclass
class Pace:
    """So many letters a second for all senders of this process together; 0 for as many as go."""

    per_second: int
    _next: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, stop: threading.Event) -> bool:
        """Until the next letter may go; False where the sending is to end."""
        if self.per_second:
            with self._lock:
                at = time.monotonic()
                due = self._next = max(at, self._next + 1 / self.per_second)
            stop.wait(max(0.0, due - at))
        return not stop.is_set()


def send_issue(
    bench: Bench,
    issue_id: int,
    *,
    seconds: float | None = None,
    connections: int = CONNECTIONS,
    reader_id: int | None = None,
    told: Told | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Send what is due of an issue, for `seconds` at the most. `told` hears of every handful that is done."""
    ended = stop or threading.Event()
    ends_at = time.monotonic() + seconds if seconds else None
    pace = Pace(bench.portal.settings.mail_rate)
    digest_sending.settle(bench.portal, issue_id, now=bench.clock.now(), at=real_time())
    turn = threading.Lock()
    senders = [
        _Sender(bench, issue_id, pace, ended, ends_at, reader_id, told or _silent, turn)
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
    digest_sending.settle(bench.portal, issue_id, now=bench.clock.now(), at=real_time())


def real_time() -> datetime:
    """Real time, by which leases and back-offs are counted, also under a test clock."""
    return datetime.now(UTC)


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
    turn: threading.Lock
    _emails: dict[tuple[object, ...], DailyEmail] = field(default_factory=dict)

    def run(self) -> None:
        line = line_from(self.bench.portal.settings)
        done: list[Outcome] = []
        waited = 0
        try:
            while not self._is_over():
                handful = self._next(done, self._size())
                done = []
                if not handful.taken:
                    return
                away = self._hand_over(line, handful, done)
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

    def _size(self) -> int:
        """With a slow pace few at a time, so that each is looked at again within a second of its going."""
        rate = self.pace.per_second
        return min(HANDFUL, max(1, rate // CONNECTIONS)) if rate else HANDFUL

    def _next(self, done: Sequence[Outcome], size: int) -> Handful:
        with self.turn:
            handful = digest_sending.next_handful(
                self.bench.portal,
                self.issue_id,
                done,
                size=size,
                now=self.bench.clock.now(),
                at=real_time(),
                reader_id=self.reader_id,
            )
        for each in done:
            LETTERS.labels(each.outcome).inc()
        if done:
            self.told(len(done))
        return handful

    def _hand_over(self, line: Line, handful: Handful, done: list[Outcome]) -> str:
        """Fills `done`; answers with why the server is away, or nothing."""
        letters = self._composed(handful, done)
        try:
            for answer in line.hand_over(letters, lambda: self.pace.wait(self.stop)):
                done.append(_outcome(answer))  # noqa: PERF401  # what is known counts also where it breaks off
        except ServerAway as away:
            told = {each.delivery_id for each in done}
            done += [
                Outcome(letter.number, "untouched", str(away))
                for letter in letters
                if letter.number not in told
            ]
            return str(away) or "no answer"
        return ""

    def _composed(self, handful: Handful, done: list[Outcome]) -> list[Letter]:
        """One that cannot be written is marked and holds up nobody."""
        email = self._email(handful.stamp)
        now, letters = self.bench.clock.now(), []
        for each in handful.letters:
            try:
                letters.append(_letter(email, each, now))
            except Exception as problem:  # noqa: BLE001  # whatever is wrong with one letter, the others go
                _log.exception("letter %s cannot be written", each.delivery_id)
                done.append(Outcome(each.delivery_id, LATER, f"{type(problem).__name__}: {problem}"))
        return letters

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
