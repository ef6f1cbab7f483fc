"""A mail server that does to each recipient what its script says, and remembers what it took; and readers by the thousand."""

from __future__ import annotations

import asyncio
import re
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy import insert

from portal.storage.tables import Subscriber, Subscription
from portal.storage.unit_of_work import UnitOfWork

GOOD, LATER_FIRST, NO_SUCH, NOT_WANTED, DROPPED, LATER_AT_DOOR = (
    "good", "later first", "no such mailbox", "text not wanted", "dropped after the dot", "later at the door",
)  # fmt: skip
SILENT_AT_DOOR, SILENT_AFTER_DOT, DRIPS_AFTER_DOT = (
    "silent at the door",
    "silent after the dot",
    "drips after the dot",
)
_WORDS = re.compile(r"reader(\d+)@")


@dataclass
class Sink:
    """`script` says by address what happens; who is not in it is taken. `taken` counts whole mails by address."""

    script: dict[str, str] = field(default_factory=dict)
    pipelining: bool = True
    taken: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    ids: dict[str, set[bytes]] = field(default_factory=dict)
    all_ids: list[str] = field(default_factory=list)
    keep: bool = False
    mails: list[bytes] = field(default_factory=list)

    async def handle_EHLO(  # noqa: N802  # aiosmtpd's name
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self.pipelining else responses

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        does = self.script.get(address, GOOD)
        self.tried[address] += 1
        if does == NO_SUCH:
            return "550 5.1.1 no such mailbox"
        if does == SILENT_AT_DOOR and self.tried[address] == 1:
            await _say_nothing()
        if does == LATER_AT_DOOR and self.tried[address] == 1:
            return "451 4.7.1 greylisted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        address = envelope.rcpt_tos[0]
        does = self.script.get(address, GOOD)
        if does == LATER_FIRST and self.tried[address] == 1:
            return "451 4.3.0 later"
        if does == NOT_WANTED:
            return "554 5.6.0 not wanted"
        if does == SILENT_AFTER_DOT:
            await _say_nothing()
        if does == DRIPS_AFTER_DOT:
            await _drip(server)
        self.taken[address] += 1
        found = re.search(rb"\r?\nMessage-ID: (\S+)", envelope.content)
        self.ids.setdefault(address, set()).add(found[1] if found else b"")
        self.all_ids.append(found[1].decode() if found else "")
        if self.keep:
            self.mails.append(envelope.content)
        if does == DROPPED:
            server.transport.abort()
        return "250 OK"


async def _say_nothing() -> None:
    """Until the other side hangs up, which ends this."""
    await asyncio.sleep(60)


async def _drip(server: Any) -> None:
    """A letter at a time of an answer that never ends."""
    for _ in range(600):
        server.transport.write(b"2")
        await asyncio.sleep(0.1)


@contextmanager
def running_sink(sink: Sink) -> Iterator[str]:
    """The `smtp://` URL of the sink."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


def address(number: int) -> str:
    return f"reader{number}@lotus.example"


def add_readers(work: UnitOfWork, count: int, now: datetime, **chosen: str) -> None:
    """Confirmed readers, numbered from 1 as their ids in an empty table are. `chosen`: kind, place."""
    rows = [
        {
            "email": address(number),
            "state": "confirmed",
            "nonce": f"{number:032d}",
            "asked_at": now,
            "confirmed_at": now,
            "corrections_only": False,
            "asked_for": {},
            "version": 1,
        }
        for number in range(1, count + 1)
    ]
    if not rows:
        return
    ids = list(work.session.scalars(insert(Subscriber).returning(Subscriber.id), rows))
    for dimension, value in chosen.items():
        work.session.execute(
            insert(Subscription),
            [{"subscriber_id": number, "dimension": dimension, "value": value} for number in ids],
        )
