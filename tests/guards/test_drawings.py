"""The states in ARCHITECTURE.md are those of the tables."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from portal.rules.release_states import PUBLICATION, REVIEW

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def drawing() -> ModuleType:
    spec = importlib.util.spec_from_file_location("draw_states", PROJECT / "scripts" / "draw_states.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_shows_the_tables_as_they_are(drawing: ModuleType) -> None:
    page = (PROJECT / "ARCHITECTURE.md").read_text("utf-8")

    assert drawing.in_page(page) == page, "run .venv/bin/python scripts/draw_states.py"


def test_every_row_and_every_arrow_is_drawn(drawing: ModuleType) -> None:
    lines = drawing.drawn().splitlines()

    assert sum(line.startswith("| ") and "| from |" not in line for line in lines) == len(REVIEW) + len(
        PUBLICATION
    )
    assert "    submitted --> draft: recall" in lines
    for name in ("in_review --> approved", "[*] --> draft", "killed --> live"):
        assert any(line.strip().startswith(name) for line in lines), name


def test_a_page_without_markers_is_refused(drawing: ModuleType) -> None:
    with pytest.raises(ValueError, match="needs the lines"):
        drawing.in_page("# Architecture")
