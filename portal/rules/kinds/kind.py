"""What a kind of release is: its fields, its limits and the copy that we make from its answers."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.rules.kinds.fields import Field, Values

Say = Callable[[str], str]


@dataclass(frozen=True)
class FactLine:
    """One row of the facts box. `unbroken` asks the page to keep the text on one line; `link` is an http address."""

    label: str
    text: str
    unbroken: bool = False
    link: str = ""


@dataclass(frozen=True)
class Words:
    """How long a story may be, in words: beyond `least` and `most` it is not sent, the other two only advise."""

    least: int
    most: int
    advised_least: int
    advised_most: int


def as_it_is(words: str) -> str:
    return words


@dataclass(frozen=True)
class Kind:
    """One kind of release. `says` is its line on the page where a sender chooses a kind."""

    name: str
    label: str
    plural: str
    says: str
    words: Words
    headline_pattern: str
    fields: tuple[Field, ...]
    facts: Callable[[Values, Say], list[FactLine]]

    def facts_box(self, values: Values, say: Say = as_it_is) -> list[FactLine]:
        """The public facts of a release, in order; what is empty is left out.

        `say` turns our own words (labels, choices) into the language of the release.
        """
        return [line for line in self.facts(values, say) if line.text]
