"""What somebody may have meant who typed a word that no release holds: known words with as many letters in common."""

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

import regex

from portal.text.search_words import folded

SHORTEST, LONGEST = 4, 24
"""Letters of a known word."""
_MOST_WRITTEN = 60
_NEAR = 0.7
_GRAM = 3
_OF_LETTERS = regex.compile(r"[\p{L}\p{M}'\u2018\u2019\u02bb\u02bc]+")
_WITHOUT_BLANKS = regex.compile(r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Han}\p{Hiragana}\p{Katakana}]")
_POSSESSIVE = regex.compile(r"['\u2019]s?$")


def spellings(text: str) -> dict[str, str]:
    """The words of a text that are made of letters, folded, each with how it is written: `dalat` → `đàlạt`."""
    found: dict[str, str] = {}
    for word in dict.fromkeys(_OF_LETTERS.findall(unicodedata.normalize("NFC", text))):
        written = _POSSESSIVE.sub("", word.strip("'‘’")).lower()
        plain = regex.sub(r"[^\p{L}\p{M}]", "", folded(written))
        if (
            SHORTEST <= len(plain) <= LONGEST
            and len(written) <= _MOST_WRITTEN
            and not _WITHOUT_BLANKS.search(plain)
        ):
            found.setdefault(plain, written)
    return found


def plain_word(typed: str) -> str:
    """A single word as `spellings` has it; "" for anything else."""
    found = list(spellings(typed))
    return found[0] if len(found) == 1 and len(typed.split()) == 1 else ""


def grams(word: str) -> list[str]:
    """Three letters in a row, beginning and end marked. Unlike in pg_trgm none is of the first letter alone: it says little."""
    padded = f" {word} "
    return list(dict.fromkeys(padded[at : at + _GRAM] for at in range(len(padded) - _GRAM + 1)))


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is nearest to it, "" where none is near. Of two as near the first of the alphabet."""
    near = [(SequenceMatcher(None, word, each, autojunk=False).ratio(), each) for each in known]
    best = min(((-ratio, each) for ratio, each in near if ratio >= _NEAR), default=(0.0, ""))
    return best[1]
