"""What attackers try first, as two lists of hashes: 109,000 passwords that leaked most often, and 5,400 words by rank.

`scripts/easy_passwords.py` makes both files and names their sources and licences (ORIGINS.md beside this file). The
passwords are 32 bits each, sorted: of others one in 39,000 is taken for one of them. The words are 64 bits each, so
that among the thousands of pieces of one password none is.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path

FOLDER = Path(__file__).parent
PASSWORDS, WORDS = FOLDER / "passwords.bin", FOLDER / "words.bin"
PASSWORD_BYTES, WORD_BYTES = 4, 8


class LeakedLists:
    """The lists as `rules/passwords.py` asks them; everything is asked in lower case and without separators."""

    def rank(self, word: str) -> int | None:
        """How common a word is, 0 being the commonest; None for what is no common word."""
        return _words().get(number_of(word, WORD_BYTES))

    def is_common(self, password: str) -> bool:
        """Did it leak so often that it stands in the list? Wrong for one in 39,000 that does not."""
        found, number = _passwords(), number_of(password, PASSWORD_BYTES)
        place = bisect_left(found, number)
        return place < len(found) and found[place] == number


def number_of(text: str, size: int) -> int:
    """The hash of a text, `size` bytes long, as the lists hold it."""
    return int.from_bytes(blake2b(text.encode(), digest_size=size).digest(), "big")


@cache
def _passwords() -> Sequence[int]:
    return _numbers(PASSWORDS, PASSWORD_BYTES)


@cache
def _words() -> dict[int, int]:
    return {number: rank for rank, number in enumerate(_numbers(WORDS, WORD_BYTES))}


def _numbers(file: Path, size: int) -> Sequence[int]:
    """Big-endian numbers without signs, whatever the machine's own order."""
    content = file.read_bytes()
    code = next(code for code in "ILQ" if array(code).itemsize == size)
    found = array(code, content)
    if found and int.from_bytes(content[:size], "big") != found[0]:
        found.byteswap()
    return found
