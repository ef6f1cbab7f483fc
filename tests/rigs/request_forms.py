"""The many ways in which somebody may ask for an address, generated from the map of routes.

Requests go to the application as a server hands them over, so that odd slashes and codes arrive as they were typed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import run_wsgi_app

from portal.storage.queries.cursors import cursor
from portal.web.access import access_of
from tests.rigs.canaries import Canary

ARGUMENT = re.compile(r"<(?:(?P<converter>[^:<>]+):)?(?P<name>\w+)>")
EVERY = 6
LONG_AGO = "Thu, 01 Jan 1998 00:00:00 GMT"
FAR_AHEAD = "Fri, 01 Jan 2038 00:00:00 GMT"
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Asked:
    """One request. `path` is percent-coded, with its query."""

    method: str
    path: str
    headers: Headers = ()
    body: bytes = b""

    def __str__(self) -> str:
        return f"{self.method} {self.path} {dict(self.headers) or ''}".strip()


@dataclass(frozen=True)
class Answered:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def everything(self) -> bytes:
        return repr(self.headers).encode() + self.body

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


def ask(app: Flask, asked: Asked, *, host: str, cookie: str = "") -> Answered:
    """Send it and read the whole answer."""
    given = [*asked.headers, *([("Cookie", cookie)] if cookie else [])]
    status, headers, body = _run(app, _environ(asked, host, given))
    return Answered(status, tuple(sorted((name, value) for name, value in headers)), body)


def _run(app: Flask, environ: dict[str, Any]) -> tuple[int, Any, bytes]:
    parts, status, headers = run_wsgi_app(app, environ, buffered=True)
    return int(status.split()[0]), headers, b"".join(parts)


def _environ(asked: Asked, host: str, headers: list[tuple[str, str]]) -> dict[str, Any]:
    path, _, query = asked.path.partition("?")
    environ = {
        "REQUEST_METHOD": asked.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": host,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "REMOTE_ADDR": "198.51.100.7",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(asked.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if asked.body:
        environ |= {
            "CONTENT_LENGTH": str(len(asked.body)),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
        }
    return environ | {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers}


def requests_for(app: Flask, canary: Canary, token: str = "", *, turn: int | None = None) -> Iterator[Asked]:
    """Every route of the map with whatever could open this canary; `token` goes with each POST.

    Each route is asked plainly, and in the other forms too: in all of them, or with a `turn` in every sixth, so
    that six canaries in turn make the whole.
    """
    for rule in app.url_map.iter_rules():
        methods = rule.methods or set()
        for address in addresses(rule, canary):
            if "GET" in methods:
                forms = [*_other_forms(address), *(_queries(address, canary) if _may_show(app, rule) else ())]
                yield Asked("GET", address)
                yield from islice(forms, (turn or 0) % EVERY, None, 1 if turn is None else EVERY)
            elif rule.arguments and not turn:
                yield from (Asked(method, address) for method in ("GET", "HEAD", "OPTIONS"))
            if "POST" in methods and rule.arguments:
                yield _posting(address, token)


def _may_show(app: Flask, rule: Rule) -> bool:
    public_list = access_of(app, rule.endpoint) == "anyone" and not rule.arguments
    return public_list or bool({"reference", "which", "slug"} & rule.arguments)


def addresses(rule: Rule, canary: Canary) -> Iterator[str]:
    """The rule with each value that could open something; a name not known here takes the reference and the token."""
    found = [rule.rule]
    while ARGUMENT.search(found[0]):
        found = [
            ARGUMENT.sub(value, address, count=1) for address in found for value in _values(address, canary)
        ]
    yield from dict.fromkeys(found)


def _values(address: str, canary: Canary) -> tuple[str, ...]:
    argument = ARGUMENT.search(address)
    assert argument is not None
    converter, name = argument["converter"] or "", argument["name"]
    if converter.startswith("any("):
        return tuple(part.strip() for part in converter[4:-1].split(","))
    if converter == "int":
        return ("1",)
    known = {
        "reference": (canary.reference,),
        "slug": (canary.house_slug,) if "/organisations/" in address else (canary.slug, "an-older-slug"),
        "which": ("all", canary.kind, f"place-{canary.place_slug}", f"org-{canary.house_slug}"),
        "page": ("news", "check"),
    }
    return known.get(name, (canary.token,))


def _other_forms(address: str) -> Iterator[Asked]:
    yield from (Asked(method, address) for method in ("HEAD", "OPTIONS"))
    yield from (Asked("GET", address, headers) for headers in (*_conditions(), *_misleading(address)))
    yield from (Asked("GET", other) for other in _odd(address))


def _conditions() -> Iterator[Headers]:
    yield (("Range", "bytes=0-99"),)
    yield (("If-None-Match", '"0123456789abcdef"'),)
    yield (("If-None-Match", "*"),)
    yield (("If-Modified-Since", LONG_AGO),)
    yield (("If-Modified-Since", FAR_AHEAD),)
    yield (("Accept-Encoding", "gzip"),)
    yield (("Accept", "application/json"),)


def _misleading(address: str) -> Iterator[Headers]:
    yield (("X-Original-URL", address), ("X-Rewrite-URL", address))
    yield (("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "http"))
    yield (("X-Forwarded-For", "127.0.0.1"), ("X-HTTP-Method-Override", "DELETE"))


def _queries(address: str, canary: Canary) -> Iterator[Asked]:
    before_it = cursor(canary.at, canary.row_id + 1)
    asked = {"q": canary.token} | {
        f"q{number}": words
        for number, words in enumerate(
            (
                f"{canary.token[:-1]}x",  # a slip
                f"public {canary.token} story",  # held in part
                f"{canary.token} mil opns",
                f'"{canary.token} opens"',
                canary.reference.replace("-", " ").lower(),
            )
        )
    }
    asked |= {
        "org": canary.house_slug,
        "place": canary.place_slug,
        "kind": canary.kind,
        "after": before_it,
        "ref": canary.reference,
        "page": "2",
        "format": "json",
        "edition": "1",
        "preview": "1",
    }
    named = ((name.rstrip("0123456789"), value) for name, value in asked.items())
    yield from (Asked("GET", f"{address}?{urlencode({name: value})}") for name, value in named)


def _odd(address: str) -> Iterator[str]:
    yield from (
        address + ending
        for ending in (".json", ".xml", ".atom", "/", ";a", "%00", "/x.css", "%2f", ",", ".)", "%3E", "/,")
    )
    yield "/" + address
    yield address.replace("/", "//")
    yield address[:1] + address[1:].replace("/", "%2f")
    yield address.upper()
    yield address.lower()


def _posting(address: str, token: str) -> Asked:
    fields = {"csrf_token": token, "version": "1", "message": "Hello", "revision_hash": "0" * 64}
    return Asked("POST", address, (("Referer", "https://localhost/"),), urlencode(fields).encode())
