"""The documents name what there is: files, functions, columns, addresses, commands; and every decision has its topic."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import PurePosixPath

import click
import pytest
from werkzeug.exceptions import HTTPException

from portal.app import create_app
from portal.commands import portal as program
from portal.settings import Settings
from portal.storage.tables import Base
from portal.storage.unit_of_work import silent
from tests.guards.test_layers import MAY_IMPORT
from tests.rigs.sources import PROJECT, program_files, tree

DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "DECISIONS.md")
ENDINGS = (".py", ".md", ".html", ".txt", ".json", ".toml")
OF_THE_MACHINE = ("instance/", ".venv/")  # git keeps nothing of these
PATH = re.compile(r"[\w*.-][\w<>*./-]*")
DOTTED = re.compile(r"[A-Za-z_]\w*\.[a-z_]\w*")


def text_of(document: str) -> str:
    """Without the drawings."""
    return re.sub(r"^```.*?^```", "", (PROJECT / document).read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def quoted(document: str) -> list[str]:
    """What stands in backticks, on one line."""
    return re.findall(r"`([^`\n]+)`", text_of(document))


def words_of_commands(document: str) -> Iterator[str]:
    """Every word of a command in backticks or in an indented block."""
    for command in [*quoted(document), *re.findall(r"^ {4}(\S.*)$", text_of(document), re.MULTILINE)]:
        if " " in command:
            yield from command.split()


@cache
def kept() -> frozenset[str]:
    """Every file and every folder that git knows or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    files = [PurePosixPath(name) for name in listed if (PROJECT / name).exists()]
    return frozenset(str(each) for file in files for each in (file, *file.parents))


def stands(path: str) -> bool:
    """Is it there, written in full or from any folder on (`rules/facts.py`)? `<name>` and `**` stand for any name."""
    wanted = re.sub(r"<\w+>", "*", path.rstrip("/"))
    if "*" in wanted:
        return any(fnmatchcase(f"/{name}", f"*/{wanted}") for name in kept())
    return wanted in kept() or any(name.endswith(f"/{wanted}") for name in kept())


def is_path(words: str) -> bool:
    return bool(PATH.fullmatch(words)) and ("/" in words or words.endswith(ENDINGS))


def is_there(path: str) -> bool:
    """A file or folder, or a function of a file: `actions/mailing/notifying.relay`."""
    module, _, function = path.rpartition(".")
    return stands(path) or (stands(f"{module}.py") and f"{module.rpartition('/')[2]}.{function}" in names())


@cache
def names() -> frozenset[str]:
    """`module.function`, `Class.method` (also `act.method`) and `table.column` of the program."""
    found = {
        f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.columns
    }
    for file in program_files():
        for node in tree(file).body:
            found |= {f"{file.stem}.{name}" for name in named_by(node)}
            if isinstance(node, ast.ClassDef):
                parts = [name for part in node.body for name in named_by(part)]
                found |= {f"{spelt}.{name}" for spelt in (node.name, node.name.lower()) for name in parts}
    return frozenset(found)


def named_by(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = (
        node.targets
        if isinstance(node, ast.Assign)
        else [node.target]
        if isinstance(node, ast.AnnAssign)
        else []
    )
    return [target.id for target in targets if isinstance(target, ast.Name)]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_a_document_names_is_there(document: str) -> None:
    asked = [words for words in quoted(document) if is_path(words) and not words.startswith(OF_THE_MACHINE)]
    asked += [words for words in words_of_commands(document) if re.match(r"(tests|scripts|portal)/", words)]

    assert len(asked) >= 7
    assert [path for path in asked if not is_there(path)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_function_and_column_that_a_document_names_is_there(document: str) -> None:
    asked = [words for words in quoted(document) if DOTTED.fullmatch(words) and not is_path(words)]

    assert [name for name in asked if name not in names()] == []


def test_every_address_that_a_document_names_is_there(settings: Settings) -> None:
    places = create_app(settings, doorbell=silent).url_map.bind("localhost")
    asked = [words for each in DOCUMENTS for words in quoted(each) if re.fullmatch(r"/[\w/<>?=.-]+", words)]

    def leads_nowhere(address: str) -> bool:
        try:
            places.match(re.sub(r"<\w+>", "2026-03-24", address.partition("?")[0]))
        except HTTPException:
            return True
        return False

    assert len(asked) > 3
    assert [address for address in asked if leads_nowhere(address)] == []


def test_every_command_that_a_document_names_is_there() -> None:
    targets = re.findall(r"^(\w+):", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE)
    texts = "\n".join(text_of(each) for each in DOCUMENTS)
    made = set(re.findall(r"(?:`|^ {4})make ([a-z]+)", texts, re.MULTILINE))
    asked = set(re.findall(r"(?:`|^ {4})(?:\.venv/bin/)?portal ([a-z]+)(?: ([a-z]+))?", texts, re.MULTILINE))

    assert made >= {"run", "test", "check"}
    assert made - set(targets) == set()
    assert {first for first, _ in asked} >= {"init", "up", "doctor", "restore"}
    assert {words for words in asked if not is_command(*words)} == set()


def is_command(first: str, second: str) -> bool:
    command = program.get_command(click.Context(program), first)
    return command is not None and (
        not isinstance(command, click.Group) or not second or second in command.commands
    )


def test_the_table_of_rooms_is_the_one_that_the_imports_are_held_to() -> None:
    table = text_of("ARCHITECTURE.md").partition("### Rooms of the actions")[2].partition("###")[0]
    told = {
        room: set(re.findall(r"[a-z]+", builds_on))
        for room, builds_on in re.findall(r"^\| `(\w+)` \|[^|]+\|([^|]+)\|$", table, re.MULTILINE)
    }
    room_of = "portal.actions."
    held_to = {
        layer.removeprefix(room_of): {
            each.removeprefix(room_of) for each in below if each.startswith(room_of)
        }
        - {"portal", "presses"}
        for layer, below in MAY_IMPORT.items()
        if layer.startswith(room_of) and layer.removeprefix(room_of) not in ("portal", "presses")
    }

    assert told == held_to


def test_the_index_of_the_decisions_names_every_note_and_no_other() -> None:
    index, _, notes = text_of("DECISIONS.md").partition("\n## 1. ")
    rows = re.findall(r"^\|[^|]+\|([ \d,]+)\|$", index, re.MULTILINE)
    indexed = {int(number) for row in rows for number in row.split(",")}
    written = [1, *map(int, re.findall(r"^## (\d+)\. ", notes, re.MULTILINE))]

    assert len(rows) > 10
    assert sorted(indexed) == written
