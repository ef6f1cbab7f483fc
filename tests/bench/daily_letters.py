"""Letters of the daily e-mail a second, beside an SMTP loop of this file with the same letters and the same sink, in turns.

The loop shares no code with the portal: it has every letter written beforehand, keeps one connection, sends a text and
the next envelope in one go (RFC 2920) and remembers nothing. The sink is a process that reads bytes and looks for the
final dot. Ours claims, looks at each reader again, composes, asks in the last moment, writes the ledger and the receipt.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import delete, func, select, update

from portal.actions.newsletter import building
from portal.actions.portal import Portal
from portal.outlets.mail.senders import sender_from
from portal.outlets.newsletter.daily_email import DailyEmail, Reader, daily_email
from portal.outlets.newsletter.trial_letter import everything
from portal.rules.digest import Picked
from portal.rules.reader_choice import Choice
from portal.settings import load_settings
from portal.storage.database import Database
from portal.storage.migrate import upgrade
from portal.storage.tables import DigestDelivery, DigestIssue, DigestItem
from tests import builders
from tests.bench.rounds import Rounds, in_turns
from tests.rigs import signing_keys
from tests.rigs.mail_sink import add_readers
from tests.rigs.mailroom import StillClock
from workers import digest_runs
from workers.bench import Bench

READERS, ITEMS = 10_000, 10


@dataclass(frozen=True)
class Found:
    """Letters a second of the independent loop and of ours, whether all arrived once, the size of one in bytes, and the
    milliseconds of the processor that each letter takes here, without and with a signature (RSA, 2048 bits)."""

    readers: int
    rounds: Rounds
    whole: bool
    size: int
    cpu: float
    signing: float


def run(url: str, root: Path, now: datetime, readers: int = READERS) -> Found:
    """In each round the loop and then ours send to all readers; ours from an issue whose letters wait again."""
    database = Database(url)
    upgrade(database)
    settings = replace(load_settings({"PORTAL_ENV": "development"}, root), database_url=url)
    with _sink() as (port, taken):
        portal = Portal(database, replace(settings, mail_url=f"smtp://127.0.0.1:{port}"))
        _prepare(portal, readers, now)
        letters = _written(portal, readers)
        bench = Bench(portal, StillClock(now), sender_from(portal.settings))
        whole, cpu = [], []

        def limit() -> float:
            begun = time.perf_counter()
            _loop(port, letters)
            return readers / (time.perf_counter() - begun)

        def ours() -> float:
            _let_wait_again(database)
            before, begun, used = taken(), time.perf_counter(), time.process_time()
            digest_runs.send_whole(bench, f"{now:%Y-%m-%d}", lambda _count, _whole: None)
            seconds = time.perf_counter() - begun
            cpu.append(time.process_time() - used)
            whole.append(taken() - before == _sent(database) == readers)
            return readers / seconds

        rounds = in_turns(limit, ours)
        signing = _signing(portal)
    database.dispose()
    size = len(letters[0][2])
    return Found(readers, rounds, all(whole), size, 1000 * median(cpu) / readers, signing)


def told(found: Found) -> str:
    return (
        f"{found.readers:,} letters of {found.size / 1000:.1f} kB, each claimed, looked at again and recorded, in {found.cpu:.2f}"
        f" ms of the processor, / an independent pipelined loop: {found.rounds.told('a second')}; a signature would take"
        f" {found.signing:.2f} ms more a letter; {'each arrived once' if found.whole else 'NOT ALL ARRIVED ONCE'}"
    )


def _prepare(portal: Portal, readers: int, now: datetime) -> None:
    with portal.work() as work:
        for number in range(ITEMS):
            builders.published_release(work, headline=f"Story {number}", at=now - timedelta(hours=number + 1))
        add_readers(work, readers, now)
        work.commit()
    building.close_due(portal, now=now)


def _written(portal: Portal, readers: int) -> list[tuple[bytes, bytes, bytes]]:
    """Sender, recipient and text of every letter."""
    email, issue, picked = _email(portal)
    return [
        (
            email.envelope_from(_reader(number)).encode(),
            _reader(number).email.encode(),
            email.message(_reader(number), picked, issue.due_at),
        )
        for number in range(readers)
    ]


def _loop(port: int, letters: list[tuple[bytes, bytes, bytes]]) -> None:
    with socket.create_connection(("127.0.0.1", port)) as wire, wire.makefile("rb") as answers:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        answers.readline()
        wire.sendall(b"EHLO bench\r\n")
        while answers.readline()[3:4] == b"-":
            pass
        envelopes = [b"MAIL FROM:<%s>\r\nRCPT TO:<%s>\r\nDATA\r\n" % each[:2] for each in letters]
        wire.sendall(envelopes[0])
        for number, (_, _, text) in enumerate(letters):
            for wanted in (b"250", b"250", b"354"):
                _require(answers.readline(), wanted)
            following = envelopes[number + 1] if number + 1 < len(letters) else b""
            wire.sendall(text.replace(b"\r\n.", b"\r\n..") + b".\r\n" + following)
            _require(answers.readline(), b"250")
        wire.sendall(b"QUIT\r\n")
        answers.readline()


def _require(answer: bytes, wanted: bytes) -> None:
    if not answer.startswith(wanted):
        raise SystemExit(f"the sink says {answer!r}")


def _let_wait_again(database: Database) -> None:
    """As if no letter had left."""
    with database.engine.begin() as connection:
        connection.execute(delete(DigestItem))
        waiting = {
            "state": "pending",
            "attempts": 0,
            "handed_at": None,
            "sent_at": None,
            "claimed_until": None,
        }
        connection.execute(update(DigestDelivery).values(**waiting, next_at=datetime(2000, 1, 1, tzinfo=UTC)))
        connection.execute(update(DigestIssue).values(finished_at=None))


def _sent(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(DigestDelivery.state == "sent")) or 0


def _signing(portal: Portal, letters: int = 200) -> float:
    """Milliseconds of the processor that a signature adds to a letter."""
    keyed = replace(portal.settings, dkim_key=signing_keys.pem(), dkim_selector="bench")
    plain, signed = (
        _composing(replace(portal, settings=settings), letters) for settings in (portal.settings, keyed)
    )
    return signed - plain


def _composing(portal: Portal, letters: int) -> float:
    email, issue, picked = _email(portal)
    email.message(_reader(0), picked, issue.due_at)  # what is made once is made
    begun = time.process_time()
    for number in range(letters):
        email.message(_reader(number), picked, issue.due_at)
    return 1000 * (time.process_time() - begun) / letters


def _email(portal: Portal) -> tuple[DailyEmail, DigestIssue, Picked]:
    with portal.database.reading() as session:
        issue = session.scalars(select(DigestIssue)).one()
        email = daily_email(session, issue, portal.settings, issue.due_at)
    return email, issue, everything(issue, email.material.releases)


def _reader(number: int) -> Reader:
    return Reader(number + 1, f"reader{number}@lotus.example", "n", Choice(), number, "n")


_SINK = """
import asyncio
taken = 0
class Sink(asyncio.Protocol):
    def connection_made(self, wire):
        self.say, self.kept, self.in_text = wire.write, b"", False
        self.close = wire.close
        self.say(b"220 sink\\r\\n")
    def data_received(self, data):
        global taken
        kept, said = self.kept + data, []
        while True:
            if self.in_text:
                text, ended, kept_after = kept.partition(b"\\r\\n.\\r\\n")
                if not ended:
                    break
                kept, self.in_text, taken = kept_after, False, taken + 1
                said.append(b"250 OK\\r\\n")
                continue
            line, ended, kept_after = kept.partition(b"\\r\\n")
            if not ended:
                break
            kept, word = kept_after, line[:4]
            if word == b"DATA":
                said.append(b"354 go on\\r\\n")
                self.in_text = True
            elif word.upper() == b"EHLO":
                said.append(b"250-sink\\r\\n250 PIPELINING\\r\\n")
            elif word.upper() == b"NOOP":
                said.append(b"250 %d\\r\\n" % taken)
            elif word.upper() == b"QUIT":
                self.say(b"".join(said) + b"221 bye\\r\\n")
                self.close()
                return
            else:
                said.append(b"250 OK\\r\\n")
        self.kept = kept
        if said:
            self.say(b"".join(said))
async def main():
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


@contextmanager
def _sink() -> Iterator[tuple[int, Callable[[], int]]]:
    """A mail server in a process of its own that takes everything; and a way to ask how much it took."""
    process = subprocess.Popen([sys.executable, "-c", _SINK], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    port = int(process.stdout.readline())

    def taken() -> int:
        with socket.create_connection(("127.0.0.1", port)) as asked, asked.makefile("rb") as answers:
            answers.readline()
            asked.sendall(b"NOOP\r\n")
            return int(answers.readline().split()[1])

    try:
        yield port, taken
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
