"""What keeps a question as quick on a million rows as on a thousand: counts with an end, and states written out.

A partial index serves only a condition that the planner can read, so a state that an index is made for is never bound.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute

MOST = 1_000
"""So far is counted; one more says that there are more."""


def counted(*conditions: Any, table: Any) -> Select[int]:
    """How many rows of a table there are, `MOST` + 1 at the most."""
    return count_of(select(literal_column("1")).select_from(table).where(*conditions))


def count_of(rows: Select[Any]) -> Select[int]:
    """The same of a statement of one's own."""
    return select(func.count()).select_from(rows.limit(MOST + 1).subquery())


def is_one_of(column: InstrumentedAttribute[str], values: Sequence[str]) -> ColumnElement[bool]:
    """A column against words of ours, written out."""
    if not all(value.replace("_", "").isalpha() for value in values):
        raise ValueError("only words of our own are written out")
    written: list[ColumnElement[str]] = [literal_column(f"'{value}'") for value in values]
    return column == written[0] if len(written) == 1 else column.in_(written)
