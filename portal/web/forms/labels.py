"""What the fields of a form are called, for pages that show what was typed outside of its own page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app
from werkzeug.exceptions import HTTPException

from portal.rules.kinds import KINDS, field_of
from portal.web.forms.fields import Answer
from portal.web.forms.raw import CARRIED, Pairs
from portal.web.forms.taking import form_of_view

TECHNICAL = frozenset(
    "version revision_hash idempotency_key go decision answer body_format next kept_to kind".split()
)


@dataclass(frozen=True)
class Typed:
    """One value as it was typed. `is_technical`: nobody typed it, the page put it there."""

    name: str
    label: str
    value: str
    is_technical: bool


def labelled(sent_to: str, pairs: Pairs) -> list[Typed]:
    """The values of a form that was sent to this address, each with the label that its own page has."""
    known = dict(_labels_of(sent_to))
    own = [(name, name.removeprefix(CARRIED), value) for name, value in pairs]
    return [
        Typed(name, known.get(bare) or _label_in_any_release(bare), value, bare in TECHNICAL)
        for name, bare, value in own
    ]


def _labels_of(sent_to: str) -> Iterator[tuple[str, str]]:
    """Of the form that the view behind the address takes. What a release asks depends on its kind, and is not in it."""
    form = form_of_view(current_app, _endpoint(sent_to))
    for field in form() if form else ():
        if isinstance(field, Answer):
            yield field.name, str(field.label.text)


def _endpoint(path: str) -> str:
    try:  # whatever host was asked for: only the path counts
        return str(current_app.url_map.bind("").match(path, method="POST")[0])
    except HTTPException:
        return ""


def _label_in_any_release(name: str) -> str:
    """The kind of a release is nobody's to know without a login; a name means the same in all that have it."""
    for kind in KINDS:
        field = field_of(kind, name)
        if field is not None:
            return field.label
    return name.replace("_", " ").replace("-", " ").capitalize()
