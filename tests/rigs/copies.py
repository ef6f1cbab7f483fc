"""A release that came somewhere by the actions, many times over: its rows with new numbers and whole chains.

A race needs a release of its own each time; bringing one there by the actions takes longer than the race.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy import Table, func, insert, select, text

from portal.storage import timeline, vouching
from portal.storage.tables import Base
from portal.storage.unit_of_work import UnitOfWork
from tests.rigs.desk import Desk

Row = dict[str, Any]
Rows = dict[str, list[Row]]

NAMED = {
    "release_id": "releases",
    "edition_id": "editions",
    "live_edition_id": "editions",
    "revision_id": "revisions",
    "live_revision_id": "revisions",
    "sender_revision_id": "revisions",
    "decision_id": "decisions",
    "timeline_id": "timeline",
    "outbox_id": "outbox",
    # In the detail of a fact.
    "decision": "decisions",
    "undone": "decisions",
    "before": "revisions",
    "message": "messages",
}
"""Numbers of rows by the names of their columns, and by their names inside JSON."""
_letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_numbers = count(1)


class Copier:
    """Reads a release once and writes it as often as is wanted."""

    def __init__(self, desk: Desk, reference: str) -> None:
        self._desk = desk
        with desk.portal.work() as work:
            self._rows = _rows_of(work, reference)

    def make(self, how_many: int) -> list[str]:
        """References of so many copies, written in one transaction."""
        with self._desk.portal.work() as work:
            first = {name: _next_id(work, name) for name in self._rows}
            copies = [self._copy(first, number) for number in range(how_many)]
            for copy in copies:
                _chain(copy)
            for name in self._rows:
                work.session.execute(
                    insert(Base.metadata.tables[name]), [row for each in copies for row in each[name]]
                )
                _count_on(work, name)
            for copy in copies:
                self._vouch_for(work, copy)
            work.commit()
        return [copy["releases"][0]["reference"] for copy in copies]

    def _vouch_for(self, work: UnitOfWork, copy: Rows) -> None:
        """What the unit of work sees by itself of rows that an action writes."""
        for truth in vouching.TRUTHS:
            work.witness.new[truth.table].update(row["id"] for row in copy.get(truth.table.__tablename__, ()))
        for row in copy["timeline"]:
            head = timeline._Head(row["release_id"], row["position"], row["hash"], self._desk.now, row["id"])
            timeline._heads(work).append(head)

    def _copy(self, first: dict[str, int], number: int) -> Rows:
        ids = {
            name: {row["id"]: first[name] + number * len(rows) + place for place, row in enumerate(rows)}
            for name, rows in self._rows.items()
        }
        copy = {name: [_renumbered(row, ids, name) for row in rows] for name, rows in self._rows.items()}
        release = copy["releases"][0]
        release["reference"] = f"SEAP-2026-{_code(next(_numbers))}"
        release["feed_id"] = f"urn:uuid:{uuid4()}"
        return copy


def _rows_of(work: UnitOfWork, reference: str) -> Rows:
    """Every row that leads to the release by foreign keys, table by table; users and houses stay as they are."""
    found: Rows = defaultdict(list)
    releases = Base.metadata.tables["releases"]
    found["releases"] = _read(work, releases, releases.c.reference == reference)
    for table in Base.metadata.sorted_tables:
        # Heads are written anew with each chain; what has no number (search, bands) no race looks at.
        if table.name in ("releases", "chain_heads") or "id" not in table.columns:
            continue
        for column in table.columns:
            target = next((key.column.table.name for key in column.foreign_keys), "")
            if column.name in NAMED and target in found and not found[table.name]:
                found[table.name] = _read(work, table, column.in_([row["id"] for row in found[target]]))
    return {name: rows for name, rows in found.items() if rows}


def _read(work: UnitOfWork, table: Table, condition: Any) -> list[Row]:
    return [
        dict(row._mapping)
        for row in work.session.execute(select(table).where(condition).order_by(table.c.id))
    ]


def _renumbered(row: Row, ids: dict[str, dict[int, int]], table: str) -> Row:
    return {**_inside(row, ids), "id": ids[table][row["id"]]}


def _inside(value: Any, ids: dict[str, dict[int, int]], name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _inside(each, ids, key) for key, each in value.items()}
    known = ids.get(NAMED.get(name, ""), {})
    return known.get(value, value) if isinstance(value, int) and not isinstance(value, bool) else value


def _chain(copy: Rows) -> None:
    """The timeline with its hashes anew, and its end on the release."""
    before = ""
    for row in sorted(copy["timeline"], key=lambda row: row["position"]):
        row["previous_hash"] = before
        row["hash"] = before = timeline._hash_of_values([row[name] for name in timeline.ENTRY_FIELDS])
    copy["releases"][0] |= {"chain_count": len(copy["timeline"]), "chain_head": before}


def _next_id(work: UnitOfWork, name: str) -> int:
    table = Base.metadata.tables[name]
    return (work.session.scalar(select(func.max(table.c.id))) or 0) + 1


def _count_on(work: UnitOfWork, name: str) -> None:
    """PostgreSQL numbers rows by a sequence of its own."""
    if work.session.get_bind().dialect.name == "postgresql":
        work.session.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")
        )


def _code(number: int) -> str:
    code = ""
    for _ in range(5):
        number, digit = divmod(number, len(_letters))
        code = _letters[digit] + code
    return code
