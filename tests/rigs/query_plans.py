"""How a database would answer the statements that a piece of code sends, and which of them read a table whole."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session

from portal.storage.database import Database

MOST_ROWS = 500
"""Rows of one big table that one statement may read."""


@dataclass(frozen=True)
class Sent:
    """One statement as it reached the driver."""

    statement: str
    parameters: Any


def whole_table_reads(
    database: Database, ask: Callable[[Session], object], tables: tuple[str, ...]
) -> list[str]:
    """What `ask` makes the database do that grows with `tables`: one line for each such step."""
    with database.reading() as session, _listening(database) as sent:
        ask(session)
    explain = _sqlite_steps if database.is_sqlite else _postgresql_steps
    with database.engine.connect() as connection:
        return [f"{step} ← {one.statement}" for one in sent for step in explain(connection, one, tables)]


def gather_statistics(database: Database) -> None:
    """Let the planner know how many rows there are, as a database that has run for a while does."""
    with database.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()


@contextmanager
def _listening(database: Database) -> Iterator[list[Sent]]:
    sent: list[Sent] = []

    def remember(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            sent.append(Sent(statement, parameters))

    event.listen(database.engine, "before_cursor_execute", remember)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", remember)


def _sqlite_steps(connection: Connection, sent: Sent, tables: tuple[str, ...]) -> list[str]:
    """A SCAN reads a whole table, unless it follows an index and the LIMIT stops it; a sort reads all it sorts."""
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sent.statement}", sent.parameters)
    steps = [row[3] for row in rows]
    stops = "LIMIT" in sent.statement.upper()
    scans = [
        step
        for step in steps
        if re.match(rf"SCAN ({'|'.join(tables)})\b", step) and not (stops and "USING INDEX" in step)
    ]
    touches = any(re.search(rf"\b({'|'.join(tables)})\b", step) for step in steps)
    return scans + [step for step in steps if touches and "TEMP B-TREE FOR ORDER BY" in step]


def _postgresql_steps(connection: Connection, sent: Sent, tables: tuple[str, ...]) -> list[str]:
    explained = connection.exec_driver_sql(
        f"EXPLAIN (ANALYZE, FORMAT JSON) {sent.statement}", sent.parameters
    ).scalar()
    document = json.loads(explained) if isinstance(explained, str) else explained
    nodes = _nodes(document[0]["Plan"])
    return [_named(node) for node in nodes if node.get("Relation Name") in tables and _reads_much(node)]


def postgresql_rows(connection: Connection, sent: Sent, tables: tuple[str, ...]) -> int:
    """How many rows of these tables a SELECT looks at."""
    explained = connection.exec_driver_sql(
        f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sent.statement}", sent.parameters
    ).scalar()
    document = json.loads(explained) if isinstance(explained, str) else explained
    read = (_rows(node) for node in _nodes(document[0]["Plan"]) if node.get("Relation Name") in tables)
    return int(sum(read))


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _reads_much(node: dict[str, Any]) -> bool:
    return (node["Node Type"] == "Seq Scan" and node["Actual Loops"] > 0) or _rows(node) > MOST_ROWS


def _rows(node: dict[str, Any]) -> float:
    found: float = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    return found


def _named(node: dict[str, Any]) -> str:
    return (
        f"{node['Node Type']} of {node['Relation Name']}, {node['Actual Rows']} rows × {node['Actual Loops']}"
    )
