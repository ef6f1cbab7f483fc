"""The body of a request as it came: read here and nowhere else, and handed on only to be kept or given back.

What is stored goes through the fields of a form (fields.py); this is for pages that give everything back.
"""

from __future__ import annotations

from flask import request
from werkzeug.datastructures import MultiDict

from portal.text.characters import without_unwanted
from portal.text.plain import clean_line

NEVER_KEPT = frozenset({"csrf_token", "password", "current_password", "code"})
Pairs = list[tuple[str, str]]


def body() -> MultiDict[str, str]:
    """The fields of the form that was posted; empty where none was."""
    return request.form


def everything_typed() -> Pairs:
    """All that was posted, but for passwords and the token: what an error page gives back."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in NEVER_KEPT]


CARRIED = "kept:"
"""Begins the names of what a lost login interrupted, while it is carried through the form that logs in."""


def carried() -> Pairs:
    """What the form that logs in carries along, under its own names."""
    return [
        (name.removeprefix(CARRIED), value) for name, value in everything_typed() if name.startswith(CARRIED)
    ]


def fit_to_keep(pairs: Pairs) -> Pairs:
    """The same without control and override characters, as it may wait in the database."""
    return [(clean_line(name), without_unwanted(value)) for name, value in pairs]


def last_of_each(pairs: MultiDict[str, str]) -> dict[str, str]:
    """One value a name: of a tick and its empty companion the last one counts."""
    return {name: pairs.getlist(name)[-1] for name in pairs}
