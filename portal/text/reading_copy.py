"""A release as one plain text, field by field, so that two versions of it can be compared word by word."""

from collections.abc import Mapping
from typing import Any

from portal.rules.kinds import every_field
from portal.rules.kinds.contact_page import TIMING_NAMES
from portal.text import diff, plain

UNLABELLED = ("headline", "subheadline", "summary")
NOT_COMPARED = ("body_format", *TIMING_NAMES)


def reading_copy(kind: str, content: Mapping[str, Any]) -> str:
    """Everything that was answered: the three lines of the top, the facts, the story, quotes, contact."""
    values = content.get("values", {})
    parts = (
        _part(field.name, field.label, _text_of(field.name, content)) for field in every_field(kind, values)
    )
    return "\n\n".join(part for part in parts if part)


def changes(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Pairs of ("same" | "added" | "removed", text); empty where nothing that is read has changed."""
    before, after = reading_copy(kind, old), reading_copy(kind, new)
    return diff.word_diff(before, after) if before != after else []


def _text_of(name: str, content: Mapping[str, Any]) -> str:
    if name in NOT_COMPARED:
        return ""
    if name == "body":
        return plain.html_to_text(content.get("body_html", ""))
    return str(content["values"].get(name, "")).strip()


def _part(name: str, label: str, text: str) -> str:
    if not text:
        return ""
    return text if name in UNLABELLED or name == "body" else f"{label}: {text}"
