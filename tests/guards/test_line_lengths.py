"""What a reviewer has to read fits into the window: no line of a template, a style or a script runs out of it."""

from __future__ import annotations

from pathlib import Path

from tests.rigs.sources import PROJECT, name_of

LONGEST = 160
STATIC = PROJECT / "portal/web/static"


def templates() -> list[Path]:
    return sorted(file for file in (PROJECT / "templates").rglob("*") if file.is_file())


def styles_and_scripts() -> list[Path]:
    """Ours alone: what is in `vendor` was made elsewhere and is copied as it came."""
    files = (file for file in STATIC.rglob("*") if file.suffix in (".css", ".js"))
    return sorted(file for file in files if "vendor" not in file.relative_to(STATIC).parts)


def too_long(files: list[Path]) -> list[tuple[str, int, int]]:
    """File, line and length, as an editor counts them."""
    return [
        (name_of(file), number, len(line))
        for file in files
        for number, line in enumerate(file.read_text("utf-8").split("\n"), start=1)
        if len(line) > LONGEST
    ]


def test_no_line_of_a_template_is_longer_than_a_reviewer_sees():
    assert len(templates()) > 250
    assert too_long(templates()) == []


def test_no_line_of_our_styles_and_scripts_is_longer_than_a_reviewer_sees():
    assert {file.name for file in styles_and_scripts()} >= {"portal.css", "fonts.css", "desk.js", "story.js"}
    assert too_long(styles_and_scripts()) == []
