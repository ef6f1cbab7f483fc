"""Letters of the daily e-mail a second, beside a bare SMTP loop to the same local sink in the same run.

The bare loop sends one constant body of the same size, pipelined over one connection, and records nothing; it is
measured before ours and again after it, because what else runs on the machine changes. Ours claims, looks at each
reader again, writes the ledger and the receipt, and composes each letter.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from portal.actions.newsletter import building
from portal.actions.portal import Portal
from portal.outlets.mail.bulk_mail import Letter, line_from
from portal.outlets.mail.senders import sender_from
from portal.outlets.newsletter.daily_email import DailyEmail, Reader, daily_email
from portal.outlets.newsletter.trial_letter import everything
from portal.rules.digest import Picked
from portal.rules.reader_choice import Choice
from portal.settings import load_settings
from portal.storage.database import Database
from portal.storage.migrate import upgrade
from portal.storage.tables import DigestDelivery, DigestIssue
from tests import builders
from tests.rigs import signing_keys
from tests.rigs.mail_sink import add_readers
from tests.rigs.mailroom import StillClock
from workers import digest_runs
from workers.bench import Bench

READERS, ITEMS = 10_000, 10


@dataclass(frozen=True)
class Found:
    """Letters a second of the bare loop and of ours, whether all arrived once, the size of one in bytes, and the
    milliseconds of the processor that each letter takes here, without and with a signature (RSA, 2048 bits)."""

    readers: int
    bare: float
    ours: float
    whole: bool
    size: int
    cpu: float
    signing: float

    @property
    def ratio(self) -> float:
        return self.ours / self.bare


def run(url: str, root: Path, now: datetime, readers: int = READERS) -> Found:
    database = Database(url)
    upgrade(database)
    settings = replace(load_settings({"PORTAL_ENV": "development"}, root), database_url=url)
    with _sink() as (port, taken):
        portal = Portal(database, replace(settings, mail_url=f"smtp://127.0.0.1:{port}"))
        _prepare(portal, readers, now)
        first, size = _bare(portal, readers)
        before = taken()
        begun, cpu = time.perf_counter(), time.process_time()
        bench = Bench(portal, StillClock(now), sender_from(portal.settings))
        digest_runs.send_whole(bench, f"{now:%Y-%m-%d}", lambda _count, _whole: None)
        seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
        arrived = taken() - before
        bare = 2 / (1 / first + 1 / _bare(portal, readers)[0])
        signing = _signing(portal)
    with database.reading() as session:
        sent = session.scalar(select(func.count()).where(DigestDelivery.state == "sent"))
    database.dispose()
    return Found(
        readers, bare, readers / seconds, arrived == sent == readers, size, 1000 * cpu / readers, signing
    )


def told(found: Found) -> str:
    return (
        f"{found.readers:,} letters of {found.size / 1000:.1f} kB: {found.ours:,.0f} a second, each claimed, looked at again "
        f"and recorded, in {found.cpu:.2f} ms of the processor; bare SMTP loop {found.bare:,.0f} a second, ratio "
        f"{found.ratio:.2f}; a signature would take {found.signing:.2f} ms more a letter; "
        f"{'each arrived once' if found.whole else 'NOT ALL ARRIVED ONCE'}"
    )


def _prepare(portal: Portal, readers: int, now: datetime) -> None:
    with portal.work() as work:
        for number in range(ITEMS):
            builders.published_release(work, headline=f"Story {number}", at=now - timedelta(hours=number + 1))
        add_readers(work, readers, now)
        work.commit()
    building.close_due(portal, now=now)


def _bare(portal: Portal, readers: int) -> tuple[float, int]:
    """The limit: the same bytes to everybody, one connection, nothing remembered."""
    content = _one_letter(portal)
    letters = [Letter(number, "a@b.example", f"r{number}@c.example", content) for number in range(readers)]
    line = line_from(portal.settings)
    begun = time.perf_counter()
    for start in range(0, readers, 100):
        for _ in line.hand_over(letters[start : start + 100], lambda: True):
            pass
    seconds = time.perf_counter() - begun
    line.close()
    return readers / seconds, len(content)


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


def _one_letter(portal: Portal) -> bytes:
    email, issue, picked = _email(portal)
    return email.message(_reader(1), picked, issue.due_at)


def _email(portal: Portal) -> tuple[DailyEmail, DigestIssue, Picked]:
    with portal.database.reading() as session:
        issue = session.scalars(select(DigestIssue)).one()
        email = daily_email(session, issue, portal.settings, issue.due_at)
    return email, issue, everything(issue, email.material.releases)


def _reader(number: int) -> Reader:
    return Reader(number + 1, f"reader{number}@lotus.example", "n", Choice(), number, "n")


_SINK = """
import asyncio, sys
taken = 0
async def serve(reader, writer):
    global taken
    say = writer.write
    say(b"220 sink\\r\\n")
    while line := await reader.readline():
        word = line[:4].upper()
        if word == b"DATA":
            say(b"354 go on\\r\\n")
            await reader.readuntil(b"\\r\\n.\\r\\n")
            taken += 1
            say(b"250 OK\\r\\n")
        elif word == b"EHLO":
            say(b"250-sink\\r\\n250 PIPELINING\\r\\n")
        elif word == b"NOOP":
            say(b"250 %d\\r\\n" % taken)
        elif word == b"QUIT":
            say(b"221 bye\\r\\n")
            break
        else:
            say(b"250 OK\\r\\n")
    writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=2**22)
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
