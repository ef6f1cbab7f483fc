"""The fields of our forms. Each cleans its answer on the way in and is judged by `rules`.

What a field asks (label, hint, choices, keyboard) is a `Field` of `rules/kinds`, also where a form is made by hand, so
that one macro draws them all. `data` is always clean text: what cannot be read stays as it was typed, and `issues` says
why. Of several values under one name the last one counts, as of a tick and its empty companion.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import wtforms
from wtforms.validators import ValidationError

from portal.rules.issues import Issue, blocking
from portal.rules.kinds import Field as Asked
from portal.rules.refusals import Invalid
from portal.rules.values import unreadable_answer
from portal.text import body, languages, places
from portal.text.answers import cleaned
from portal.text.plain import clean_line

LONGEST_NUMBER = 10  # digits; no release is saved a billion times
MISSING_VERSION = "This form came without its version. Open the page again and send it from there."


class Answer(wtforms.Field):  # type: ignore[misc]  # WTForms comes without types
    """One line of text, and what all the other fields have in common.

    `was_posted` tells a field that came empty from one that did not come, which keeps the value it had.
    """

    asks = "line"
    empty: Any = ""

    def __init__(self, label: str = "", hint: str = "", *, asked: Asked | None = None, **more: Any) -> None:
        words = {name: more.pop(name) for name in tuple(more) if name in Asked.__dataclass_fields__}
        super().__init__(label, name=words.pop("name"), **more)
        self.asked = asked or Asked(self.name, label, hint, type=self.asks, **words)
        self.was_posted = False
        self.issues: list[Issue] = []
        self.errors: Sequence[str] = ()

    def process_data(self, value: Any) -> None:
        """What stands in it before anything is posted."""
        self.data: Any = self.empty if value is None else str(value)

    def process_formdata(self, values: Sequence[str]) -> None:
        self.was_posted = bool(values)
        if values:
            self.data = self.clean(values)

    def clean(self, values: Sequence[str]) -> Any:
        return cleaned(self.asked, values[-1])

    def pre_validate(self, form: Any) -> None:
        issue = self.unreadable()
        if issue:
            self.issues.append(issue)
            raise ValidationError(issue.message)

    def unreadable(self) -> Issue | None:
        """The sentence of the rules for what was typed; None where it can be read, or nothing was typed."""
        return unreadable_answer(self.asked, self.data.strip(), _countries(), languages.is_registered)

    def show(self, issue: Issue) -> None:
        """Have it stand at this field, once."""
        if all((each.code, each.message) != (issue.code, issue.message) for each in self.issues):
            self.issues.append(issue)
            self.errors = [*self.errors, issue.message]

    def answers(self) -> Iterator[Answer]:
        """The fields in it that take an answer: itself, unless it is a list of others."""
        yield self

    def handed_over(self) -> Any:
        """What an action is given."""
        return self.data


class Line(Answer):
    """A line."""


class GrowingLine(Line):
    """A line in a box of several, where a paste may bring more than the line: `came` is what was typed, with its breaks."""

    came = ""

    def clean(self, values: Sequence[str]) -> Any:
        self.came = values[-1]
        return super().clean(values)


class Text(Answer):
    """Several lines."""

    asks = "text"


class Story(Text):
    """The story: cleaned like any text, and made safe HTML of, once, when it comes in."""

    read: body.Story | None = None

    def post_process(self, formdata: Any = None) -> None:
        """Here the other fields are known, and among them how the story is written."""
        super().post_process(formdata)
        if self.was_posted:
            written_as = self._form.written_as() if self._form is not None else "text"
            self.read = body.read_story(self.data, written_as)

    def unreadable(self) -> Issue | None:
        problem = self.read.problem if self.read else ""
        return blocking("FORMAT", self.name, problem, page=self.asked.page) if problem else None


class Choice(Answer):
    """One of some values. Another one stays as typed, and the rules or the action say so."""

    asks = "choice"

    def unreadable(self) -> Issue | None:
        return super().unreadable() if self.asked.choices else None


class Day(Answer):
    asks = "date"


class DayOrImmediate(Answer):
    asks = "date_or_immediate"


class Moment(Answer):
    asks = "datetime"


class Zone(Answer):
    asks = "zone"


class Country(Answer):
    asks = "country"


class Language(Answer):
    asks = "language"


class Email(Answer):
    asks = "email"


class Phone(Answer):
    asks = "phone"


class Url(Answer):
    asks = "url"


class Whole(Answer):
    asks = "whole"


class Amount(Answer):
    asks = "amount"


class Score(Answer):
    asks = "score"


class Tick(Answer):
    """`y`, or empty."""

    asks = "tick"

    @property
    def is_ticked(self) -> bool:
        return bool(self.data == "y")

    def handed_over(self) -> bool:
        return self.is_ticked


class Several(Answer):
    """A name that comes more than once: ticked codes, chosen kinds. Empty ones are companions and count for nothing."""

    asks = "choice"
    empty: Any = ()

    def process_data(self, value: Any) -> None:
        self.data = list(value or ())

    def clean(self, values: Sequence[str]) -> list[str]:
        return [value for value in map(clean_line, values) if value]

    def unreadable(self) -> None:
        """Each form's action knows which values there are."""


class Places(Several):
    """The same where the place of each counts: an empty one is a place left open."""

    def clean(self, values: Sequence[str]) -> list[str]:
        return [clean_line(value) for value in values]


class Mark(Answer):
    """What a page put into its own form to have it back: a hash, an address to go on to. Compared, never stored."""

    def clean(self, values: Sequence[str]) -> str:
        return values[-1]


class Secret(Mark):
    """A password: never cleaned, never given back, never kept."""

    asks = "password"


class Version(Mark):
    """The version that the page showed."""

    def number_or_none(self) -> int | None:
        """For forms that may come without. A number that no version can have is one all the same: it is stale."""
        text = self.data
        return int(text[:LONGEST_NUMBER]) if text.isascii() and text.isdigit() else None

    def handed_over(self) -> int:
        """Raises Invalid where it is missing or no number."""
        number = self.number_or_none()
        if number is None or len(self.data) >= LONGEST_NUMBER:
            raise Invalid(MISSING_VERSION, [blocking("FORMAT", self.name, MISSING_VERSION)])
        return number


BY_TYPE: dict[str, type[Answer]] = {
    field.asks: field
    for field in (
        Line, Text, Choice, Day, DayOrImmediate, Moment, Zone, Country, Language, Tick, Email, Phone, Url, Whole, Amount,
        Score,
    )
}  # fmt: skip
"""Which class takes the answers of which type of `rules/kinds`."""


def field_for(asked: Asked) -> Any:
    """The field that takes this answer, not yet bound to a form."""
    field_class = Story if asked.name == "body" else BY_TYPE[asked.type]
    if asked.type == "line" and asked.rows:
        field_class = GrowingLine
    return field_class(asked.label, asked=asked)


@cache
def _countries() -> frozenset[str]:
    return frozenset(code for code, _ in places.countries())
