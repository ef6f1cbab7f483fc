"""A question about words as the two databases read it: FTS5 and text-search queries of PostgreSQL say the same.

Words hold letters, marks, digits and our own marks only (text.search_words), so none can mean anything to either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from portal.rules.search_terms import HEADLINE, Term


@dataclass(frozen=True)
class Joined:
    """Questions joined by `sign`: all of them, any of them, or the first but not the second."""

    sign: str
    parts: tuple[Question, ...]


Question = str | Joined

ALL, ANY, BUT_NOT = "all", "any", "but not"
_SQLITE = {ALL: " AND ", ANY: " OR ", BUT_NOT: " NOT "}
_POSTGRESQL = {ALL: " & ", ANY: " | ", BUT_NOT: " & !"}


def ranked(terms: Sequence[Term], least: int) -> list[Question]:
    """Questions whose answers follow each other and never overlap, the best first: at least so many of these terms.

    All that is asked for stands in the headline; some of it; none.
    """
    told = [_term(term, HEADLINE) for term in terms]
    anywhere, best = _least([_term(term) for term in terms], least), _least(told, least)
    some = _any(told)
    middle = [_but_not(_all([anywhere, some]), best)] if len(terms) > 1 else []
    return [best, *middle, _but_not(anywhere, some)]


def holds(term: Term) -> Question:
    """Whether one thing that was asked for is there."""
    return _term(term)


def within(question: Question, marks: Iterable[str]) -> Question:
    """The same among what carries all of these marks."""
    return _all([question, *marks])


def for_sqlite(question: Question) -> str:
    """As FTS5 reads it."""
    return _written(question, _SQLITE, lambda word: f'"{word}"')


def for_postgresql(question: Question) -> str:
    """As `tsquery` reads it."""
    return _written(question, _POSTGRESQL, lambda word: f"'{word}'")


def _written(question: Question, signs: dict[str, str], word: Callable[[str], str]) -> str:
    if isinstance(question, str):
        return word(question)
    return "(" + signs[question.sign].join(_written(part, signs, word) for part in question.parts) + ")"


def _term(term: Term, mark: str = "") -> Question:
    ways = (_all([_any([mark + word for word in words]) for words in way]) for way in term.ways)
    return _any(list(ways))


def _least(parts: Sequence[Question], least: int) -> Question:
    return _any([_all(chosen) for chosen in combinations(parts, least)])


def _all(parts: Sequence[Question]) -> Question:
    return parts[0] if len(parts) == 1 else Joined(ALL, tuple(parts))


def _any(parts: Sequence[Question]) -> Question:
    return parts[0] if len(parts) == 1 else Joined(ANY, tuple(parts))


def _but_not(one: Question, other: Question) -> Question:
    return Joined(BUT_NOT, (one, other))
