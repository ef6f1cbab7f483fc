"""The project's own files as guards read them: shipped sources, their imports and their calls."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[2]
# Real texts and attacks, where they stand beside the project; tests that read them skip where they do not.
CORPUS = PROJECT.parent / "shared" / "corpus"
PROGRAM = ("portal", "workers")
GENERATED = ("portal/storage/migrations/", "portal/web/static/vendor/")


@cache
def program_files() -> tuple[Path, ...]:
    """Every Python file that runs, without migrations."""
    files = sorted(file for room in PROGRAM for file in (PROJECT / room).rglob("*.py"))
    return tuple(file for file in files if not name_of(file).startswith(GENERATED))


@cache
def shipped_files() -> tuple[Path, ...]:
    """Every text file that git knows or would take, without tests, lock files and what others wrote."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return tuple(PROJECT / name for name in listed if _is_ours(name) and (PROJECT / name).is_file())


def _is_ours(name: str) -> bool:
    binary = name.endswith((".woff2", ".png", ".jpg", ".ico", ".gz"))
    return not binary and not name.startswith("portal/web/static/vendor/")


def name_of(file: Path) -> str:
    return file.relative_to(PROJECT).as_posix()


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"), filename=name_of(file))


def imports(file: Path) -> Iterator[str]:
    """Dotted names of all that a file imports, also inside functions; `from a import b` counts as `a` and `a.b`."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls_of_method(file: Path, method: str) -> list[int]:
    """The lines on which something's method of this name is called."""
    return [
        node.lineno
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method
    ]
