#!/usr/bin/env python3
"""Draws the two state machines of portal/rules/release_states.py into ARCHITECTURE.md, between its markers.

Run it after a change of the tables: `.venv/bin/python scripts/draw_states.py`. A guard test compares the two.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from portal.rules.release_states import NOTHING, PUBLICATION, REVIEW, UNCHANGED, Step  # noqa: E402

PAGE = ROOT / "ARCHITECTURE.md"
BEGIN, END = "<!-- states: begin -->", "<!-- states: end -->"
WHO = {
    "holder": "editor who holds it",
    "second_editor": "another editor",
    "killer": "another editor while one asks for it, or a senior",
    "decider": "editor who decided",
}


def drawn() -> str:
    """Everything between the markers: for each machine a table and a mermaid drawing."""
    parts = (
        ("An edition’s review", REVIEW),
        ("A release’s publication", PUBLICATION),
    )
    return "\n".join(f"### {title}\n\n{_table(rows)}\n\n{_drawing(rows)}\n" for title, rows in parts)


def in_page(page: str) -> str:
    """The page with fresh drawings. Raises ValueError where it has no markers."""
    before, begin, rest = page.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"ARCHITECTURE.md needs the lines {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n{drawn()}{END}{after}"


def _table(rows: Iterable[Step]) -> str:
    head = "| from | step | who | to | reason | records | offered |\n|---|---|---|---|---|---|---|"
    return "\n".join([head, *(_row(row) for row in rows)])


def _row(row: Step) -> str:
    cells = (
        ", ".join("–" if source == NOTHING else f"`{source}`" for source in row.sources),
        row.step.replace("_", " "),
        WHO.get(row.who, row.who),
        row.to if row.to == UNCHANGED else f"`{row.to}`",
        "yes" if row.needs_reason else "",
        f"`{row.fact}`" if row.fact else "",
        "yes" if row.offered else "later",
    )
    return f"| {' | '.join(cells)} |"


def _drawing(rows: Iterable[Step]) -> str:
    return "\n".join(["```mermaid", "stateDiagram-v2", *_arrows(rows), "```"])


def _arrows(rows: Iterable[Step]) -> Iterator[str]:
    """One arrow for two states, with every step that leads from one to the other; later steps in brackets."""
    steps: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for source in row.sources:
            ends = ("[*]" if source == NOTHING else source, source if row.to == UNCHANGED else row.to)
            name = row.step.replace("_", " ")
            steps.setdefault(ends, []).append(name if row.offered else f"({name})")
    return (f"    {source} --> {to}: {', '.join(names)}" for (source, to), names in steps.items())


def main() -> None:
    PAGE.write_text(in_page(PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
