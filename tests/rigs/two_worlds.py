"""Two portals that differ in one thing: the second has releases that the public must not know of.

Whoever may not know of them must be given the same answers by both, byte for byte. So every address of a hidden
release is, in the first world, an address that never existed.
"""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from portal.actions.accounts.users import NewUser, create_user
from portal.actions.releases import spelling
from portal.app import create_app
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.tables import Organisation, Release
from portal.storage.unit_of_work import UnitOfWork, silent
from tests import builders
from tests.rigs.canaries import Canary, correction_under_review, gone, hide_everywhere
from tests.rigs.people import PASSWORD, StandingClock
from tests.rigs.request_forms import Answered, Asked, ask
from tests.rigs.visitor import Visitor

HOST = "localhost"
PUBLIC = 9
RANDOM = re.compile(
    rb'(name="csrf_token" value=|name="csrf-token" content=|name="idempotency_key" value=)"[^"]*"|portal_session=[^;]*|Expires=[^;]*'
)

TWIN_REFERENCE = "SEAP-2026-ZZZZZ"
TWIN_TOKEN = "canaryneverexistedbefore"
Told = tuple[int, tuple[tuple[str, str], ...], bytes]


@dataclass(frozen=True)
class Asker:
    """Somebody who may know of nothing hidden: nobody, or a member of another house."""

    name: str
    cookie: str = ""
    token: str = ""


@dataclass(frozen=True)
class Worlds:
    """`without` the canaries and `with_them`."""

    without: Flask
    with_them: Flask
    canaries: tuple[Canary, ...]
    askers: tuple[Asker, ...]
    editor: Asker
    _twins: dict[tuple[str, Asked], Told] = field(default_factory=dict)

    def difference(self, asker: Asker, asked: Asked, canary: Canary) -> str:
        """What of the canary can be told from the whole answer, in words; empty where nothing can.

        The first world is asked for a twin that never existed, once for all canaries; only where that answer differs
        is it asked for the very same address.
        """
        told = self._told(self.with_them, asker, asked)
        if renamed(told, canary) == self._told_of_twin(asker, renamed_request(asked, canary)):
            return ""
        never = self._told(self.without, asker, asked)
        return "" if told == never else _in_words(told, never)

    def _told_of_twin(self, asker: Asker, asked: Asked) -> Told:
        key = (asker.name, asked)
        if key not in self._twins:
            self._twins[key] = self._told(self.without, asker, asked)
        return self._twins[key]

    def _told(self, app: Flask, asker: Asker, asked: Asked) -> Told:
        """The whole answer without what is different at every asking."""
        answer = self.answer(app, asker, asked)
        request_id = answer.header("X-Request-Id")
        headers = tuple(
            (name, RANDOM.sub(b"", value.encode()).decode())
            for name, value in answer.headers
            if name not in ("X-Request-Id", "Date")
        )
        return answer.status, headers, _lasting(answer.body, request_id)

    def answer(self, app: Flask, asker: Asker, asked: Asked) -> Answered:
        return ask(app, asked, host=HOST, cookie=asker.cookie)


def _in_words(told: Told, never: Told) -> str:
    if told[0] != never[0]:
        return f"status {told[0]}, not {never[0]}"
    headers = set(told[1]) ^ set(never[1])
    return f"headers {sorted(headers)}" if headers else "another body"


def renamed(told: Told, canary: Canary) -> Told:
    """An answer as it would be about the twin."""
    status, headers, body = told
    new_headers = tuple((name, _of_twin(value, canary)) for name, value in headers)
    return (
        status,
        new_headers,
        _of_twin(body.decode("utf-8", "surrogateescape"), canary).encode("utf-8", "surrogateescape"),
    )


def renamed_request(asked: Asked, canary: Canary) -> Asked:
    headers = tuple((name, _of_twin(value, canary)) for name, value in asked.headers)
    return replace(asked, path=_of_twin(asked.path, canary), headers=headers)


def _of_twin(text: str, canary: Canary) -> str:
    """Names of the same length, in every case that an address was written in."""
    for own, twin in ((canary.reference, TWIN_REFERENCE), (canary.token, TWIN_TOKEN)):
        for case in (str, str.lower, str.upper):
            text = text.replace(case(own), case(twin))
    return text


def _lasting(body: bytes, request_id: str) -> bytes:
    return RANDOM.sub(b"", body.replace(request_id.encode(), b"") if request_id else body)


@contextmanager
def two_worlds(settings: Settings, url: str, folder: Path, now: datetime) -> Iterator[Worlds]:
    """Both, until the block ends. `url` is an empty SQLite."""
    logging.disable(logging.INFO)
    first = replace(settings, database_url=url, metrics_token="nobody has it")
    second = replace(first, database_url=f"sqlite:///{folder / 'with-canaries.sqlite3'}")
    without = create_app(first, clock=StandingClock(now), doorbell=silent)
    foreign, editor = _furnish(without, now)
    _learn(without, now)
    _copy(url, second.database_url)
    canaries = _hide(second.database_url, now)
    with_them = create_app(second, clock=StandingClock(now), doorbell=silent)
    _learn(with_them, now)
    try:
        yield Worlds(without, with_them, canaries, (Asker("nobody"), foreign), editor)
    finally:
        logging.disable(logging.NOTSET)
        for app in (without, with_them):
            app.extensions["portal"].database.dispose()


def _learn(app: Flask, now: datetime) -> None:
    """What the clock does at its ticks: the words of what is public may be proposed."""
    while spelling.learn(app.extensions["portal"], now=now):
        pass


def _furnish(app: Flask, now: datetime) -> tuple[Asker, Asker]:
    """What is public, a member of a house with a release of its own, and an editor."""
    portal = app.extensions["portal"]
    with portal.work() as work:
        house = builders.organisation(work, name="Lotus Basin Rice Growers", slug="lotus-basin")
        for number in range(PUBLIC):
            kind = ("business", "sports", "event")[number % 3]
            at = now - timedelta(days=3, minutes=number)
            builders.published_release(work, at=at, house=house, kind=kind, headline=f"Public story {number}")
        work.commit()
    foreign = _logged_in(app, NewUser("dewi@selat.example", "Dewi", "member", "Selat Biru", PASSWORD), now)
    editor = _logged_in(app, NewUser("ed@post.example", "Ed", "editor", "", PASSWORD), now)
    with portal.work() as work:
        own = work.session.scalars(select(Organisation).where(Organisation.name == "Selat Biru")).one()
        builders.draft_release(work, house=own, headline="Our own draft")
        work.commit()
    return foreign, editor


def _logged_in(app: Flask, wanted: NewUser, now: datetime) -> Asker:
    create_user(app.extensions["portal"], wanted, now=now)
    visitor = Visitor(app)
    visitor.log_in(wanted.email, PASSWORD)
    token = visitor.token("/account/password")  # it makes the cookie whole
    return Asker(f"a {wanted.role}", f"{app.config['SESSION_COOKIE_NAME']}={visitor.cookie}", token)


def _copy(source: str, target: str) -> None:
    with sqlite3.connect(source.removeprefix("sqlite:///")) as connection:
        connection.execute("VACUUM INTO ?", (target.removeprefix("sqlite:///"),))


def _hide(url: str, now: datetime) -> tuple[Canary, ...]:
    database = Database(url)
    with UnitOfWork(database) as work:
        house = work.session.scalars(select(Organisation).where(Organisation.slug == "lotus-basin")).one()
        canaries = hide_everywhere(work, house, now)
        live = work.session.scalars(select(Release).where(Release.publication == "live")).first()
        assert live is not None
        canaries.append(correction_under_review(work, live, now))
        work.commit()
    database.dispose()
    return tuple(canaries)


def with_gone_ones(worlds: Worlds, now: datetime) -> tuple[Canary, ...]:
    """Adds what was public and is no more: something stands at its address, so the worlds differ from now on."""
    with worlds.with_them.extensions["portal"].work() as work:
        house = work.session.scalars(select(Organisation).where(Organisation.slug == "lotus-basin")).one()
        made = tuple(gone(work, publication, house, now) for publication in ("killed", "taken_down"))
        work.commit()
    return made
