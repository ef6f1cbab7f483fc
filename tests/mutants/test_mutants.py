"""What `make mutants` counts, and what it leaves alone."""

from __future__ import annotations

import json
from pathlib import Path

import libcst as cst
import pytest

from tests.mutants.changing import change_word, files_of, parts_of
from tests.mutants.rooms import ROOMS
from tests.mutants.telling import Told, told

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize(("written", "changed"), [
    ('"claimed"', ['"XXclaimedXX"']), ('""', ['"XXXX"']), ('", "', ['"XX, XX"']), ('"Choose when it may run."', []),
    ('"Done."', []), ("'Two words'", []), ('"""A docstring"""', []),
])  # fmt: skip
def test_a_code_is_changed_once_and_a_sentence_never(written, changed):
    node = cst.parse_expression(written)
    assert isinstance(node, cst.SimpleString)

    assert [each.value for each in change_word(node)] == changed  # type: ignore[attr-defined]


def test_files_that_are_mostly_about_a_change_come_first():
    every = ["a.py::1", "a.py::2", "b.py::1", "c.py::1", "c.py::2", "c.py::3"]

    assert files_of(["a.py::1", "c.py::2", "c.py::1", "b.py::1"], every) == ["b.py", "c.py", "a.py"]


def test_few_tests_are_named_and_of_many_three_files_are_tried_before_the_others():
    every = [f"{file}.py::{number}" for file in "abcde" for number in range(10)]

    assert parts_of(every[:20], every) == [every[:20]]
    assert parts_of(every[:21], every) == [["a.py", "b.py", "c.py"]]
    assert parts_of(every, every) == [["a.py", "b.py", "c.py"], ["d.py", "e.py"]]


def test_a_change_is_noticed_unnoticed_or_endless(tmp_path):
    kept = tmp_path / "mutants" / "portal"
    kept.mkdir(parents=True)
    codes = {"a": 1, "b": 3, "c": 0, "d": 33, "e": -24, "f": 36, "g": None}
    (kept / "x.py.meta").write_text(json.dumps({"exit_code_by_key": codes}))
    (kept / "empty.py.meta").write_text(json.dumps({"exit_code_by_key": {}}))
    (kept / "half.py.meta").write_text("{")

    (found,) = told(tmp_path)

    assert found == Told(tmp_path, "portal/x.py", codes)
    assert (found.whole, found.tried, found.killed, found.endless, found.left) == (7, 6, 2, 2, ["c", "d"])


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_names_modules_and_tests_that_are_there(name):
    room = ROOMS[name]

    assert [pattern for pattern in (*room.changed, *room.spared) if not list(PROJECT.glob(pattern))] == []
    assert [test for test in room.tests if not (PROJECT / test).exists()] == []
