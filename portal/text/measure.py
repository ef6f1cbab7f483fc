"""Counts that are fair to every script."""

import re
from html import unescape

import regex

from portal.text.links import with_addresses

# Languages that write no spaces between words, and how many graphemes stand for a word in them.
GRAPHEMES_PER_WORD = {"th": 6, "lo": 6, "km": 6, "my": 6, "zh": 2, "yue": 2, "ja": 2}
_GRAPHEME = regex.compile(r"\X")
# As `sanitise` writes them: a link with the words in it, or words outside of tags.
_LINK_OR_WORDS = re.compile(
    r"<a\s[^>]*?\bhref=\"([^\"]*)\"[^>]*>(?:(?!</a).)*|([^<]+)", re.IGNORECASE | re.DOTALL
)
_LETTER_OR_DIGIT = regex.compile(r"[\p{L}\p{N}]")


def grapheme_count(text: str) -> int:
    """How many characters a reader sees; a letter with its vowel signs and marks is one."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def word_count(text: str, language: str) -> int:
    """Words of a plain text; a dash between spaces is none. `language` is a BCP 47 tag.

    In Thai, Lao, Khmer and Burmese six graphemes stand for a word, in Chinese and Japanese two, rounded up.
    """
    per_word = GRAPHEMES_PER_WORD.get(language.split("-", maxsplit=1)[0].lower())
    if per_word is None:
        return sum(1 for piece in text.split() if _LETTER_OR_DIGIT.search(piece))
    return -(-grapheme_count("".join(text.split())) // per_word)


def link_count(html: str) -> int:
    """To how many addresses a stored body links; each counts once."""
    return len(set(link_addresses(html)))


def link_addresses(html: str) -> list[str]:
    """The addresses of the links of a stored body, in order, and bare ones of texts that were stored before those
    were made links."""
    found: list[str] = []
    for written, words in _LINK_OR_WORDS.findall(html):
        bare = with_addresses(unescape(words)) if "://" in words else ()
        found += [unescape(written)] if written else [address for _, address in bare if address]
    return found
