"""Reads what mutmut kept of a run, and says it: figures by module, and each change that no test noticed."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NOTICED, UNNOTICED, UNTESTED = (1, 3), 0, 33


@dataclass(frozen=True)
class Told:
    """One module: what became of each change of it. `codes`: the exit codes of pytest, None where it is still to come."""

    folder: Path
    module: str
    codes: dict[str, int | None]

    @property
    def whole(self) -> int:
        return len(self.codes)

    @property
    def tried(self) -> int:
        return sum(code is not None for code in self.codes.values())

    @property
    def killed(self) -> int:
        return sum(code in NOTICED for code in self.codes.values())

    @property
    def endless(self) -> int:
        """Changes that made a test run on until it was stopped, which is a way of being noticed."""
        return sum(code not in (*NOTICED, UNNOTICED, UNTESTED, None) for code in self.codes.values())

    @property
    def left(self) -> list[str]:
        return [name for name, code in self.codes.items() if code in (UNNOTICED, UNTESTED)]


def told(folder: Path) -> list[Told]:
    """All modules of a room that have something to change."""
    found = []
    for path in sorted((folder / "mutants").rglob("*.py.meta")):
        try:
            codes = json.loads(path.read_text())["exit_code_by_key"]
        except ValueError:  # it is just being written
            continue
        module = str(path.relative_to(folder / "mutants")).removesuffix(".meta")
        found.append(Told(folder, module, codes))
    return [each for each in found if each.codes]


def tell(found: Sequence[Told]) -> float:
    """Print it; the part that was noticed."""
    for each in found:
        for name in each.left:
            print(f"\n{each.module} {name.rpartition('.')[2]}\n{_change(each, name)}")
    print(f"\n{'module':52} {'made':>5} {'killed':>6} {'endless':>7} {'left':>5}")
    for each in found:
        print(_row(each.module, [each]))
    print(_row("all", found))
    noticed = sum(each.killed + each.endless for each in found)
    part = noticed / max(1, sum(each.tried for each in found))
    print(f"{part:.1%} of the changes were noticed.")
    return part


def _row(name: str, found: Sequence[Told]) -> str:
    whole, killed = sum(each.whole for each in found), sum(each.killed for each in found)
    endless, left = sum(each.endless for each in found), sum(len(each.left) for each in found)
    return f"{name:52} {whole:5} {killed:6} {endless:7} {left:5}"


def _change(each: Told, name: str) -> str:
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    with _within(each.folder):
        lines: list[str] = get_diff_for_mutant(name, path=each.module).splitlines()
    return "\n".join(f"  {line}" for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---"))


@contextmanager
def _within(folder: Path) -> Any:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
