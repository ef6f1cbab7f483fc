"""One socket: what comes from it is read by llhttp (Node's parser), one request is answered after the other.

llhttp refuses requests whose end two programs could see in two places (RFC 9112, 6.1). What comes too slowly is given
up, and what was taken of it is let go.
"""

from __future__ import annotations

import asyncio
from collections import deque
from tempfile import SpooledTemporaryFile
from typing import IO, Protocol, cast

import httptools

from portal.commands.serving.limits import IN_MEMORY, LARGEST_BODY, LARGEST_HEAD, MOST_WAITING, Limits
from portal.commands.serving.refusals import refusal
from portal.commands.serving.requests import Request
from portal.front.answers import Answer, head

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Refused(Exception):
    """What comes is not taken; carries the status that says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Desk(Protocol):
    """Whoever answers what has come whole, and what every answer carries."""

    limits: Limits
    is_draining: bool

    def came(self, connection: Connection) -> None: ...

    def went(self, connection: Connection) -> None: ...

    def answer(self, connection: Connection, request: Request) -> None: ...

    def stamp(self) -> bytes: ...

    def date(self) -> bytes: ...


class Connection(asyncio.Protocol):
    """Reads, answers in order, and closes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: deque[Request] = deque()
        self._busy: Request | None = None
        self._pumping = False
        self._read_paused = False
        self._unread_since: float | None = None
        self._unread = 0
        self._begun: float | None = None
        self._in_head = False
        self._head_size = 0
        self._deaf_until: float | None = None
        self.is_open = False

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # libuv's is of another family
        peer = transport.get_extra_info("peername")
        self._client = str(peer[0]) if peer else ""
        self._parser = httptools.HttpRequestParser(self)
        self._loop = asyncio.get_running_loop()
        self._last = self._loop.time()
        self.is_open = True
        self._desk.came(self)

    def connection_lost(self, _problem: Exception | None) -> None:
        self.is_open = False
        self._forget_half()
        self._waiting.clear()
        self._desk.went(self)

    def eof_received(self) -> bool:
        """Whoever has said all may still listen; whoever was refused has heard it."""
        return self._deaf_until is None and (self._busy is not None or bool(self._waiting))

    def data_received(self, data: bytes) -> None:
        self._last = self._loop.time()
        if self._deaf_until is not None:
            return
        if self._in_head:
            self._head_size += len(data)
        try:
            self._parser.feed_data(data)
            self._measure_head()
        except Refused as refused:
            self._refuse(refused.status)
        except httptools.HttpParserCallbackError as problem:
            inner = problem.__context__
            self._refuse(inner.status if isinstance(inner, Refused) else 400)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._refuse(400)

    def _measure_head(self) -> None:
        if self._in_head and self._head_size > LARGEST_HEAD:
            raise Refused(431)

    def pause_writing(self) -> None:
        self._unread_since, self._unread = self._loop.time(), self._transport.get_write_buffer_size()

    def resume_writing(self) -> None:
        self._unread_since = None
        self._pump()

    # What the parser calls, in this order.

    def on_message_begin(self) -> None:
        self._target = b""
        self._headers: dict[str, str] = {}
        self._body: IO[bytes] | None = None
        self._size, self._head_size = 0, 0
        self._in_head = True
        self._begun = self._loop.time()

    def on_url(self, part: bytes) -> None:
        self._target += part
        if len(self._target) > LARGEST_HEAD:
            raise Refused(431)

    def on_header(self, name: bytes, value: bytes) -> None:
        if (
            not self._in_head or b"_" in name
        ):  # behind the body nothing is read; x_forwarded_for is not X-Forwarded-For
            return
        key, said = name.decode("latin-1").lower(), value.decode("latin-1").strip()
        if key not in self._headers:
            self._headers[key] = said
        elif key in ("host", "content-length"):
            raise Refused(400)
        else:
            self._headers[key] += ("; " if key == "cookie" else ", ") + said

    def on_headers_complete(self) -> None:
        self._in_head = False
        coding, length = self._headers.get("transfer-encoding"), self._headers.get("content-length")
        if coding is not None and (
            coding.lower() != "chunked" or length is not None or self._parser.get_http_version() != "1.1"
        ):
            raise Refused(400)
        if length is not None and (not length.isascii() or not length.isdigit() or len(length) > 12):
            raise Refused(400)
        if int(length or 0) >= LARGEST_BODY:
            raise Refused(413)
        if self._headers.get("expect", "").lower() == "100-continue" and self._busy is None:
            self._transport.write(CONTINUE)

    def on_body(self, part: bytes) -> None:
        self._size += len(part)
        if self._size >= LARGEST_BODY:
            raise Refused(413)
        if self._body is None:
            self._body = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # closed when it was answered
        self._body.write(part)

    def on_message_complete(self) -> None:
        self._begun = None
        if self._body is not None:
            self._body.seek(0)
        request = Request(
            self._parser.get_method().decode("ascii"),
            _in_origin_form(self._target, self._headers),
            self._parser.get_http_version(),
            self._headers,
            self._body,
            self._size,
            self._parser.should_keep_alive() and not self._parser.should_upgrade(),
            self._client,
        )
        self._body = None
        self._waiting.append(request)
        self._pump()
        if len(self._waiting) > MOST_WAITING and not self._read_paused:
            self._read_paused = True
            self._transport.pause_reading()

    # What the desk calls.

    def send(self, request: Request, answer_head: bytes, body: bytes, *, stamped: bool = False) -> None:
        """The answer to the request that is being answered, and on to the next. `stamped`: it has its id already."""
        if not self.is_open or request is not self._busy:
            return
        closes = not request.keeps_alive or self._desk.is_draining
        parts = [answer_head, self._desk.date()]
        if not stamped:
            parts.append(self._desk.stamp())
        if closes:
            parts.append(b"Connection: close\r\n")
        elif request.version == "1.0":
            parts.append(b"Connection: keep-alive\r\n")
        parts += [b"\r\n", body]
        self._transport.write(b"".join(parts))
        self._last = self._loop.time()
        if request.body is not None:
            request.body.close()
        self._busy = None
        if closes:
            self._close()
        else:
            self._pump()

    def send_answer(self, request: Request, answer: Answer) -> None:
        """An answer that was made for this request alone."""
        has_body = answer.status not in (204, 304) and answer.status >= 200
        is_head = request.method == "HEAD"
        headers = [pair for pair in answer.headers if pair[0].lower() not in _SAID_HERE]
        length = int(answer.header("content-length") or 0) if is_head else len(answer.body)
        stamped = any(name.lower() == "x-request-id" for name, _ in headers)
        first = head(answer.status, headers, length if has_body else None)
        self.send(request, first, b"" if is_head or not has_body else answer.body, stamped=stamped)

    def look(self, now: float) -> None:
        """Once a second: give up what takes too long. `now` in seconds of the loop's own clock."""
        limits = self._desk.limits
        if self._deaf_until is not None:
            if now > self._deaf_until:
                self._transport.abort()
        elif self._unread_since is not None:
            self._look_at_reader(now)
        elif self._busy is None and self._begun is not None:
            if is_too_slow(limits, self._size, now - self._begun, now - self._last):
                self._refuse(408)
        elif self.is_idle and now - self._last > limits.idle:
            self._close()

    @property
    def is_idle(self) -> bool:
        """Between two requests."""
        return self._busy is None and not self._waiting and self._begun is None

    @property
    def is_answering(self) -> bool:
        return self._busy is not None or bool(self._waiting) or self._transport.get_write_buffer_size() > 0

    def close_if_idle(self) -> None:
        if self.is_idle and self._transport.get_write_buffer_size() == 0:
            self._close()

    def give_up(self) -> None:
        """At once, whatever is under way."""
        self._transport.abort()

    # Between these.

    def _pump(self) -> None:
        """Answer what waits, as long as the answers are taken."""
        if self._pumping:
            return
        self._pumping = True
        while self._waiting and self._busy is None and self._unread_since is None and self.is_open:
            self._busy = self._waiting.popleft()
            self._desk.answer(self, self._busy)
        self._pumping = False
        if (
            self._read_paused
            and len(self._waiting) < MOST_WAITING
            and self._unread_since is None
            and self.is_open
        ):
            self._read_paused = False
            self._transport.resume_reading()

    def _look_at_reader(self, now: float) -> None:
        left = self._transport.get_write_buffer_size()
        if left < self._unread:
            self._unread, self._unread_since = left, now
        elif now - (self._unread_since or now) > self._desk.limits.unread:
            self._transport.abort()

    def _refuse(self, status: int) -> None:
        """Say why and close our half. Whoever still sends is heard out: a closed socket would take the answer along."""
        if not self.is_open or self._deaf_until is not None:
            return
        self._forget_half()
        self._waiting.clear()
        self._deaf_until = self._loop.time() + self._desk.limits.heard_out
        if self._busy is None:
            answer = refusal(status)
            first = head(answer.status, answer.headers, len(answer.body))
            parts = (first, self._desk.date(), self._desk.stamp(), b"Connection: close\r\n\r\n", answer.body)
            self._transport.write(b"".join(parts))
            self._transport.write_eof()
        else:  # what was sent before it is answered first, and that is the end
            self._busy.keeps_alive = False

    def _close(self) -> None:
        self._waiting.clear()
        self._transport.close()

    def _forget_half(self) -> None:
        self._begun, self._in_head = None, False
        body = getattr(self, "_body", None)
        if body is not None:
            body.close()
            self._body = None


_SAID_HERE = frozenset(("content-length", "date", "connection", "keep-alive", "transfer-encoding"))


def is_too_slow(limits: Limits, came: int, since_beginning: float, silent_for: float) -> bool:
    """Whether what has come of a body, in bytes, is too little for the seconds that it took."""
    return since_beginning > limits.patience + came / limits.slowest or silent_for > limits.patience


def _in_origin_form(target: bytes, headers: dict[str, str]) -> bytes:
    """`GET http://host/path` is asked of proxies, and has to be understood by all (RFC 9112, 3.2.2)."""
    if target.startswith(b"/") or target == b"*":
        return target
    try:
        url = httptools.parse_url(target)
    except httptools.HttpParserInvalidURLError:
        raise Refused(400) from None
    if url.schema not in (b"http", b"https") or url.host is None:
        raise Refused(400)
    port = f":{url.port}" if url.port else ""
    headers["host"] = url.host.decode("latin-1") + port
    return (url.path or b"/") + (b"?" + url.query if url.query is not None else b"")
