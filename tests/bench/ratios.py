"""Limit and own in turns, so that a machine that grows busy slows both: medians of ratios, never milliseconds alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

ROUNDS = 5


@dataclass(frozen=True)
class Ratio:
    """One row: own against a limit that shares no code with it. `figures` are the ratio of each round.

    `goal` is what P1-P12 ask for; `at_least`: a higher ratio is better.
    """

    row: str
    what: str
    figures: list[float]
    goal: float
    at_least: bool = True
    note: str = ""

    @property
    def middle(self) -> float:
        return median(self.figures)

    @property
    def is_reached(self) -> bool:
        return self.middle >= self.goal if self.at_least else self.middle <= self.goal


def in_turns(own: Callable[[], float], limit: Callable[[], float], rounds: int = ROUNDS) -> list[float]:
    """Own divided by limit, of each round; every second round begins with the other one."""
    figures = []
    for number in range(rounds):
        if number % 2:
            below = limit()
            above = own()
        else:
            above = own()
            below = limit()
        figures.append(above / below)
    return figures


def told(rows: list[Ratio]) -> str:
    """One table."""
    lines = [f"{'row':<5}{'what':<58}{'ratio':>8}{'from':>8}{'to':>8}{'goal':>8}"]
    for row in rows:
        sign = "≥" if row.at_least else "≤"
        mark = "" if row.is_reached else "  missed"
        goal = f"{sign} {row.goal:g}"
        lines.append(
            f"{row.row:<5}{row.what:<58}{row.middle:>8.3f}{min(row.figures):>8.3f}{max(row.figures):>8.3f}{goal:>8}{mark}"
        )
        if row.note:
            lines.append(f"     {row.note}")
    return "\n".join(lines)


def kept_as_json(rows: list[Ratio], file: Path) -> None:
    file.write_text(
        json.dumps([asdict(row) | {"middle": row.middle} for row in rows], indent=1) + "\n", "utf-8"
    )
