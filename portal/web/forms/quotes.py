"""The quotes of a story: a list of small forms, `quotes-0-text`, `quotes-0-speaker`, `quotes-0-title`, and so on.

WTForms renumbers the entries of a list when it reads them. Ours keep their numbers: a quote that was not posted keeps
its value, and the one after it must not take its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import wtforms
from wtforms.utils import unset_value

from portal.rules.kinds import quote_fields
from portal.rules.kinds.shared_pages import QUOTE_NAME
from portal.web.forms.fields import Answer, Line, Text

PARTS = ("text", "speaker", "title")
Parts = dict[int, dict[str, str]]


class QuoteForm(wtforms.Form):  # type: ignore[misc]  # WTForms comes without types
    """What was said, by whom, and who that is."""

    text = Text(asked=quote_fields(0)[0])
    speaker = Line(asked=quote_fields(0)[1])
    title = Line(asked=quote_fields(0)[2])


class Quotes(wtforms.FieldList):  # type: ignore[misc]
    """All quotes that came or were kept, and an empty one to be filled."""

    def __init__(self, label: str = "", **more: Any) -> None:
        super().__init__(wtforms.FormField(QuoteForm), label, **more)

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        kept: Parts = {} if data is unset_value or not data else data
        self.entries: list[Any] = []
        self.last_index = -1
        self.object_data = kept
        for number in range(max([*kept, *_numbers(formdata or ())], default=-1) + 2):
            self._add_entry(formdata, kept.get(number, unset_value), index=number)
            for asked, name in zip(quote_fields(number), PARTS, strict=True):
                self.entries[number].form[name].asked = asked

    def answers(self) -> Iterator[Answer]:
        """Their fields in order: quote by quote, what was said, by whom, and who that is."""
        for entry in self.entries:
            yield from entry.form

    def drawn(self) -> Iterator[Answer]:
        """The fields that a page shows: up to the last quote in which something stands, and an empty one."""
        filled = [number for number, entry in enumerate(self.entries) if _holds_something(entry)]
        for entry in self.entries[: max(filled, default=-1) + 2]:
            yield from entry.form


def parts_of(values: Mapping[str, str]) -> Parts:
    """The quotes in stored values, by number."""
    found: Parts = {}
    for name, text in values.items():
        match = QUOTE_NAME.fullmatch(name)
        if match:
            found.setdefault(int(match[1]), {})[match[2]] = text
    return found


def _numbers(names: Iterable[str]) -> Iterator[int]:
    return (int(match[1]) for name in names if (match := QUOTE_NAME.fullmatch(name)))


def _holds_something(entry: Any) -> bool:
    return any(field.data.strip() for field in entry.form)
