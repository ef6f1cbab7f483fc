"""The end of a line vanishes behind a tag of a template (`trim_blocks`), and two words become one: `log inand go on`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
TAG = r"\{%-? (?:if|elif|else|endif|for|endfor)\b[^%]*(?<![-+])%\}"
GLUED = re.compile(
    rf"(?P<before>[\w.,;:!?)’”]|\}}\}})(?P<tags>(?:{TAG})+)\n[ \t]*(?:\{{%(?!-)[^%]*(?<!-)%\}}(?!\n))*(?P<after>\w)"
)


def glued(template: str) -> list[str]:
    """Where words of one line run into words of the next."""
    return [f"{found['before']}{found['tags']}↵{found['after']}" for found in GLUED.finditer(template)]


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("log in{% if wanted %}\nand go on{% endif %}.", ["n{% if wanted %}↵a"]),
        ("at once.{% endif %}\n{% if late %}We decide", [".{% endif %}↵W"]),
        ("at once.{% endif +%}\nWe decide", []),
        ("at once.{% endif %}\n<p>We decide", []),
        ("at once.\n{% if late %}\nWe decide", []),
    ],
)
def test_words_that_run_together_are_seen(template: str, found: list[str]) -> None:
    assert glued(template) == found


def test_no_words_of_a_template_run_together() -> None:
    found = {
        str(path.relative_to(TEMPLATES)): places
        for path in sorted(TEMPLATES.rglob("*.*"))
        if (places := glued(path.read_text(encoding="utf-8")))
    }
    assert found == {}
