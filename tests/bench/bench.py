"""Median milliseconds of the pages that matter, at 1,000 and 10,000 releases, beside what the machine can do.

Every row has its limit row, measured in the same run: the bare driver sending the page's own main query, the same
number of bytes from a bare view, or one small transaction with its fsync. Quote the ratios, never the milliseconds:
machines are shared and noisy.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import event, text, update

from portal.actions.accounts.users import NewUser, create_user
from portal.actions.releases.moving import acting
from portal.actions.submitting import drafting
from portal.app import create_app
from portal.rules.permissions import Person
from portal.settings import load_settings
from portal.storage.database import Database
from portal.storage.migrate import upgrade
from portal.storage.queries import people
from portal.storage.tables import Edition
from portal.storage.unit_of_work import UnitOfWork, silent
from tests.bench import (
    at_two_sizes,
    burst,
    daily_letters,
    drawing,
    due_in_one_minute,
    hostile_forms,
    mean_texts,
    near_texts,
    over_a_socket,
    queue,
    ratios,
)
from tests.bench.ratios import Ratio
from tests.rigs.desk import DECLARED, whole
from tests.rigs.many_records import fill_records
from tests.rigs.many_releases import fill
from tests.rigs.query_plans import gather_statistics
from tests.rigs.visitor import Visitor

NOW = datetime(2026, 3, 24, 3, 20, tzinfo=UTC)
SIZES = (1_000, 10_000)
SAMPLES, WARM_UP = 40, 3
PARTS = ("socket", "sizes", "pages", "minute", "letters", "near", "queue", "burst", "texts", "hostile")
BY_DATABASE = (
    ("minute", due_in_one_minute),
    ("letters", daily_letters),
    ("near", near_texts),
    ("queue", queue),
    ("burst", burst),
)
MOST_SECONDS = 6.0  # for one row of the table, so that a slow machine is done in three minutes as well
DOCS = Path(__file__).parents[2] / "docs"
PASSWORD = "purple kettle walks north"


@dataclass(frozen=True)
class Row:
    """One measured thing and its limit, in milliseconds."""

    page: str
    ours: float
    limit_name: str
    limit: float
    statements: int


class StoppedClock:
    def now(self) -> datetime:
        return NOW


def main() -> None:
    words = argparse.ArgumentParser(prog="make bench", description=__doc__)
    words.add_argument("--postgresql", action="store_true", help="measure on PostgreSQL, too")
    words.add_argument(
        "--only", choices=PARTS, action="append", help="measure this part alone; may be repeated"
    )
    words.add_argument("--keep", action="store_true", help="write docs/speed.json and docs/speed.svg")
    words.add_argument("--submissions", type=int, default=burst.SUBMISSIONS, help="of the burst")
    chosen = words.parse_args()
    more = {"burst": (chosen.submissions,)}
    parts = chosen.only or list(PARTS)
    logging.disable(logging.INFO)  # a line for each request would drown the table
    engines: list[tuple[str, Callable[[], Any]]] = [("SQLite", _sqlite)]
    if chosen.postgresql:
        engines.append(("PostgreSQL", _postgresql))
    for name, opened in engines:
        _measure_on(name, opened, parts, more, keep=chosen.keep and name == "SQLite")
    if "texts" in parts:
        print(f"\n{mean_texts.told(mean_texts.run())}", flush=True)
    if "hostile" in parts:
        with tempfile.TemporaryDirectory() as root:
            print(f"\n{hostile_forms.told(hostile_forms.run(Path(root), NOW))}", flush=True)


def _measure_on(
    name: str, opened: Callable[[], Any], parts: list[str], more: dict[str, tuple[int]], *, keep: bool
) -> None:
    found = _against_goals(parts, opened)
    if found:
        print(f"\n{name}\n{ratios.told(found)}", flush=True)
    if found and keep:
        _keep(found)
    if "pages" in parts:
        for size in SIZES:
            with opened() as url:
                _print(f"{name}, {size:,} releases", measure(url, size))
    for part, measured in BY_DATABASE:
        if part in parts:
            with opened() as url, tempfile.TemporaryDirectory() as root:
                found_here = measured.run(url, Path(root), NOW, *more.get(part, ()))
                print(f"\n{name}: {measured.told(found_here)}", flush=True)


def _against_goals(parts: list[str], opened: Callable[[], Any]) -> list[Ratio]:
    """The rows that have a goal: each against a limit that shares no code with the portal."""
    rows: list[Ratio] = []
    if "socket" in parts:
        with opened() as url, tempfile.TemporaryDirectory() as root:
            rows += over_a_socket.run(url, Path(root), NOW)
    if "sizes" in parts:
        with tempfile.TemporaryDirectory() as root:
            rows += at_two_sizes.run(opened, Path(root), NOW)
    return rows


def _keep(rows: list[Ratio]) -> None:
    """As numbers and as a picture, where the documents show them."""
    ratios.kept_as_json(rows, DOCS / "speed.json")
    today = datetime.now(UTC).date()
    (DOCS / "speed.svg").write_text(drawing.drawn(rows, on=today, commit=drawing.commit_of(DOCS)), "utf-8")


def measure(url: str, size: int) -> list[Row]:
    """Fill a database, open the portal on it, and time each page."""
    database = Database(url)
    upgrade(database)
    with tempfile.TemporaryDirectory() as root:
        app = _portal(url, Path(root))
        staff = _staff(app)
        _fill(database, size, staff["editor"].id)
        rows = list(_rows(app, database, staff))
        app.extensions["portal"].database.dispose()
    database.dispose()
    return rows


def _rows(app: Flask, database: Database, staff: dict[str, Person]) -> Iterator[Row]:
    reader, editor, member = Visitor(app), Visitor(app), Visitor(app)
    editor.log_in(staff["editor"].email, PASSWORD)
    member.log_in(staff["member"].email, PASSWORD)
    public = "/releases/SEAP-2025-1000007/story-7"
    for page, visitor, address in (
        ("front page", reader, "/"),
        ("release page", reader, public),
        ("feed", reader, "/feeds/all.rss"),
        ("search, common", reader, "/search?q=story"),
        ("search, rare", reader, "/search?q=own77"),
        ("search, in part", reader, "/search?q=story+own77+absent"),
        ("queue page", editor, "/newsroom"),
    ):
        yield from _page(app, database, page, visitor, address)
    yield _submit(app, database, staff["member"], member)


def _page(app: Flask, database: Database, page: str, visitor: Visitor, address: str) -> Iterator[Row]:
    answer, sent = _listened(app, lambda: visitor.open(address))
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}")
    ours = _timed(lambda _: visitor.open(address))
    yield Row(page, ours, "raw query", _raw(database, *_longest(sent)), len(sent))
    yield Row("", ours, f"{len(answer.data) / 1000:.0f} kB static", _static(answer.data), len(sent))


def _submit(app: Flask, database: Database, actor: Person, member: Visitor) -> Row:
    drafts = [_draft(app, actor) for _ in range(SAMPLES + WARM_UP + 1)]
    forms = [
        {**DECLARED, "version": str(version), "idempotency_key": key, "csrf_token": ""}
        for _, version, key in drafts
    ]
    token = member.token(f"/desk/releases/{drafts[0][0]}/edit/check")

    def send(number: int) -> None:
        address = f"/desk/releases/{drafts[number][0]}/submit"
        answer = member.client.post(address, data={**forms[number], "csrf_token": token})
        if answer.status_code != 303:
            raise SystemExit(f"{address} answers {answer.status_code}")

    _, sent = _listened(app, lambda: send(SAMPLES + WARM_UP))
    return Row("submit", _timed(send), "one small commit", _commit(database), len(sent))


def _draft(app: Flask, actor: Person) -> tuple[str, int, str]:
    """A whole draft that nobody has sent: reference, version, key."""
    portal = app.extensions["portal"]
    reference = drafting.start(portal, actor, "business", now=NOW)
    content = whole("business")
    with acting(portal, actor, reference, now=NOW) as act:
        statement = update(Edition).where(Edition.id == act.edition.id)
        act.session.execute(statement.values(draft=content, headline=content["values"]["headline"]))
        return reference, 1, act.edition.submission_key


def _timed(take: Callable[[int], Any]) -> float:
    """The median in milliseconds of as many samples as the time allows."""
    for number in range(WARM_UP):
        take(SAMPLES + number)
    times: list[float] = []
    until = time.perf_counter() + MOST_SECONDS
    for number in range(SAMPLES):
        begun = time.perf_counter()
        take(number)
        times.append((time.perf_counter() - begun) * 1000)
        if time.perf_counter() > until:
            break
    return median(times)


def _listened(app: Flask, ask: Callable[[], Any]) -> tuple[Any, list[tuple[str, Any]]]:
    """The answer and the statements that it took, as they reached the driver."""
    sent: list[tuple[str, Any]] = []
    engine = app.extensions["portal"].database.engine

    def remember(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", remember)
    answer = ask()
    event.remove(engine, "before_cursor_execute", remember)
    return answer, sent


def _longest(sent: list[tuple[str, Any]]) -> tuple[str, Any]:
    """The page's main query: the one that reads most columns."""
    return max((each for each in sent if each[0].startswith("SELECT")), key=lambda each: len(each[0]))


def _raw(database: Database, statement: str, parameters: Any) -> float:
    """The same statement sent by the bare driver, rows fetched and thrown away."""
    connection = database.engine.raw_connection()

    def ask(_number: int) -> None:
        cursor = connection.cursor()
        cursor.execute(statement, parameters)
        cursor.fetchall()
        cursor.close()

    try:
        return _timed(ask)
    finally:
        connection.close()


def _static(content: bytes) -> float:
    """So many bytes from a view that does nothing, asked by the same client."""
    bare = Flask("bare")
    bare.add_url_rule("/", "bytes", lambda: content)
    client = bare.test_client()
    return _timed(lambda _: client.get("/"))


def _commit(database: Database) -> float:
    """One row changed and made durable."""

    def change(number: int) -> None:
        with database.engine.begin() as connection:
            connection.execute(text("UPDATE chain_lock SET anchored_on = :day"), {"day": str(number)})

    return _timed(change)


def _portal(url: str, root: Path) -> Flask:
    settings = replace(load_settings({"PORTAL_ENV": "development"}, root), database_url=url)
    return create_app(settings, clock=StoppedClock(), doorbell=silent)  # type: ignore[arg-type]


def _staff(app: Flask) -> dict[str, Person]:
    portal = app.extensions["portal"]
    for name, role, house in (("editor", "editor", ""), ("member", "member", "Selat Biru Ferries")):
        wanted = NewUser(f"{name}@post.example", name.title(), role, organisation=house, password=PASSWORD)
        create_user(portal, wanted, now=NOW)
    with portal.database.reading() as session:
        rows = {name: people.by_email(session, f"{name}@post.example") for name in ("editor", "member")}
        return {name: people.person(session, row) for name, row in rows.items() if row is not None}


def _fill(database: Database, size: int, editor_id: int) -> None:
    with UnitOfWork(database) as work:
        fill(work, size, NOW)
        fill_records(work, editor_id)
        work.commit()
    gather_statistics(database)


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'bench.sqlite3'}"


@contextmanager
def _postgresql() -> Iterator[str]:
    from tests.rigs.postgres import running_postgres

    with running_postgres() as server:
        yield server.url(server.new_database())


def _print(title: str, rows: list[Row]) -> None:
    print(f"\n{title}\n{'page':<14}{'ms':>9}  {'limit':<18}{'ms':>9}{'times':>8}{'statements':>12}")
    for row in rows:
        ours, statements = (f"{row.ours:.2f}", str(row.statements)) if row.page else ("", "")
        print(
            f"{row.page:<14}{ours:>9}  {row.limit_name:<18}{row.limit:>9.3f}"
            f"{row.ours / row.limit:>8.1f}{statements:>12}",
            flush=True,
        )
