"""The web server: kept answers from the loop's own thread, everything else from a few threads behind it.

Own, and small, because none that was tried does all of it: waitress holds slow clients and stops at an eighth of what
the machine can do, and how a process ends has to be its own affair (DECISIONS 97). What
is hard about HTTP is left to llhttp, what is hard about sockets to libuv.
"""

from __future__ import annotations

import asyncio
import secrets
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import partial
from http import HTTPStatus
from itertools import count
from typing import Any

import structlog

from portal.commands.serving.application import Application, Askable
from portal.commands.serving.connection import Connection
from portal.commands.serving.lanes import Lane
from portal.commands.serving.limits import Limits
from portal.commands.serving.refusals import refusal
from portal.commands.serving.requests import Request
from portal.front.answers import Answer, Kept
from portal.front.door import Asked, Door
from portal.front.front import Front
from portal.front.keeping import Keep
from portal.storage.public_marks import Mark

Step = Callable[[Connection, Request, Any], None]
"""What is done for a request with what was read, or made, in the meantime."""
EVERY = 1.0
"""Seconds between two looks at the sockets."""
PUBLIC_THREADS, WORK_THREADS, LOGIN_THREADS = 3, 5, 2
LOGINS_WAITING = 30
"""Beyond these whoever logs in is told to press again; a password takes a while to be looked at."""
MOST_WAITS = 2
"""Answers of others that somebody waits for; where the mark moves all the time nobody stands in a line of hundreds."""
LOGIN_NICENESS = 10
"""A hash is a tenth of a second of processor: beside it readers come first."""
BACKLOG = 1024
LOGINS = ("/account/",)

_log = structlog.get_logger("portal.web")


@dataclass
class Kitchen:
    """What is kept, who may have it, and how fresh it is. Without one nothing is kept."""

    front: Front
    door: Door
    mark: Mark


@dataclass(frozen=True)
class Made:
    """What a thread brings back."""

    answer: Answer
    kept: Kept | None
    keep: Keep | None


@dataclass
class Stop:
    """How the process ends: `begin` is called at once, then it is served on for `seconds`."""

    seconds: float = 0.0
    begin: Callable[[], None] = field(default=lambda: None)


class Server:
    """One listening socket in one event loop. `proxies`: how many of our own stand before it."""

    def __init__(
        self,
        application: Application,
        listening: socket.socket,
        *,
        kitchen: Kitchen | None = None,
        limits: Limits | None = None,
        stop: Stop | None = None,
        proxies: int = 0,
    ) -> None:
        host, port = listening.getsockname()[:2]
        self.here: tuple[str, int] = (host, port)
        self.limits = limits or Limits()
        self.is_draining = False
        self._application = Askable(application, self.here)
        self._listening = listening
        self._kitchen = kitchen
        self._stop = stop or Stop()
        self._proxies = proxies
        self._connections: dict[Connection, None] = {}
        self._seed, self._numbers = secrets.token_hex(4), count()
        self._date = b""
        self._public = Lane("public", PUBLIC_THREADS)
        self._work = Lane("work", WORK_THREADS)
        self._logins = Lane("logins", LOGIN_THREADS, LOGINS_WAITING, niceness=LOGIN_NICENESS)

    # Running.

    async def run(self) -> None:
        """Serve until `stop_soon` was called and all is answered."""
        loop = asyncio.get_running_loop()
        self._stopping, self._at_once = asyncio.Event(), asyncio.Event()
        self._tell_time()
        server = await loop.create_server(lambda: Connection(self), sock=self._listening, backlog=BACKLOG)
        watching = loop.create_task(self._look_every_second())
        try:
            await self._stopping.wait()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._at_once.wait(), self._stop.seconds)
        finally:
            server.close()
            await self._finish()
            watching.cancel()
            self._close()

    def stop_soon(self) -> None:
        """Say that we are going, serve on for a while, then end. Called once more: end at once what is left."""
        if self._stopping.is_set():
            self._at_once.set()
            for connection in list(self._connections):
                connection.give_up()
            return
        self._stop.begin()
        self.is_draining = True
        self._stopping.set()

    def stop_now(self) -> None:
        """As somebody at a terminal wants it: what is being answered is finished, and nothing else is waited for."""
        self._stop.begin()
        self.is_draining = True
        self._stopping.set()
        self._at_once.set()

    async def _finish(self) -> None:
        """What is being answered is answered; nobody is waited for who only holds the line."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self.limits.finishing
        while self._connections and loop.time() < until:
            for connection in list(self._connections):
                connection.close_if_idle()
            if not any(each.is_answering for each in self._connections):
                break
            await asyncio.sleep(0.02)
        for connection in list(self._connections):
            connection.give_up()

    def _close(self) -> None:
        for lane in (self._public, self._work, self._logins):
            lane.close()
        if self._kitchen:
            self._kitchen.mark.close()

    async def _look_every_second(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._tell_time()
            self.look(loop.time())
            await asyncio.sleep(EVERY)

    def look(self, now: float) -> None:
        """Give up what takes too long. `now` in seconds of the loop's own clock."""
        for connection in list(self._connections):
            connection.look(now)

    def _tell_time(self) -> None:
        self._date = f"Date: {formatdate(usegmt=True)}\r\n".encode()

    # What a connection asks of us.

    def came(self, connection: Connection) -> None:
        """Where all places are taken the one goes that has sat there longest with nothing, or with half a request."""
        if len(self._connections) >= self.limits.connections:
            oldest = next((each for each in self._connections if not each.is_answering), None)
            (oldest or connection).give_up()
        self._connections[connection] = None

    def went(self, connection: Connection) -> None:
        self._connections.pop(connection, None)

    def stamp(self) -> bytes:
        """The id of an answer that no record names."""
        return b"X-Request-Id: %s%08x\r\n" % (self._seed.encode(), next(self._numbers) & 0xFFFFFFFF)

    def date(self) -> bytes:
        return self._date

    def answer(self, connection: Connection, request: Request) -> None:
        self._or_500(connection, request, self._begin)(self._kitchen)

    def _begin(self, connection: Connection, request: Request, kitchen: Kitchen | None) -> None:
        if kitchen is not None and request.is_reading:
            asked = kitchen.door.asked(request.target, request.headers)
            if asked is not None:
                kitchen.mark.tell(self._or_500(connection, request, partial(self._looked, asked, 0)))
                return
        self._ask_for_one(connection, request)

    def _or_500(self, connection: Connection, request: Request, step: Step) -> Callable[[Any], None]:
        """The step for this request, to be called back. What fails in it is its own reader's alone: whoever calls calls others too."""

        def called(said: Any) -> None:
            try:
                step(connection, request, said)
            except Exception:  # noqa: BLE001  # without an answer the socket would be held for ever
                _log.exception("an answer could not be given", path=request.path)
                connection.send_answer(request, refusal(500))

        return called

    # Answers that are kept.

    def _looked(
        self, asked: Asked, waited: int, connection: Connection, request: Request, mark: int | None
    ) -> None:
        """`waited`: for how many answers of others, none of which was good any more when it came."""
        assert self._kitchen is not None
        front = self._kitchen.front
        kept = front.look(asked.key, mark)
        if kept is not None:
            self._give(connection, request, asked, kept)
            return
        if waited >= MOST_WAITS:
            self._ask_for_one(connection, request)
            return
        again = self._or_500(connection, request, partial(self._look_again, asked, waited + 1))
        if not front.is_being_made(asked.key, again):
            self._make(connection, request, asked, mark)

    def _look_again(
        self, asked: Asked, waited: int, connection: Connection, request: Request, was_kept: bool
    ) -> None:
        """Whoever waited for an answer that is nobody else's asks for one of their own."""
        assert self._kitchen is not None
        if not connection.is_open:
            return
        if was_kept:
            self._kitchen.mark.tell(self._or_500(connection, request, partial(self._looked, asked, waited)))
        else:
            self._ask_for_one(connection, request)

    def _make(self, connection: Connection, request: Request, asked: Asked, mark: int | None) -> None:
        kitchen = self._kitchen
        assert kitchen is not None

        def then(_connection: Connection, _request: Request, made: Made) -> None:
            by_program = made.keep is not None and made.keep.by_program_alone
            kitchen.front.made(asked.key, made.kept, by_program_alone=by_program)
            if made.kept is not None:
                self._give(connection, request, asked, made.kept, was_made=True)
            elif asked.is_all:
                connection.send_answer(request, made.answer)
            else:
                self._ask_for_one(connection, request)

        job = partial(self._made, kitchen.front, request, asked, mark)
        if not self._public.take(self._client_of(request), job, self._or_500(connection, request, then)):
            kitchen.front.made(asked.key, None)
            connection.send_answer(request, refusal(503))

    def _made(self, front: Front, request: Request, asked: Asked, mark: int | None) -> Made:
        """In a thread. What fails on the way to keeping an answer costs nobody the answer."""
        answer, keep, kept = refusal(500), None, None
        try:
            began = front.now()
            answer, keep = self._application.for_all(request, asked.target, mark)
            kept = front.kept_from(answer, keep, mark, began)
            if kept is not None:
                kept.whole(kept.coding(request.headers.get("accept-encoding", "")))
        except Exception:  # noqa: BLE001  # the answer itself is there
            _log.exception("an answer could not be kept", path=request.path)
            kept = None
        return Made(answer, kept, keep)

    def _give(
        self, connection: Connection, request: Request, asked: Asked, kept: Kept, *, was_made: bool = False
    ) -> None:
        """A redirect takes the whole query along, so whoever asked with more of it gets one of their own."""
        assert self._kitchen is not None
        if kept.answer.status == HTTPStatus.OK or asked.is_all:
            is_head = request.method == "HEAD"
            connection.send(
                request,
                *self._kitchen.front.answer(kept, request.headers, is_head=is_head, was_made=was_made),
            )
        else:
            self._ask_for_one(connection, request)

    # Answers for one.

    def _ask_for_one(self, connection: Connection, request: Request) -> None:
        lane, full = self._lane(request)
        job = partial(self._application.for_one, request)
        then = self._or_500(connection, request, Connection.send_answer)
        if not lane.take(self._client_of(request), job, then):
            connection.send_answer(request, refusal(full))

    def _client_of(self, request: Request) -> str:
        """Who asks, for turns in a lane: what the outermost of our own proxies saw."""
        said = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",")]
        return said[-self._proxies] if self._proxies and len(said) >= self._proxies else request.client

    def _lane(self, request: Request) -> tuple[Lane, int]:
        """The lane, and the status that says that it is full."""
        if request.method == "POST" and request.path.startswith(LOGINS):
            return self._logins, 429
        return self._work, 503


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; of a name's addresses that of IPv4 first. Raises OSError where it is taken, not ours, or not known."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = min(found, key=lambda each: each[0] != socket.AF_INET)
    listening = socket.socket(family, kind, protocol)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
    except OSError:
        listening.close()
        raise
    listening.setblocking(False)
    return listening


def serve(server: Server) -> None:
    """Run it in a loop of its own until a signal: SIGTERM serves on for a while, SIGINT does not."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_until_told(server))


async def _until_told(server: Server) -> None:
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, server.stop_soon)
    loop.add_signal_handler(signal.SIGINT, server.stop_now)
    await server.run()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """libuv where it is; the standard library's own loop serves as well, at half the pace."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
