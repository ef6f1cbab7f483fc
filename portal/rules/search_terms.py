"""What a question asks for, and the marks of the words that are kept: shared by those who read texts and those who look up."""

from dataclasses import dataclass

HEADLINE, ENGLISH, PAIR = "\ue002", "\ue003", "\ue004"
"""Stand before a word: of a headline; of an English text, singular and plural as one; two that follow each other.

Nobody can type them into a word, because words hold no characters of private use.
"""

Way = tuple[tuple[str, ...], ...]
"""One way to hold what was asked: of each group of words one."""


@dataclass(frozen=True)
class Term:
    """One thing that was asked for, a word or quoted words, as typed; a text holds it in any of these ways."""

    typed: str
    ways: tuple[Way, ...]
