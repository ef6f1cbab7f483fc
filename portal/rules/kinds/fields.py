"""What a form field is. Fields are data, so that forms, checks, facts and help all read the same list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Values = Mapping[str, str]
Choices = tuple[tuple[str, str], ...]

TYPES = frozenset(
    "line text choice date date_or_immediate datetime zone tick country language email phone url whole amount score".split()
)


@dataclass(frozen=True)
class Field:
    """One answer that we ask for.

    `needed_when` makes a field required only sometimes: the name of a field that is filled in, or a question to
    the values. `said` names the field inside a sentence ("the headline"). `most` is a hard limit in characters
    as a reader counts them. `start` is what the form shows before anybody has answered; a field that has one is
    never missing. `public` is False where only the newsroom may see the answer.
    """

    name: str
    label: str
    hint: str = ""
    type: str = "line"
    choices: Choices = ()
    required: bool = False
    needed_when: str | Callable[[Values], bool] | None = None
    most: int | None = None
    page: str = "facts"
    autocomplete: str = ""
    inputmode: str = ""
    rows: int = 0
    public: bool = True
    said: str = ""
    code: str = "FACTS"
    start: str = ""

    @property
    def in_a_sentence(self) -> str:
        return self.said or f"the {self.label[0].lower()}{self.label[1:]}"


def typed(values: Values, name: str) -> str:
    """What was typed, without the blanks around it; empty where nothing was."""
    return values.get(name, "").strip()


def ticked(values: Values, name: str) -> bool:
    return typed(values, name) == "y"


def asked(field: Field, values: Values) -> bool:
    """Is an answer required now, given the other answers?"""
    if field.needed_when is None:
        return field.required
    if isinstance(field.needed_when, str):
        return bool(typed(values, field.needed_when))
    return field.needed_when(values)


def answered(field: Field, values: Values) -> bool:
    if field.type == "tick":
        return ticked(values, field.name)
    return bool(typed(values, field.name) or field.start)


def choice_label(field: Field, value: str) -> str:
    """The words of a choice; an unknown value stays as it was typed."""
    return dict(field.choices).get(value, value)
