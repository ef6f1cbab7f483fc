"""What the web server takes from a socket, and for how long it waits: waitress with a smaller mouth.

A body is taken in before the application sees its request, so the limits on it are kept here: how much, how slowly, and
in which framing. Refused are requests whose end two programs could see in two places (RFC 9112, section 6.1).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from socket import SHUT_WR
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ErrorTask
from waitress.utilities import Error

from portal.web.protection import LARGEST_REQUEST

THREADS = 8
CONNECTION_LIMIT = 2000
IDLE_SECONDS = 60
LARGEST_BODY = LARGEST_REQUEST + 64 * 1024
"""Bytes. Just above what the application takes, so that a form a little too large still gets its page."""
IN_MEMORY = 64 * 1024
"""Bytes of one body; the rest of it waits in a file. Two thousand sockets then hold 130 MB at the most."""
PATIENCE = 30.0
"""Seconds in which a request has to come whole, and longest silence within one."""
SLOWEST = 8 * 1024
"""Bytes a second: every so many that have come give a body one more second. A phone at the edge of its network is
faster; somebody who drips a byte at a time is not."""

HEARD_OUT = 10.0
"""Seconds for which what follows a refusal is read and thrown away."""


class HalfARequest(Error):  # type: ignore[misc]  # waitress comes without types
    """The rest of it did not come."""

    code = 408
    reason = "Request Timeout"


class StrictParser(HTTPRequestParser):  # type: ignore[misc]
    """Refuses requests that say their length twice."""

    def parse_header(self, header_plus: bytes) -> None:
        """Raises ParsingError."""
        try:
            super().parse_header(header_plus)
        except (
            ValueError
        ):  # a length of more digits than Python reads, an address such as http://[x (waitress 3.0.2)
            raise ParsingError("the head of the request cannot be read") from None
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding exclude each other")
        if "TRANSFER_ENCODING" in self.headers:  # left there only where HTTP/1.1 was not spoken
            raise ParsingError("Transfer-Encoding needs HTTP/1.1")


class PlainRefusal(ErrorTask):  # type: ignore[misc]
    """A page of one sentence for what never reached the application. Whoever still sends is heard out, for a while."""

    def execute(self) -> None:
        self.channel.hears_out = True
        self.request.error.to_response = lambda _ident: _answer(self.request.error)
        super().execute()


class Channel(HTTPChannel):  # type: ignore[misc]
    """One socket. What comes too slowly is given up, and what was taken of it is let go."""

    parser_class = StrictParser
    error_task_class = PlainRefusal
    clock: Callable[[], float] = staticmethod(time.time)
    request: Any
    will_close: bool
    close_when_flushed: bool

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.began_at: float | None = None
        self.hears_out = False
        self.deaf_from: float | None = None

    def received(self, data: bytes) -> bool:
        taken = bool(super().received(data))
        if self.request is None:
            self.began_at = None
        elif self.began_at is None:
            self.began_at = self.clock()
        return taken

    def readable(self) -> bool:
        """Asked about every socket, at least once a second."""
        if self.deaf_from is not None:
            self.will_close = self.will_close or self.clock() > self.deaf_from
            return not self.will_close
        if self.request is not None and self.is_too_slow(self.clock()):
            self.give_up()
        return bool(super().readable())

    def handle_write(self) -> None:
        """After a refusal only our half is closed: a socket closed on somebody who still sends takes the answer along."""
        if self.close_when_flushed and self.hears_out and not self.total_outbufs_len:
            self.close_when_flushed, self.deaf_from = False, self.clock() + HEARD_OUT
            with suppress(OSError):
                self.socket.shutdown(SHUT_WR)
        super().handle_write()

    def handle_read(self) -> None:
        if self.deaf_from is None:
            super().handle_read()
        elif not self._thrown_away():
            self.handle_close()

    def _thrown_away(self) -> bool:
        """Whether something more came; it is kept nowhere."""
        try:
            return bool(self.recv(self.adj.recv_bytes))
        except OSError:
            return False

    def is_too_slow(self, now: float) -> bool:
        """Whether what has come of a request is too little for the time that it took. `now` in seconds."""
        if self.began_at is None or self.request is None:
            return False
        earned = self.request.body_bytes_received / SLOWEST
        return bool(now - self.began_at > PATIENCE + earned or now - self.last_activity > PATIENCE)

    def give_up(self) -> None:
        """Answer 408 and close."""
        with self.requests_lock:
            late, self.request, self.began_at = self.request, None, None
            if late is None:
                return
            late.close()
            late.error = HalfARequest("The rest of the request did not come.")
            late.completed = True
            self.requests.append(late)
            if len(self.requests) == 1:
                self.server.add_task(self)


def listening_server(application: Any, host: str, port: int) -> Any:
    """A server that is bound and not yet running."""
    sockets: dict[int, Any] = {}
    server = create_server(
        application,
        map=sockets,
        host=host,
        port=port,
        threads=THREADS,
        connection_limit=CONNECTION_LIMIT,
        channel_timeout=IDLE_SECONDS,
        cleanup_interval=10,
        max_request_body_size=LARGEST_BODY,
        inbuf_overflow=IN_MEMORY,
        recv_bytes=IN_MEMORY,
        ident=None,
        clear_untrusted_proxy_headers=False,
    )
    for each in sockets.values():
        if isinstance(each, BaseWSGIServer):
            each.channel_class = Channel
    return server


SENTENCES = {
    408: "We waited for the rest of this and it did not come. Nothing was saved. Go back and send it again.",
    413: "That is more than we can take at once. Nothing was saved. Go back: what you typed is still in the form.",
    431: "The address or its cookies are too long. Delete the cookies of this site and try again.",
    500: "Something failed on our side. Go back and try once more.",
}
COMMON = "The request was not one that we understand. Go back and try again."


def _answer(error: Error) -> tuple[str, list[tuple[str, str]], bytes]:
    sentence = SENTENCES.get(error.code, COMMON)
    page = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{error.reason}</title><p>{sentence}</p></html>'
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", "default-src 'none'"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
    ]
    return f"{error.code} {error.reason}", headers, page.encode()
