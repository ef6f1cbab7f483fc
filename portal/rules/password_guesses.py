"""How many bits a guesser needs who knows the commonest words, passwords, years, rows of keys and repetitions.

The cheapest way to build the password out of such pieces is what it costs; a sign that is part of none costs itself.
A common word costs what its rank says: two of them make less than 26 bits, four chosen by dice more than 40.
"""

import re
from collections.abc import Collection, Iterator
from math import log2
from typing import Protocol

from portal.rules.common_passwords import KEY_ROWS

SHORTEST_WORD, LONGEST_WORD = 3, 14
SHORTEST_COMMON = 6
MOST_CHANGES = 12
"""Between letters and digits; what changes more often is in no list, and would cost a question for each pair of them."""
COMMON_BITS = log2(100_000)
KNOWN_BITS = 2.0
YEAR_BITS = log2(200)
RUN_BITS = 6.0
"""A row of keys, or one sign again and again."""
AGAIN_BITS = 2.0
BACKWARDS_BITS = 1.0
LETTER_BITS, DIGIT_BITS, OTHER_BITS = log2(26), log2(10), 6.0
DATE_BITS = log2(366 * 200)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY, _MONTH = r"(?:0[1-9]|[12]\d|3[01])", r"(?:0[1-9]|1[0-2])"
_DATE = re.compile(
    f"{_DAY}{_MONTH}{_YEAR.pattern}|{_MONTH}{_DAY}{_YEAR.pattern}|{_YEAR.pattern}{_MONTH}{_DAY}"
)
_ROW = 4
_SAME = 3


class Lists(Protocol):
    """What attackers try first; everything is asked in lower case and without separators."""

    def rank(self, word: str) -> int | None:
        """How common a word is, 0 being the commonest; None for what is no common word."""

    def is_common(self, password: str) -> bool:
        """Is it one of the passwords that everybody tries?"""


def bits(plain: str, known: Collection[str], lists: Lists) -> float:
    """What guessing a password costs, in bits. `plain` has no separators; `known` are words about its owner."""
    cheapest = [0.0] + [float("inf")] * len(plain)
    borders = _borders(plain)
    for start in range(len(plain)):
        for end, cost in _pieces(plain, start, borders, known, lists):
            cheapest[end] = min(cheapest[end], cheapest[start] + cost)
    return cheapest[-1]


def _pieces(
    plain: str, start: int, borders: set[int], known: Collection[str], lists: Lists
) -> Iterator[tuple[int, float]]:
    """Every piece that begins here: where it ends, and what it costs."""
    yield start + 1, _sign_bits(plain[start])
    yield from _words(plain, start, known, lists)
    yield from _runs(plain, start)
    for length in range(2, min(start, len(plain) - start) + 1):
        if plain[start - length : start] == plain[start : start + length]:
            yield start + length, AGAIN_BITS
    if start in borders:
        for end in borders:
            if end - start >= SHORTEST_COMMON and lists.is_common(plain[start:end]):
                yield end, COMMON_BITS


def _words(plain: str, start: int, known: Collection[str], lists: Lists) -> Iterator[tuple[int, float]]:
    for end in range(start + SHORTEST_WORD, min(start + LONGEST_WORD, len(plain)) + 1):
        word = plain[start:end]
        if word in known:
            yield end, KNOWN_BITS
        for spelt, more in ((word, 0.0), (word[::-1], BACKWARDS_BITS)):
            rank = lists.rank(spelt)
            if rank is not None:
                yield end, log2(rank + 2) + more


def _runs(plain: str, start: int) -> Iterator[tuple[int, float]]:
    if _YEAR.match(plain, start):
        yield start + 4, YEAR_BITS
    if _DATE.match(plain, start):
        yield start + 8, DATE_BITS
    same = len(plain) - start - len(plain[start:].lstrip(plain[start]))
    if same >= _SAME:
        yield start + same, RUN_BITS
    row = max(_along(plain, start, row) for row in KEY_ROWS)
    if row >= _ROW:
        yield start + row, RUN_BITS


def _along(plain: str, start: int, row: str) -> int:
    """How many signs from here follow a row of keys."""
    place, length = row.find(plain[start]), 0
    if place < 0:
        return 0
    for sign, key in zip(plain[start:], row[place:], strict=False):
        if sign != key:
            break
        length += 1
    return length


def _borders(plain: str) -> set[int]:
    """Where a whole password could begin or end: at both ends, between letters and digits, at each repetition."""
    changes = {at for at in range(1, len(plain)) if plain[at - 1].isdigit() != plain[at].isdigit()}
    period = (plain + plain).find(plain, 1)
    within = changes if len(changes) <= MOST_CHANGES else set()
    return {0, len(plain), *within, *range(0, len(plain) + 1, period or 1)} if plain else set()


def _sign_bits(sign: str) -> float:
    if sign.isdigit():
        return DIGIT_BITS
    return LETTER_BITS if sign.isascii() and sign.isalpha() else OTHER_BITS
