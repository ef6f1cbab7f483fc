"""One answer as bytes: its heads for every way in which it is asked for, and its bodies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from portal.front import compressing

NOT_OURS = frozenset(
    ("content-length", "date", "connection", "x-request-id", "keep-alive", "transfer-encoding")
)
"""Said anew with every answer."""
OF_A_BODY = frozenset(
    ("content-type", "content-encoding", "content-length", "content-language", "content-range")
)
"""Left out of a 304."""
_ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_TAG = re.compile(r'(?:W/)?("[^"]*")')

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What the application said: a status, headers in their order, a body."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")


@dataclass
class Kept:
    """An answer that may be given again. `mark` was read before it was made; `until` is an instant in seconds since 1970.

    `began` is when it was made: a clock that runs backwards ends it, too.
    """

    answer: Answer
    mark: int | None
    began: float
    until: float
    etag: str = ""
    modified: str = ""
    packs: bool = False
    ready: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)
    unchanged: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.etag = self.answer.header("etag")
        self.modified = self.answer.header("last-modified")
        kind = self.answer.header("content-type")
        self.packs = compressing.is_worth_it(kind, len(self.answer.body)) and not self.answer.header(
            "content-encoding"
        )

    @property
    def size(self) -> int:
        """Bytes, with what the copies of its head take."""
        return len(self.answer.body) + 2048 + sum(len(head) + len(body) for head, body in self.ready.values())

    def coding(self, accept: str) -> str:
        return compressing.accepted(accept) if self.packs and accept else compressing.IDENTITY

    def whole(self, coding: str) -> tuple[bytes, bytes]:
        """Head and body in that coding. Made once."""
        found = self.ready.get(coding)
        if found is None:
            found = self.ready[coding] = self._made(coding)
        return found

    def is_unchanged(self, asked: Mapping[str, str]) -> bool:
        """Whether what the reader has is this: by its ETag, or by exactly our own date.

        A release that left a list can make the newest date an older one, so dates are not compared (RFC 9110, 13.1).
        """
        if self.answer.status != HTTPStatus.OK:
            return False
        tags = asked.get("if-none-match")
        if tags is not None:
            return tags.strip() == "*" or (bool(self.etag) and strong(self.etag) in _TAG.findall(tags))
        since = asked.get("if-modified-since")
        return bool(since and self.modified) and _same_instant(since or "", self.modified)

    def not_modified(self, coding: str) -> bytes:
        """The head of a 304."""
        found = self.unchanged.get(coding)
        if found is None:
            headers = [pair for pair in self._headers(coding) if pair[0].lower() not in OF_A_BODY]
            found = self.unchanged[coding] = head(HTTPStatus.NOT_MODIFIED, headers)
        return found

    def part(self, asked: Mapping[str, str]) -> tuple[bytes, bytes] | None:
        """Head and body of the one range that was asked for; None where the whole is to be sent (RFC 9110, 14.2)."""
        wanted = _ONE_RANGE.fullmatch(asked.get("range", "").strip().lower())
        if self.answer.status != HTTPStatus.OK or not wanted or not self._range_still_fits(asked):
            return None
        return self._cut(*_bounds(wanted[1], wanted[2], len(self.answer.body)))

    def _range_still_fits(self, asked: Mapping[str, str]) -> bool:
        condition = asked.get("if-range")
        return condition is None or condition.strip() in (self.etag, self.modified)

    def _cut(self, first: int, last: int) -> tuple[bytes, bytes]:
        size, headers = len(self.answer.body), self._headers(compressing.IDENTITY)
        if first > last:
            headers = [pair for pair in headers if pair[0].lower() != "content-type"]
            headers.append(("Content-Range", f"bytes */{size}"))
            return head(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers, 0), b""
        headers.append(("Content-Range", f"bytes {first}-{last}/{size}"))
        body = self.answer.body[first : last + 1]
        return head(HTTPStatus.PARTIAL_CONTENT, headers, len(body)), body

    def _made(self, coding: str) -> tuple[bytes, bytes]:
        body = self.answer.body
        if coding:
            body = compressing.packed(body, coding, quality=compressing.MANY_TIMES)
        return head(self.answer.status, self._headers(coding), len(body)), body

    def _headers(self, coding: str) -> Headers:
        headers = [pair for pair in self.answer.headers if pair[0].lower() not in NOT_OURS]
        if self.answer.status == HTTPStatus.OK:
            headers.append(("Accept-Ranges", "bytes"))
        return as_packed(headers, coding) if self.packs else headers


def as_packed(headers: Headers, coding: str) -> Headers:
    """The headers of a body that comes in several codings; a packed one has the weak form of its ETag (RFC 9110, 8.8.3)."""
    vary = next((value for key, value in headers if key.lower() == "vary"), "")
    kept = [pair for pair in headers if pair[0].lower() != "vary"]
    kept.append(("Vary", f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"))
    if not coding:
        return kept
    weak = [(key, f"W/{strong(value)}" if key.lower() == "etag" else value) for key, value in kept]
    return [*weak, ("Content-Encoding", coding)]


def strong(etag: str) -> str:
    return etag.removeprefix("W/")


def head(status: int, headers: Headers, length: int | None = None) -> bytes:
    """Status line and headers, without the empty line behind them."""
    lines = [f"HTTP/1.1 {status} {reason(status)}", *(f"{name}: {value}" for name, value in headers)]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n").encode("latin-1")


def reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """First and last byte; the first behind the last where nothing of it is there."""
    if not first:
        wanted = int(last or 0)
        return (max(0, size - wanted), size - 1) if wanted else (1, 0)
    return (int(first), min(int(last), size - 1) if last else size - 1) if int(first) < size else (1, 0)


def _same_instant(one: str, other: str) -> bool:
    try:
        return parsedate_to_datetime(one) == parsedate_to_datetime(other)
    except (TypeError, ValueError):
        return False
