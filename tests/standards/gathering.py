"""Every answer that somebody can get: all pages and feeds by their links, as four kinds of people, and every refused form."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from portal.settings import load_settings
from portal.storage.database import Database
from portal.storage.migrate import upgrade
from tests.rigs.every_form import every_form
from tests.rigs.furnished import Furnished
from tests.rigs.plain_browser import PlainBrowser

ROLES = ("visitor", "member", "editor", "admin")
MOST_OF_A_KIND = 12
"""Pages that differ in the release they show, or in the date; more of one kind say nothing new."""
_LINK = re.compile(r'\s(?:href|src)="([^"#]+)')
_SAME_BUT_FOR = re.compile(
    r"SEAP-\d{4}-\w+(?:/[^/?]+)?|\d{4}-\d{2}-\d{2}|(?<==)[^&]+|(?<=/organisations/)[^/]+|(?<=/places/)[^/]+"
)
_ACTS = ("/account/logout", "/account/confirm/", "/newsletter/confirm/")


@dataclass(frozen=True)
class Answer:
    """One answer as it came. `name` says who asked for what."""

    name: str
    address: str
    status: int
    kind: str
    body: bytes


def pages(found: Furnished) -> Iterator[Answer]:
    """By the links that each kind of person finds from the front page and from their own."""
    for role in ROLES:
        browser = PlainBrowser(found.site.home)
        if role != "visitor":
            login = found.logins[role]
            browser.open("/account/login")
            browser.fill("/login", {"email": login.email, "password": login.password})
        yield from _crawled(browser, role, found.site.home)


def _crawled(browser: PlainBrowser, role: str, home: str) -> Iterator[Answer]:
    waiting = [
        "/",
        "/desk",
        "/newsroom",
        "/newsroom/health",
        "/newsroom/newsletter",
        "/nothing-here",
        "/account/login",
    ]
    seen, of_a_kind = set(waiting), dict[str, int]()
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        of_a_kind[kind] = of_a_kind.get(kind, 0) + 1
        if of_a_kind[kind] > MOST_OF_A_KIND and not address.startswith("/feeds"):
            continue
        status, headers, body = browser.raw(address)
        answer = Answer(f"{role} {address}", home + address, status, headers.get("Content-Type", ""), body)
        yield answer
        new = [each for each in links(answer) if each not in seen]
        seen.update(new)
        waiting.extend(new)


def kind_of(address: str) -> str:
    """What stays of an address without what it is about: one kind of page."""
    return _SAME_BUT_FOR.sub("…", address)


def links(answer: Answer) -> list[str]:
    """The paths of this site to which a page or a map leads, each once.

    A letter's links are its reader's, some of them true only once it has gone out; its own tests press them all.
    """
    if (
        not (answer.kind.startswith("text/html") or "xml" in answer.kind)
        or "/newsletter/letter/" in answer.name
    ):
        return []
    home = urlsplit(answer.address)[:2]
    found = []
    for link in _LINK.findall(answer.body.decode("utf-8", "replace")):
        whole = urlsplit(urljoin(answer.address, unescape(link)))
        path = whole.path + (f"?{whole.query}" if whole.query else "")
        if whole[:2] == home and not path.startswith(("/static/", *_ACTS)):
            found.append(path)
    return list(dict.fromkeys(found))


def refused_forms(now: datetime) -> Iterator[Answer]:
    """Every form of the portal with nothing in it: the pages that come back."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        url = f"sqlite:///{folder}/portal.sqlite3"
        database = Database(url)
        upgrade(database)
        settings = load_settings({"PORTAL_ENV": "development", "PORTAL_DATABASE_URL": url}, Path(folder))
        forms = every_form(database, settings, now, Path(folder), patch)
        for form in forms.sendings:
            empty = type(form)(form.endpoint, form.path, form.who, dict.fromkeys(form.fields, ""), form.page)
            answer = forms.send(empty)
            kind = answer.headers.get("Content-Type", "")
            yield Answer(f"{form.who} sends {form}", form.path, answer.status_code, kind, answer.data)
        forms.app.extensions["portal"].database.dispose()
