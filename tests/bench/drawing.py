"""The ratios as a picture for the documents: each row's middle against its goal, with the spread of its rounds."""

from __future__ import annotations

import subprocess
from datetime import date
from html import escape
from pathlib import Path

from tests.bench.ratios import Ratio

WIDTH, LEFT, LINE, TOP = 860, 430, 30, 54
SCALE = 130
"""Pixels for one goal: the line of the goal stands there, whatever the row's own numbers are."""
MOST = 2.9
"""Goals that are drawn at the most; beyond it a bar is cut."""


def drawn(rows: list[Ratio], *, on: date, commit: str) -> str:
    """SVG. A bar that reaches the line has reached its goal; for "at most" rows it is goal divided by figure."""
    height = TOP + LINE * len(rows) + 34
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" font-family="sans-serif" font-size="13">',
        "<title>How fast the portal is, each figure against its goal</title>",
        '<rect width="100%" height="100%" fill="#fbfaf7"/>',
        '<text x="14" y="26" font-size="16" font-weight="bold" fill="#1b1f24">Measured ratios against their goals</text>',
        f'<line x1="{LEFT + SCALE}" x2="{LEFT + SCALE}" y1="{TOP - 12}" y2="{height - 30}" stroke="#1b1f24" stroke-dasharray="3 3"/>',
        f'<text x="{LEFT + SCALE}" y="{TOP - 16}" text-anchor="middle" fill="#1b1f24">goal</text>',
    ]
    for number, row in enumerate(rows):
        parts += _bar(row, TOP + LINE * number)
    said = (
        f"{on.isoformat()}, commit {commit}. Rounds in turns with the limit; the thin line is their spread."
    )
    parts.append(f'<text x="14" y="{height - 12}" fill="#5a5f66">{escape(said)}</text></svg>')
    return "\n".join(parts) + "\n"


def commit_of(folder: Path) -> str:
    """The short name of the commit that was measured."""
    said = subprocess.run(
        ["git", "-C", str(folder), "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout.strip() or "unknown"


def _bar(row: Ratio, top: int) -> list[str]:
    def at(figure: float) -> float:
        share = figure / row.goal if row.at_least else row.goal / max(figure, 1e-9)
        return LEFT + SCALE * min(share, MOST)

    low, high = sorted((at(min(row.figures)), at(max(row.figures))))
    colour = "#0a5a8a" if row.is_reached else "#a12a1e"
    sign = "≥" if row.at_least else "≤"
    middle = top + LINE / 2 - 4
    return [
        f'<text x="14" y="{middle + 5}" fill="#1b1f24">{escape(row.row)}  {escape(row.what)}</text>',
        f'<rect x="{LEFT}" y="{middle - 7}" width="{at(row.middle) - LEFT:.0f}" height="14" fill="{colour}"/>',
        f'<line x1="{low:.0f}" x2="{high:.0f}" y1="{middle}" y2="{middle}" stroke="#1b1f24"/>',
        f'<text x="{WIDTH - 10}" y="{middle + 5}" text-anchor="end" fill="#1b1f24">{row.middle:.2f} ({sign} {row.goal:g})</text>',
    ]
