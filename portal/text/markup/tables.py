"""Rows of a table as lines: “2025: 12,450 homes”. A release has no tables, and a figure without its row says nothing.

Two columns make “first: second” of each row. Where more have names, each cell is said with the name of its column:
“Club Leeds: Played 10; Points 92”; where they have none, the cells follow one another: “Leeds: 10; 92”.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from portal.text.markup.tree import Leaf, Marks

LONGEST_CELL = 200
_TIME = re.compile(r"\d[:.h]\d\d\Z")
_ENDS_BY_ITSELF = (":", ";", ",", ".", "?", "!", "：", "。", "、", "၊", "။", "–", "—")

Cell = list[tuple[str, Marks]]
Runs = list[tuple[str, Marks]]


def lines(rows: Sequence[Sequence[Cell]], *, has_head: bool) -> list[Leaf]:
    """A paragraph for each row. Empty cells are passed over; the names of more than two columns go into the rows."""
    head = rows[0] if has_head and len(rows) > 1 and len(rows[0]) > 2 else []
    told = [_row(row, head if len(row) == len(head) else []) for row in (rows[1:] if head else rows)]
    return [Leaf(runs=runs) for runs in told if runs]


def looks_like_a_head(rows: Sequence[Sequence[Cell]]) -> bool:
    """Its first row, and no other, is strong throughout: so Word writes the names of columns."""
    strong = [_is_strong(row) for row in rows[:2]]
    return strong == [True, False]


def _is_strong(row: Sequence[Cell]) -> bool:
    filled = [run for cell in row for run in cell]
    return bool(filled) and all(marks.strong for text, marks in filled if text.strip())


def _row(row: Sequence[Cell], head: Sequence[Cell]) -> Runs:
    names = list(head) or [[] for _ in row]
    cells = [_named(name, cell) for name, cell in zip(names, row, strict=True) if cell]
    said: Runs = list(cells[0]) if cells else []
    for place, (before, cell) in enumerate(pairwise(cells)):
        said += [(_between(before) if place == 0 else _after(before, "; "), Marks()), *cell]
    return said


def _named(name: Cell, cell: Cell) -> Cell:
    return [*name, (" ", Marks()), *cell] if name else cell


def _between(first: Cell) -> str:
    """A colon, but not after a time, another colon or another mark."""
    words = "".join(text for text, _ in first).rstrip()
    if ": " in words:
        return "; "
    return " – " if _TIME.search(words) else _after(first, ": ")


def _after(cell: Cell, usual: str) -> str:
    words = "".join(text for text, _ in cell).rstrip()
    return " " if words.endswith(_ENDS_BY_ITSELF) else usual
