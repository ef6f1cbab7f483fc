"""The names of all ticks: under them an empty value is the companion of a tick, and nobody's words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from portal.rules.kinds import KINDS, PAGES, fields_of
from portal.web.forms import moderating
from portal.web.forms.fields import Tick
from portal.web.forms.release_page import EditForm


@cache
def tick_names() -> frozenset[str]:
    """Of every kind of release, and of the newsroom's own forms."""
    asked = (field for kind in KINDS for page in PAGES for field in fields_of(kind, page))
    return frozenset([*(field.name for field in asked if field.type == "tick"), *_newsroom_ticks()])


def _newsroom_ticks() -> Iterator[str]:
    for form in (EditForm, *moderating.ACTS.values()):
        yield from (name for name, field in vars(form).items() if getattr(field, "field_class", None) is Tick)
