"""Two versions of a release, field by field and word by word: what differs, under the names of the form."""

from collections.abc import Mapping
from typing import Any

from portal.rules.kinds import Field, every_field
from portal.rules.kinds.contact_page import TIMING_NAMES
from portal.text import diff, plain

UNLABELLED = ("headline", "subheadline", "summary", "body")
NOT_COMPARED = ("body_format", *TIMING_NAMES)


def changes(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Pairs of ("same" | "added" | "removed", text) over the fields that differ; empty where none does."""
    values = {**old.get("values", {}), **{name: text for name, text in new.get("values", {}).items() if text}}
    pairs: list[tuple[str, str]] = []
    for field in every_field(kind, values):
        before, after = _text_of(field.name, old), _text_of(field.name, new)
        if before != after:
            pairs += [("same", _heading(field, separate=bool(pairs))), *diff.word_diff(before, after)]
    return [pair for pair in pairs if pair[1]]


def _heading(field: Field, *, separate: bool) -> str:
    label = "" if field.name in UNLABELLED else f"{field.label}: "
    return f"\n\n{label}" if separate else label


def _text_of(name: str, content: Mapping[str, Any]) -> str:
    if name in NOT_COMPARED:
        return ""
    if name == "body":
        return plain.html_to_text(content.get("body_html", ""))
    text = str(content.get("values", {}).get(name, "")).strip()
    return "yes" if text == "y" else text
