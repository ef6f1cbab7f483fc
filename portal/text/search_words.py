"""The words by which a text is found: the same for what is kept and for what is asked, on both databases.

Case and accents are folded away. Thai, Lao, Khmer, Burmese, Chinese and Japanese put no spaces between words, so
there one, two and three characters in a row stand for words: no dictionary, and any part of a name finds it.
A word holds letters, marks and digits only, so nothing that is typed can mean something to a database.
"""

import unicodedata
from collections.abc import Iterator

import regex
from anyascii import anyascii

LONGEST_QUESTION = 200
"""Characters; more is not read."""
MOST_ASKED = 40
_LONGEST_WORD = 64
_MOST_BYTES = 400_000  # of one text; a text-search vector of PostgreSQL holds a megabyte
_GRAM = 3

_V1 = regex.V1
# Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, and what is not seen at all. Vowel signs stay.
_LEFT_OUT = regex.compile(
    r"[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]"
    r"|\p{Default_Ignorable_Code_Point}"
)
_FOREIGN_LATIN = regex.compile(r"[\p{Latin}--[a-z]]+", _V1)
_UNSPACED = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Han}\p{Hiragana}\p{Katakana}\u30fc"
_OF_WORDS = r"\p{L}\p{M}\p{N}"
_RUN = regex.compile(
    rf"(?P<unspaced>(?:[[{_UNSPACED}]&&[{_OF_WORDS}]]\p{{M}}*)+)|[[{_OF_WORDS}]--[{_UNSPACED}]]+", _V1
)
_GRAPHEME = regex.compile(r"\X")


def words_of(text: str) -> list[str]:
    """Every word that a text is found by, each once, in the order of the text; cut off after 400 kB of them."""
    found: dict[str, None] = {}
    room = _MOST_BYTES
    for word in _all_words(_folded(text)):
        if word not in found:
            room -= len(word.encode()) + 1
            if room < 0:
                break
            found[word] = None
    return list(found)


def asked_words(question: str) -> list[str]:
    """The words that a text must hold to be found; empty where nothing was asked that could be looked for."""
    asked = (
        word
        for run, unspaced in _runs(_folded(question[:LONGEST_QUESTION]))
        for word in _asked(run, unspaced)
    )
    return list(dict.fromkeys(asked))[:MOST_ASKED]


def _folded(text: str) -> str:
    plain = _LEFT_OUT.sub("", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", _FOREIGN_LATIN.sub(lambda found: anyascii(found[0]).lower(), plain))


def _runs(folded: str) -> Iterator[tuple[str, bool]]:
    for found in _RUN.finditer(folded):
        yield found[0], found["unspaced"] is not None


def _all_words(folded: str) -> Iterator[str]:
    for run, unspaced in _runs(folded):
        yield from _every_gram(run) if unspaced else (run[:_LONGEST_WORD],)


def _every_gram(run: str) -> Iterator[str]:
    graphemes = _GRAPHEME.findall(run)
    for start in range(len(graphemes)):
        for length in range(1, min(_GRAM, len(graphemes) - start) + 1):
            yield _gram(graphemes, start, length)


def _asked(run: str, unspaced: bool) -> list[str]:
    """Three in a row where there are as many; all of them together are nearly always the whole run."""
    if not unspaced:
        return [run[:_LONGEST_WORD]]
    graphemes = _GRAPHEME.findall(run)
    length = min(_GRAM, len(graphemes))
    return [_gram(graphemes, start, length) for start in range(len(graphemes) - length + 1)]


def _gram(graphemes: list[str], start: int, length: int) -> str:
    return "".join(graphemes[start : start + length])[:_LONGEST_WORD]
