"""The ways in which a step is refused. Each carries a sentence for the person who tried.

The web answers with a page and a status for each; actions and rules only raise.

    Refused
    ├── NotFound        no such thing, or not for this person's eyes
    ├── Invalid         something typed cannot be accepted (issues)
    ├── Conflict        somebody or something was faster, or the state does not allow the step
    └── Throttled       too many tries; `retry_after` seconds

Repeated is none of them: the step was taken before, by the same press, and the answer is the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.rules.issues import blocking


class Refused(Exception):
    """A step that was not taken. Nothing has changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(Refused):
    """Unknown, or not this person's to know: the answer is the same."""

    def __init__(self, sentence: str = "There is nothing here.") -> None:
        super().__init__(sentence)


class Invalid(Refused):
    """Typed input that cannot be accepted; `issues` say where and how to mend it."""

    def __init__(self, sentence: str, issues: Sequence[Any] = ()) -> None:
        super().__init__(sentence)
        self.issues = tuple(issues)


def refused(field: str, sentence: str, code: str = "WRITING") -> Invalid:
    """The refusal of one field, to be raised: the sentence stands at it and at the top."""
    return Invalid(sentence, [blocking(code, field, sentence)])


def required_words(text: str, sentence: str, *, field: str = "message", most: int | None = None) -> str:
    """The words without the blanks around them. Raises Invalid with the sentence where there are none,
    or where they are more than `most` characters."""
    words = text.strip()
    if not words:
        raise refused(field, sentence)
    if most is not None and len(words) > most:
        raise refused(field, f"The message has {len(words)} characters. Keep {most} or fewer.", "LENGTH")
    return words


class Repeated(Exception):
    """The same press once more: nothing more was done. `result` is what the first one led to, where that was kept."""

    def __init__(self, result: str = "") -> None:
        super().__init__(result)
        self.result = result


@dataclass(frozen=True)
class Winner:
    """Who did what, when: what the loser of a conflict is told. `user_id` where it was a person."""

    name: str
    fact: str
    at: datetime
    user_id: int | None = field(default=None, compare=False)


class Conflict(Refused):
    """Somebody was faster, or the state no longer allows the step. The loser's words are kept."""

    def __init__(self, sentence: str, winner: Winner | None = None) -> None:
        super().__init__(sentence)
        self.winner = winner


class BeingRead(Conflict):
    """Somebody holds the release; the winner is who took it, and when."""


class Throttled(Refused):
    """Too many tries. `retry_after` is in seconds."""

    def __init__(self, sentence: str, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
