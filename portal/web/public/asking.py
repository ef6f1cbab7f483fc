"""What a question of a reader finds: all of its words, or as many as stand together, and what may have been meant.

All of it is asked of the public query, so that neither an answer nor how it was found hints at what is hidden.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.rules.search_terms import Term
from portal.storage.queries import known_words, searching
from portal.storage.queries.searching import Page
from portal.text import spelling

FEW = 6
"""So many words are tried in every choice of them; of more, one after the other."""
MOST_MEANT = 3
"""For so many words that are nowhere the nearest ones are looked up."""


@dataclass(frozen=True)
class Found:
    """`held` of the terms are in each release of the page; `missing` names by release id what is not, as typed."""

    page: Page
    held: int
    missing: dict[int, list[str]]
    meant: dict[str, str]

    @property
    def missing_everywhere(self) -> list[str]:
        """What no release of the page holds, where all of them lack the same."""
        every = list(self.missing.values())
        return every[0] if every and all(each == every[0] for each in every) else []


def ask(session: Session, now: datetime, terms: Sequence[Term], after: str, size: int) -> Found:
    """What holds all of them; else what holds the most of them."""
    page = searching.search(session, now, terms, after=after, size=size)
    if page.releases or not terms or (after and searching.search(session, now, terms, size=1).releases):
        return Found(page, len(terms), {}, {})
    absent = [term for term in terms if not searching.search(session, now, [term], size=1).releases]
    there = [term for term in terms if term not in absent]
    meant = {term.typed: word for term in absent[:MOST_MEANT] if (word := _meant(session, now, term))}
    if not there:
        return Found(page, 0, {}, meant)
    tried, least = _most(session, now, there)
    page = searching.search(session, now, tried, least=least, after=after, size=size)
    return Found(page, least, _missing(session, now, terms, tried, page), meant)


def _most(session: Session, now: datetime, terms: list[Term]) -> tuple[list[Term], int]:
    """Terms, and how many of them stand together somewhere. Each of them is found by itself."""
    if len(terms) > FEW:
        together = _one_after_the_other(session, now, terms)
        return together, len(together)
    for least in range(len(terms), 1, -1):
        if searching.search(session, now, terms, least=least, size=1).releases:
            return terms, least
    return terms, 1


def _one_after_the_other(session: Session, now: datetime, terms: list[Term]) -> list[Term]:
    """As many as stand in one release, the longest first, because long words say the most."""
    together: list[Term] = []
    for term in sorted(terms, key=lambda term: -len(term.typed)):
        if searching.search(session, now, [*together, term], size=1).releases:
            together.append(term)
    return together


def _missing(
    session: Session, now: datetime, terms: Sequence[Term], tried: list[Term], page: Page
) -> dict[int, list[str]]:
    holding = {term: searching.which_hold(session, now, term, page.releases) for term in tried}
    return {
        release.id: [term.typed for term in terms if release.id not in holding.get(term, frozenset())]
        for release in page.releases
    }


def _meant(session: Session, now: datetime, term: Term) -> str:
    word = spelling.plain_word(term.typed)
    known = known_words.alike(session, now, spelling.grams(word), len(word)) if word else {}
    return known.get(spelling.nearest(word, known), "")
