"""A burst of submissions by twenty clients, with one worker and the clock: the intake, the examinations, what was lost.

Submitted over HTTP's own path (the application in threads, without a socket); the worker is a process of its own that
is rung for over Redis, and so is the clock, which does what a lost bell leaves.
"""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, update

from portal.actions.accounts.users import NewUser, create_user
from portal.actions.releases.moving import acting
from portal.actions.submitting import drafting
from portal.app import create_app
from portal.rules.permissions import Person
from portal.settings import load_settings
from portal.storage.database import Database
from portal.storage.migrate import upgrade
from portal.storage.queries import mailing, people
from portal.storage.tables import Delivery, Edition
from tests.rigs.desk import DECLARED, whole
from tests.rigs.many_texts import written
from tests.rigs.valkey import running_valkey
from tests.rigs.visitor import Visitor
from workers.queues import doorbell

SUBMISSIONS, CLIENTS = 400, 20
PASSWORD = "purple kettle walks north"
PATIENCE = 120.0
"""Seconds without a single examination after which what is left counts as lost."""


@dataclass(frozen=True)
class Burst:
    """Seconds from the first submission to the last one, and to the last examination; mails that waited then."""

    sent: int
    refused: int
    intake: float
    examined: float
    lost: int
    behind: int
    mails: int

    @property
    def pace(self) -> float:
        """Examinations a second by submissions a second."""
        return self.intake / self.examined


def run(url: str, root: Path, now: datetime, submissions: int = SUBMISSIONS) -> Burst:
    with running_valkey() as redis_url:
        settings = replace(
            load_settings({"PORTAL_ENV": "development"}, root), database_url=url, redis_url=redis_url
        )
        database = Database(url)
        upgrade(database)
        app = create_app(settings, doorbell=doorbell(settings))
        drafts, actor = _drafts(app, submissions)
        processes = [
            multiprocessing.get_context("spawn").Process(target=run_one, args=(url, redis_url, root))
            for run_one in (_work, _tick)
        ]
        for process in processes:
            process.start()
        try:
            return _burst(app, database, drafts, actor)
        finally:
            for process in processes:
                process.terminate()
                process.join()
            app.extensions["portal"].database.dispose()
            database.dispose()


def told(found: Burst) -> str:
    return (
        f"{found.sent:,} submissions by {CLIENTS} clients, {found.refused} refused: taken at"
        f" {found.sent / found.intake:.1f} a second, examined at {found.sent / found.examined:.1f} by one worker and the clock"
        f" ({found.pace:.2f} of the intake); {found.behind} waited when the last was taken, all were examined"
        f" {found.examined - found.intake:.1f} s later; lost {found.lost}; {found.mails:,} mails sent by then"
    )


def _work(url: str, redis_url: str, root: Path) -> None:
    from workers.run import run_worker

    settings = load_settings({"PORTAL_ENV": "development"}, root)
    run_worker(replace(settings, database_url=url, redis_url=redis_url))


def _tick(url: str, redis_url: str, root: Path) -> None:
    from workers.clock import run_clock

    settings = load_settings({"PORTAL_ENV": "development"}, root)
    run_clock(replace(settings, database_url=url, redis_url=redis_url))


def _drafts(app: Flask, how_many: int) -> tuple[list[tuple[str, str]], Person]:
    """Whole drafts that nobody has sent: reference and key."""
    portal, now = app.extensions["portal"], datetime.now(UTC)
    for name, role, house in (("editor", "editor", ""), ("member", "member", "Selat Biru Ferries")):
        wanted = NewUser(f"{name}@post.example", name.title(), role, organisation=house, password=PASSWORD)
        create_user(portal, wanted, now=now)
    with portal.database.reading() as session:
        row = people.by_email(session, "member@post.example")
        assert row is not None
        actor = people.person(session, row)
    made = []
    for number in range(how_many):
        reference = drafting.start(portal, actor, "business", now=now)
        story = written(number, boilerplate=number % 2 == 0)
        content = whole("business", headline=f"Selat Biru opens line {number} to Batam", body=story)
        with acting(portal, actor, reference, now=now) as act:
            statement = update(Edition).where(Edition.id == act.edition.id)
            act.session.execute(statement.values(draft=content, headline=content["values"]["headline"]))
            made.append((reference, act.edition.submission_key))
    return made, actor


def _burst(app: Flask, database: Database, drafts: list[tuple[str, str]], actor: Person) -> Burst:
    member = Visitor(app)
    member.log_in(actor.email, PASSWORD)
    token = member.token(f"/desk/releases/{drafts[0][0]}/edit/check")

    def send(numbers: range) -> int:
        visitor = Visitor(app)
        visitor.cookie = member.cookie
        refused = 0
        for number in numbers:
            reference, key = drafts[number]
            fields = {**DECLARED, "version": "1", "idempotency_key": key, "csrf_token": token}
            answer = visitor.client.post(f"/desk/releases/{reference}/submit", data=fields)
            refused += answer.status_code != 303
        return refused

    begun = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        refused = sum(clients.map(send, [range(first, len(drafts), CLIENTS) for first in range(CLIENTS)]))
    intake = time.perf_counter() - begun
    behind = _unexamined(database)
    left = _wait(database)
    examined = time.perf_counter() - begun
    with database.reading() as session:
        mails = session.scalar(select(func.count()).where(Delivery.state == "sent")) or 0
    return Burst(len(drafts) - refused, refused, intake, examined, left, behind, mails)


def _wait(database: Database) -> int:
    """How many are left: none, or what stands still."""
    left, moved = _unexamined(database), time.perf_counter()
    while left and time.perf_counter() - moved < PATIENCE:
        time.sleep(0.05)
        now_left = _unexamined(database)
        if now_left != left:
            left, moved = now_left, time.perf_counter()
    return left


def _unexamined(database: Database) -> int:
    with database.reading() as session:
        return mailing.count_unexamined(session)
