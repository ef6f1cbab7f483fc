"""Which requests may be answered from what is kept, and under which key: the path, and the query as the page reads it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_to_bytes, urlencode

from werkzeug.sansio.utils import host_is_trusted

MOST_REMEMBERED = 20_000
"""Spellings of addresses, and of hosts. Beyond that all are forgotten: whoever makes them up costs us a dictionary."""
LONGEST_TARGET = 2_000
"""Bytes. A longer address is nobody's link; it goes to the application every time."""

KnownNames = Callable[[str], tuple[str, ...] | None]
"""For a path the names of the query that its page reads; None where the page is not the same for everybody."""


@dataclass(frozen=True)
class Asked:
    """What is asked for: its `key`, the `target` without what its page does not read, and whether that is all there was.

    A page is the same whatever else its query says; a redirect carries it along, so one is kept for the bare target only.
    """

    key: Hashable
    target: bytes
    is_all: bool


class Door:
    """Remembers what it has worked out, since the same few addresses come again and again."""

    def __init__(self, known_names: KnownNames, hosts: tuple[str, ...], proxies: int) -> None:
        self._known_names = known_names
        self._hosts = list(hosts)
        self._proxies = proxies
        self._known: dict[bytes, Asked | None] = {}
        self._trusted: dict[str, bool] = {}

    def asked(self, target: bytes, headers: Mapping[str, str]) -> Asked | None:
        """What a GET or HEAD for this target asks for; None where the application has to be asked."""
        if not self._is_trusted(self._host(headers)):
            return None
        try:
            return self._known[target]
        except KeyError:
            return self._remembered(target)

    def _remembered(self, target: bytes) -> Asked | None:
        if len(target) > LONGEST_TARGET or not target.startswith(b"/"):
            return None
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        asked = self._known[target] = self._read(target)
        return asked

    def _read(self, target: bytes) -> Asked | None:
        raw_path, _, query = target.partition(b"?")
        path = unquote_to_bytes(raw_path).decode("utf-8", "replace")
        names = self._known_names(path)
        if names is None or not query.isascii():
            return None
        given = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="replace")
        if any(name not in names and name.strip().lower() in names for name, _ in given):
            return None  # a slip of the pen, which the application leads to the right spelling
        known = [pair for pair in given if pair[0] in names]
        is_all = len(known) == len(given)
        bare = target if is_all else raw_path + (b"?" + urlencode(known).encode() if known else b"")
        return Asked((path, *known), bare, is_all)

    def _host(self, headers: Mapping[str, str]) -> str:
        """As the application sees it: what the outermost of our own proxies was asked for."""
        forwarded = headers.get("x-forwarded-host")
        if self._proxies and forwarded is not None:
            said = [part.strip() for part in forwarded.split(",")]
            if len(said) >= self._proxies:
                return said[-self._proxies]
        return headers.get("host", "")

    def _is_trusted(self, host: str) -> bool:
        known = self._trusted.get(host)
        if known is None:
            if len(self._trusted) >= MOST_REMEMBERED:
                self._trusted.clear()
            known = self._trusted[host] = bool(host) and host_is_trusted(host, self._hosts)
        return known
