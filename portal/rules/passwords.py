"""Which passwords are too easy. Length and what attackers try first; no rule about kinds of letters.

A password is refused when little is left of it once everything guessable is taken away: the words of the
account and the site, the words that everybody uses, rows of keys, years, repetitions; or when a guesser who knows
the commonest words and passwords needs few tries (rules/password_guesses.py).
"""

import re
import unicodedata
from collections.abc import Iterable

from portal.rules.common_passwords import COMMON, EASY_WORDS, KEY_ROWS
from portal.rules.password_guesses import Lists, bits

SHORTEST = 15
LONGEST_BYTES = 1_000
LONG_ENOUGH = 64
"""From here on length alone is enough."""
FEWEST_DISTINCT = 5
LEFT_OVER = 5
"""So many signs must be left when everything guessable is gone."""
FEWEST_BITS = 28.0
"""What guessing has to cost: more than any two common words, or one with a date behind it."""
_SIGNS_FOR_LETTERS = str.maketrans("01345$@7", "oleassat")
_ONE_FOR_I = str.maketrans("01345$@7", "oieassat")
_YEAR = re.compile(r"(?:19|20)\d\d")
_REPEATED = re.compile(r"(.{1,12}?)\1+", re.DOTALL)
_SEPARATORS = re.compile(r"[\W_]+")
_ROW = 4
_SHORT_WORD = 4


def as_typed(password: str) -> str:
    """The password as it is hashed: one form for letters that keyboards write in two ways."""
    too_long = (
        len(password) > LONGEST_BYTES
    )  # refused anyway, and a row of marks would take the square of its length
    return password if too_long else unicodedata.normalize("NFC", password)


def plainly(password: str) -> str:
    """As lists of common passwords hold it: in lower case, without blanks and punctuation."""
    return _SEPARATORS.sub("", password.casefold())


def problem_with(password: str, known: Iterable[str] = (), lists: Lists | None = None) -> str:
    """A sentence on what is wrong with a password, or nothing. `known`: names, addresses, the site."""
    password = as_typed(password)
    if not password:
        return "Write a password."
    if len(password) < SHORTEST:
        signs = "1 character" if len(password) == 1 else f"{len(password)} characters"
        return f"The password has {signs}. Use {SHORTEST} or more; four plain words are fine."
    if len(password.encode()) > LONGEST_BYTES:
        return "The password is longer than we can take. Use fewer than 1,000 characters."
    if len(password) < LONG_ENOUGH and (
        _is_easy(password, known) or (lists is not None and _is_guessed(password, known, lists))
    ):
        return "This password is easy to guess. Use four words that have nothing to do with each other or with you."
    return ""


def _is_easy(password: str, known: Iterable[str]) -> bool:
    folded = password.casefold()
    spelt = [_SEPARATORS.sub("", each) for each in (folded, folded.translate(_SIGNS_FOR_LETTERS))]
    if len(set(folded)) < FEWEST_DISTINCT or any(each in COMMON for each in spelt):
        return True
    words = {*EASY_WORDS, *_words_of(known)}
    return any(len(_left_of(each, words)) < LEFT_OVER for each in spelt if each)


def _is_guessed(password: str, known: Iterable[str], lists: Lists) -> bool:
    folded, words = password.casefold(), {*EASY_WORDS, *_words_of(known)}
    spelt = {
        plainly(each)
        for each in (folded, *(folded.translate(each) for each in (_SIGNS_FOR_LETTERS, _ONE_FOR_I)))
    }
    return any(bits(each, words, lists) < FEWEST_BITS for each in spelt if each)


def _words_of(known: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for text in known:
        parts = [part for part in _SEPARATORS.split(text.casefold()) if len(part) >= _SHORT_WORD]
        found.update([*parts, _SEPARATORS.sub("", text.casefold())])
    return {word for word in found if len(word) >= _SHORT_WORD}


def _left_of(plain: str, words: set[str]) -> str:
    """What remains when rows of keys, words, years and repetitions are gone."""
    rest = plain
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    rest = _without_rows(_YEAR.sub("", rest))
    return _REPEATED.sub(lambda found: found[1], rest)


def _without_rows(plain: str) -> str:
    """Without runs of four or more keys that lie side by side, in either direction."""
    kept, position = [], 0
    while position < len(plain):
        length = max(_run(plain, position, row) for row in KEY_ROWS)
        if length < _ROW:
            kept.append(plain[position])
        position += length if length >= _ROW else 1
    return "".join(kept)


def _run(plain: str, position: int, row: str) -> int:
    """How many signs from here follow the row."""
    place = row.find(plain[position])
    length = 0
    while (
        place >= 0
        and position + length < len(plain)
        and place + length < len(row)
        and plain[position + length] == row[place + length]
    ):
        length += 1
    return length
