"""A newsroom of any size in seconds: a thousand releases are made row by row, and statements copy them as often as needed.

Every copy is older than the one before and has ids, references and words of its own. So houses, kinds, places and
states are spread as in the first thousand, and one house has a fortieth of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    String,
    Table,
    cast,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session as Rows
from sqlalchemy.sql.expression import ColumnElement

from portal.storage.queries.searching import _IDS
from portal.storage.tables import (
    AccountEvent,
    Base,
    ChainHead,
    Decision,
    Delivery,
    DigestDelivery,
    DigestIssue,
    DigestItem,
    Edition,
    EventDate,
    Examination,
    IdempotencyKey,
    Message,
    Note,
    Outbox,
    Release,
    Revision,
    SearchEntry,
    SimilarityBand,
    Subscriber,
    TimelineEntry,
)
from portal.storage.tables.base import Instant
from portal.storage.unit_of_work import UnitOfWork
from tests.rigs.many_records import EVERY, FACTS, fill_records
from tests.rigs.many_releases import fill

BASE = 1_000
MINUTES = 10 * BASE
"""By so much a copy is older than the one before: the thousand releases of a copy are ten minutes apart."""

# In this order, so that what is referred to is there first.
COPIED = (
    Release,
    Edition,
    Revision,
    SearchEntry,
    EventDate,
    SimilarityBand,
    TimelineEntry,
    ChainHead,
    Outbox,
    Delivery,
    Message,
    Note,
    Examination,
    Decision,
    IdempotencyKey,
    AccountEvent,
    DigestIssue,
    DigestDelivery,
    DigestItem,
)
# Columns that name a row of a copied table and are no foreign keys.
_NAMES_A_ROW = {
    "live_edition_id": Edition,
    "live_revision_id": Revision,
    "revision_id": Revision,
    "release_id": Release,
    "sender_revision_id": Revision,
}
_OF_ONE_THOUSAND = (Release, Edition, Revision, Outbox)
_UNIQUE_WORDS = ("feed_id", "submission_key", "email", "key", "recipient")
_UNIQUE_NUMBERS = (("account_events", "position"), ("similarity_bands", "band"))
STAYS = ("claim_expires_at", "signoff_due_at", "reminder_next_at", "changes_due_at")
"""What is still to come in every copy, so that no clock has anything to do."""


@dataclass(frozen=True)
class _Copy:
    """How the rows of one table are copied: `span` is what the ids of each copy are further on."""

    spans: dict[str, int]
    number: ColumnElement[int]
    sqlite: bool


def fill_up(work: UnitOfWork, how_many: int, now: datetime, editor_id: int) -> None:
    """So many releases, a multiple of a thousand, with all that the newsroom keeps beside them."""
    fill(work, BASE, now, length=1)
    fill_records(work, editor_id)
    _fill_the_rest(work, now, editor_id)
    _make_rare(work)
    _vary(work, now, editor_id)
    if how_many > BASE:
        _multiply(work, how_many // BASE)


def _make_rare(work: UnitOfWork) -> None:
    """Brunei has no sports, as some place has never had some kind."""
    rare = (Release.country_slug == "brunei", Release.kind == "sports")
    work.session.execute(update(Release).where(*rare).values(kind="business"))


def _vary(work: UnitOfWork, now: datetime, editor_id: int) -> None:
    """One release in a hundred each has ended, was killed, taken down, undone, corrected, has a notice; and so on."""
    went = Release.publication == "live"

    def release(rest: int, **values: Any) -> None:
        work.session.execute(update(Release).where(Release.id % 100 == rest, went).values(**values))

    def edition(rest: int, **values: Any) -> None:
        chosen = (Edition.id % 100 == rest, Edition.state == "approved")
        work.session.execute(update(Edition).where(*chosen).values(**values))

    never = {"live_from": None, "went_live_at": None, "live_edition_id": None, "live_revision_id": None}
    soon = now + timedelta(hours=20)
    work.session.execute(
        update(Edition).where(Edition.state == "approved").values(published_at=Edition.submitted_at)
    )
    work.session.execute(update(Edition).values(examined_at=Edition.submitted_at))
    recorded = update(Release).where(Release.id % EVERY == 0)
    work.session.execute(recorded.values(chain_count=len(FACTS)))
    release(3, expires_at=now - timedelta(minutes=1), archived_at=now - timedelta(minutes=1))
    release(5, publication="killed", removed_at=Release.live_from)
    release(7, publication="taken_down", removed_at=Release.live_from)
    release(9, publication="hidden")
    edition(11, correction_kind="minor", correction_what="A name was wrong.")
    release(13, notice_kind="outdated", notice_text="It is over.", notice_at=Release.live_from)
    edition(21, state="changes_requested", changes_due_at=soon, reminder_next_at=soon)
    release(21, publication="hidden", updated_at=None, **never)
    edition(23, state="awaiting_signoff", signoff_due_at=soon)
    release(23, publication="hidden", updated_at=None, **never)
    held = (Edition.id % 250 == 0, Edition.state == "submitted")
    claim = {"state": "in_review", "holder_id": editor_id, "claim_expires_at": soon}
    work.session.execute(update(Edition).where(*held).values(**claim))
    released = select(Release.id).where(Release.publication.in_(("hidden", "killed", "taken_down")))
    work.session.execute(delete(SearchEntry).where(SearchEntry.release_id.in_(released)))


def _fill_the_rest(work: UnitOfWork, now: datetime, editor_id: int) -> None:
    """Heads of the chain, notes, bands, keys, account events, and the letters of one issue."""
    session = work.session
    issue = DigestIssue(
        date="2026-03-23", due_at=now - timedelta(days=1), covers_until=now - timedelta(days=1)
    )
    issue.closed_at = issue.queued_at = issue.finished_at = now - timedelta(days=1)
    session.add(issue)
    session.flush()
    numbers = range(1, BASE + 1)
    every = {number: now - timedelta(minutes=10 * number) for number in numbers}
    key = 1_000_000
    rows: dict[type[Any], list[dict[str, Any]]] = {
        ChainHead: [{"id": 100 * key + n, "release_id": key + n, "count": 1, "head": "", "at": at, "previous_hash": "", "hash": ""} for n, at in every.items()],
        Note: [{"release_id": key + n, "body": "Rang them.", "author_id": editor_id, "written_at": at} for n, at in every.items()],
        SimilarityBand: [{"revision_id": key + n, "band": 10 * n + b, "release_id": key + n} for n in numbers for b in range(8)],
        IdempotencyKey: [{"edition_id": key + n, "key": f"k{n}", "round": 1, "used_at": at, "user_id": editor_id} for n, at in every.items()],
        AccountEvent: [{"position": 1_000 + n, "fact": "logged_in", "at": at, "user_id": editor_id, "detail": {}, "previous_hash": "", "hash": ""} for n, at in every.items()],
        Subscriber: [{"id": n, "email": f"reader{n}@post.example", "state": "confirmed", "nonce": f"n{n}", "asked_at": at, "confirmed_at": at, "asked_for": {}} for n, at in every.items()],
        DigestDelivery: [{"id": n, "issue_id": issue.id, "subscriber_id": n, "nonce": "x", "state": "sent", "attempts": 1, "next_at": at, "sent_at": at, "last_error": ""} for n, at in every.items()],
        DigestItem: [{"delivery_id": n, "release_id": key + n, "as_what": "news"} for n in numbers],
    }  # fmt: skip
    for table, made in rows.items():
        session.execute(insert(table), made)


def _multiply(work: UnitOfWork, copies: int) -> None:
    session = work.session
    sqlite = session.get_bind().dialect.name == "sqlite"
    spans = {table.__tablename__: _span(session, table) for table in COPIED}
    spans |= {table.__tablename__: BASE for table in _OF_ONE_THOUSAND}
    numbers = select(literal(1).label("number")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.number + 1).where(numbers.c.number < copies - 1))
    how = _Copy(spans, numbers.c.number, sqlite)
    for each in COPIED:
        table = each.__table__
        values = {column.name: _copied(column, table, how) for column in table.columns}
        rows = select(*values.values()).select_from(table.join(numbers, literal(True)))  # type: ignore[arg-type]
        session.execute(insert(table).from_select(list(values), rows))
    if not sqlite:
        _move_sequences(session)


def _span(session: Rows, table: type[Any]) -> int:
    if "id" not in table.__table__.columns:
        return 0
    first, last = session.execute(select(func.min(table.id), func.max(table.id))).one()
    return int(last - first + 1) if last else 0


def _copied(column: Column[Any], table: Table, how: _Copy) -> ColumnElement[Any]:
    referred = table.name if column.name == "id" else _referred(column)
    if referred in how.spans:
        return column + how.number * how.spans[referred]
    if isinstance(column.type, Instant):
        return column if column.name in STAYS else _older(column, how)
    if column.name in _UNIQUE_WORDS and isinstance(column.type, String):
        return cast(how.number, String()).op("||")(literal_column("'-'")).op("||")(column)
    return _numbered(column, table, how)


def _numbered(column: Column[Any], table: Table, how: _Copy) -> ColumnElement[Any]:
    """References count on, words have their place, and what must be unique is far from the copy before."""
    if table.name == "digest_issues" and column.name == "date":
        return _earlier_date(column, how)
    if column.name == "reference":
        return literal_column("'SEAP-2025-'").op("||")(cast(table.c.id + how.number * BASE, String()))
    if table.name == "search_entries" and column.name == "position":
        return column + how.number * literal_column(str(BASE - MINUTES * 60 * _IDS), BigInteger())
    if (table.name, column.name) in _UNIQUE_NUMBERS:
        return column + how.number * 100_000
    return column


def _earlier_date(column: Column[Any], how: _Copy) -> ColumnElement[Any]:
    """One issue a copy."""
    if how.sqlite:
        shift = literal_column("'-'").op("||")(how.number).op("||")(literal_column("' days'"))
        return type_coerce(func.date(column, shift), String())
    return cast(cast(column, Date()) - how.number, String())


def _referred(column: Column[Any]) -> str:
    for key in column.foreign_keys:
        return str(key.column.table.name)
    found = _NAMES_A_ROW.get(column.name)
    return str(found.__tablename__) if found else ""


def _older(column: Column[Any], how: _Copy) -> ColumnElement[Any]:
    if not how.sqlite:
        return type_coerce(column - how.number * literal_column(f"interval '{MINUTES} minutes'"), Instant())
    shift = literal_column("'-'").op("||")(how.number * MINUTES).op("||")(literal_column("' minutes'"))
    moment = func.strftime(literal_column("'%Y-%m-%d %H:%M:%f'"), column, shift)
    return type_coerce(moment.op("||")(literal_column("'000'")), Instant())


def _move_sequences(session: Rows) -> None:
    """What is written afterwards has ids after these."""
    for table in Base.metadata.sorted_tables:
        if "id" in table.columns and table.columns["id"].autoincrement is not False:
            sequence = session.scalar(text(f"SELECT pg_get_serial_sequence('{table.name}', 'id')"))
            if sequence:
                last = session.scalar(select(func.max(table.columns["id"]))) or 1
                session.execute(text(f"SELECT setval('{sequence}', {int(last)})"))
