"""Opens every address and runs every job of a portal, and keeps each statement with what it cost the database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import delete, event, select, update
from werkzeug.routing import Rule

from portal.actions.accounts.users import NewUser, create_user
from portal.actions.releases import mapping
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.tables import (
    Delivery,
    DigestDelivery,
    DigestIssue,
    Edition,
    Examination,
    Membership,
    Organisation,
    Outbox,
    Release,
    User,
)
from portal.storage.unit_of_work import UnitOfWork
from portal.web.access import access_of
from tests import builders
from tests.bench.filling import fill_up
from tests.rigs.mailroom import KeepingSender
from tests.rigs.people import PASSWORD, StandingClock
from tests.rigs.query_plans import Sent, gather_statistics
from tests.rigs.visitor import Visitor
from workers.bench import Bench, prepare
from workers.clock import ClockProcess
from workers.jobs import JOBS

STEPS_AT_ONCE = 50
"""SQLite tells of so many steps of its machine at a time."""
PUBLIC = "SEAP-2025-1000017"
WAITS = "SEAP-2025-1000050"
UNEXAMINED = 1_000_100, 1_000_200
"""Of what waits twice, the first is the job's and the second the clock's."""
VALUES = {
    "reference": PUBLIC,
    "slug": "house-7",
    "on": "2026-03-23",
    "code": "WEAK_LEAD",
    "number": 1,
    "token": "none",
    "name": "none",
    "filename": "none",
    "page": "news",
    "which": "all",
    "form": "rss",
}
ALSO = (
    "/releases/?kind=sports&place=brunei",
    "/releases/?kind=business&org=house-7",
    "/releases/?place=brunei&org=house-7",
    "/releases/?place=cambodia-city-3&org=house-7",
    "/releases/?place=cambodia-city-3&kind=sports",
    "/releases/?q=story&kind=sports&place=brunei",
    "/search?q=story",
    "/search?q=own77",
    "/search?q=absent",
    "/search?q=story+week3+year77",
    "/search?q=week3+week4",
    "/releases/SEAP-2025-1000005",
    "/releases/SEAP-2025-1000019/event.ics",
    "/feeds/org-house-7.rss",
    "/feeds/place-cambodia.atom",
    "/feeds/place-brunei.json",
    "/feeds/place-cambodia-city-3.rss",
    "/feeds/sports.json",
    "/feeds/events.ics?place=cambodia",
    "/newsroom?view=new",
    "/newsroom?view=mine",
    "/newsroom?view=soon",
    "/newsroom?view=senders",
    "/newsroom?view=answers",
    "/newsroom?view=asked",
    "/newsroom?view=decided",
    f"/newsroom/releases/{WAITS}",
    "/newsroom/releases/SEAP-2025-1000005",
)


@dataclass
class Cost:
    """One statement of one page or job: the dearest sending of it."""

    sent: Sent
    steps: int = 0


def _shape(statement: str) -> str:
    """On one line, and the same for lists of any length."""
    return re.sub(r"\((\?|%\(\w+\)s)(, (\?|%\(\w+\)s))+\)", "(…)", " ".join(statement.split()))


@dataclass
class Kept:
    """By page or job and statement."""

    costs: dict[tuple[str, str], Cost] = field(default_factory=dict)
    where: str = ""
    _now: Cost | None = None
    _steps: int = 0

    def begins(self, statement: str, parameters: Any) -> None:
        self.ends()
        self._now = self.costs.setdefault((self.where, _shape(statement)), Cost(Sent(statement, parameters)))

    def ends(self) -> None:
        if self._now is not None:
            self._now.steps = max(self._now.steps, self._steps)
        self._now, self._steps = None, 0

    def goes_on(self) -> int:
        self._steps += STEPS_AT_ONCE
        return 0


@contextmanager
def keeping(database: Database) -> Iterator[Kept]:
    """All that is sent meanwhile; on SQLite with its steps."""
    kept = Kept()

    def before(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        kept.begins(statement, parameters)

    def tell(connection: Any, _record: Any) -> None:
        connection.set_progress_handler(kept.goes_on, STEPS_AT_ONCE)

    database.dispose()  # connections that are open tell nobody
    if database.is_sqlite:
        event.listen(database.engine, "connect", tell)
    event.listen(database.engine, "before_cursor_execute", before)
    yield kept
    kept.ends()
    event.remove(database.engine, "before_cursor_execute", before)
    if database.is_sqlite:
        event.remove(database.engine, "connect", tell)
    database.dispose()


def fill_for_all(database: Database, how_many: int, now: datetime) -> None:
    """A newsroom of so many releases, and beside it one of each thing that a clock or a job has to do."""
    with UnitOfWork(database) as work:
        editor = builders.user(work, role="editor", email="desk@post.example")
        fill_up(work, how_many, now, editor.id)
        _leave_something_to_do(work, now)
        work.commit()
    gather_statistics(database)


def _leave_something_to_do(work: UnitOfWork, now: datetime) -> None:
    session = work.session
    session.execute(delete(Examination).where(Examination.edition_id.in_(UNEXAMINED)))
    session.execute(update(Edition).where(Edition.id.in_(UNEXAMINED)).values(examined_at=None))
    held = update(Edition).where(Edition.id == 1_000_250)
    session.execute(held.values(claim_expires_at=now - timedelta(minutes=1)))
    due = {"went_live_at": None, "live_from": now - timedelta(seconds=1)}
    session.execute(update(Release).where(Release.id == 1_000_001).values(**due))
    ended = {"expires_at": now - timedelta(seconds=1), "archived_at": None}
    session.execute(update(Release).where(Release.id == 1_000_002).values(**ended))
    for number in (1_000_150, 1_000_300):
        fact = {"fact": "submitted", "release_id": number, "edition_id": number, "created_at": now}
        told, waits = Outbox(**fact, not_before=now, relayed_at=now), Outbox(**fact, not_before=now)
        session.add_all([told, waits])
        session.flush()
        mail = {"template": "receipt", "recipient": "waits@post.example", "next_at": now}
        session.add(Delivery(outbox_id=told.id, **mail))
    issue = session.scalars(select(DigestIssue).where(DigestIssue.date == "2026-03-23")).one()
    issue.finished_at = None
    letter = update(DigestDelivery).where(
        DigestDelivery.issue_id == issue.id, DigestDelivery.subscriber_id < 4
    )
    session.execute(letter.values(state="pending", sent_at=None, next_at=now))


def drive(app: Flask, clock: StandingClock, kept: Kept) -> dict[str, int]:
    """Every GET address, by somebody who may open it; then every job, and every part of a tick. The answers by address."""
    portal = app.extensions["portal"]
    visitors = _visitors(app, clock.now())
    mapping.keep_parts(portal, now=clock.now())
    answers: dict[str, int] = {}
    for address, level in _addresses(app):
        kept.where = address
        answers[address] = visitors(level).open(address).status_code
    bench = Bench(portal, clock, KeepingSender())
    for name, job in _jobs(bench):
        kept.where = name
        job()
    return answers


def _addresses(app: Flask) -> Iterator[tuple[str, str]]:
    urls = app.url_map.bind("post.example")
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            yield _address(urls, rule), str(access_of(app, rule.endpoint))
    for address in ALSO:
        endpoint, _values = urls.match(address.partition("?")[0])
        yield address, str(access_of(app, endpoint))


def _address(urls: Any, rule: Rule) -> str:
    return str(urls.build(rule.endpoint, {name: VALUES[name] for name in rule.arguments}))


def _visitors(app: Flask, now: datetime) -> Callable[[str], Visitor]:
    """Nobody, a member of a big house, an editor, an administrator; by what an address asks for."""
    portal = app.extensions["portal"]
    found: dict[str, Visitor] = {"": Visitor(app)}
    for name, role in (("member", "member"), ("editor", "editor"), ("admin", "admin")):
        address = f"{name}-of-all@post.example"
        house = "A house of its own" if name == "member" else ""
        create_user(
            portal, NewUser(address, name.title(), role, organisation=house, password=PASSWORD), now=now
        )
        found[name] = Visitor(app)
        found[name].log_in(address, PASSWORD)
    with portal.work() as work:
        person = work.session.scalars(select(User).where(User.email == "member-of-all@post.example")).one()
        house = work.session.scalars(select(Organisation).where(Organisation.slug == "house-17")).one()
        work.session.add(
            Membership(user_id=person.id, organisation_id=house.id, role="owner", created_at=now)
        )
        work.commit()
    levels = {"logged_in": "member", "member": "member", "newsroom": "editor", "admin": "admin"}
    return lambda level: found[levels.get(level, "")]


def _jobs(bench: Bench) -> Iterator[tuple[str, Callable[[], object]]]:
    prepare(bench)
    with bench.portal.database.reading() as session:
        outbox = session.scalars(select(Outbox.id).where(Outbox.relayed_at.is_(None))).first()
        mail = session.scalars(select(Delivery.id).where(Delivery.state == "pending")).first()
        issue = session.scalars(select(DigestIssue.id).where(DigestIssue.date == "2026-03-23")).one()
    ids = {
        "examine": UNEXAMINED[0],
        "go_live": 1,
        "relay": outbox or 0,
        "deliver": mail or 0,
        "send_digest": issue,
    }
    for name, job in JOBS.items():
        yield f"job: {name}", lambda job=job, name=name: job(ids[name])
    ticking = ClockProcess(bench, "one")
    ticking._mailers = AtOnce()  # type: ignore[assignment]
    for part, duty in ticking.parts.items():
        yield f"tick: {part}", duty
    yield "tick: whole", ticking.tick_if_mine
    yield "tick: rest", ticking._rest.begin


class AtOnce:
    """In place of the threads that send mails: what is given up to them is done, and told where it belongs."""

    def submit(self, act: Callable[..., Any], *given: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(act(*given))
        return done


def settings_for(settings: Settings, database: Database) -> Settings:
    """No Redis, so that nothing but the database is asked."""
    return replace(settings, database_url=database.url, redis_url="redis://127.0.0.1:1", metrics_token="")
