"""Counts that are fair to every script. A browser counts by the same rule: the patterns travel in the page."""

import re
from html import unescape

import regex

from portal.text.links import with_addresses

# Of what `\p{…}` names in both languages: the script that Unicode gives a letter, whatever the tag of the text says.
# Six to a word: Unicode’s scripts of South East Asia whose lines break by dictionary (Line_Break=SA), Tibetan, and the
# old scripts of the islands, in which a sentence is one run of letters.
SIX = (
    "Myanmar Thai Lao Khmer Tibetan New_Tai_Lue Tai_Le Tai_Tham Tai_Viet Ahom Javanese Balinese Batak Buginese"
).split()
# Two to a word: a sign is a word, or half of one.
TWO = "Han Hiragana Katakana Bopomofo Yi".split()
# The sign that makes a vowel long, signs of repetition: letters that Japanese words have and Unicode gives to no script.
_LONG_VOWELS = r"\u3006\u3031-\u3035\u30fc\uff70"
GRAPHEMES_PER_WORD = {6: SIX, 2: TWO}
# Scripts in which a short line says much: a sign is a syllable or more. Thai and Lao write one sound after another.
DENSE = ("Hangul", "Myanmar", "Khmer", "Tibetan", *TWO)


def _letters(scripts: list[str] | tuple[str, ...]) -> str:
    """Letters, digits and marks of these scripts, as a class without its brackets. Punctuation is no part of a word."""
    common = _LONG_VOWELS if "Katakana" in scripts else ""
    return "".join(rf"\p{{Script={script}}}" for script in scripts) + common


def run_of(scripts: list[str]) -> str:
    """A pattern for letters of these scripts in a row, the marks and joiners on them included. Understood by Python’s
    `regex` and, with the flag `u`, by browsers."""
    return rf"(?:(?=[\p{{L}}\p{{N}}])[{_letters(scripts)}][\p{{M}}\u200c\u200d]*)+"


RUNS = {str(per_word): run_of(scripts) for per_word, scripts in GRAPHEMES_PER_WORD.items()}
_RUNS = {int(per_word): regex.compile(pattern) for per_word, pattern in RUNS.items()}
_DENSE = regex.compile(rf"(?=\p{{L}})[{_letters(DENSE)}]")
_GRAPHEME = regex.compile(r"\X")
# As `sanitise` writes them: a link with the words in it, or words outside of tags.
_LINK_OR_WORDS = re.compile(
    r"<a\s[^>]*?\bhref=\"([^\"]*)\"[^>]*>(?:(?!</a).)*|([^<]+)", re.IGNORECASE | re.DOTALL
)
_BEFORE_PATH = re.compile(r"https?://[^/?#]*", re.IGNORECASE)
_LETTER = regex.compile(r"\p{L}")
_LETTER_OR_DIGIT = regex.compile(r"[\p{L}\p{N}]")


def grapheme_count(text: str) -> int:
    """How many characters a reader sees; a letter with its vowel signs and marks is one."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def word_count(text: str) -> int:
    """Words of a plain text; a dash between spaces is none.

    What stands between spaces is a word. Where a script has none, six of its graphemes stand for one, in Chinese, Japanese
    and Yi two, rounded up for each of the two. A text may mix scripts.
    """
    words = 0
    for per_word, run in _RUNS.items():
        words += -(-_count_in(text, run) // per_word)
        text = run.sub(" ", text)
    return words + sum(1 for piece in text.split() if _LETTER_OR_DIGIT.search(piece))


def _count_in(text: str, run: regex.Pattern[str]) -> int:
    return sum(grapheme_count(found[0]) for found in run.finditer(text))


def scripts_without_spaces(text: str) -> frozenset[int]:
    """How many graphemes stand for a word in this text, where its scripts write no spaces: 6, 2, both or neither."""
    return frozenset(per_word for per_word, run in _RUNS.items() if run.search(text))


def is_dense(text: str) -> bool:
    """Are most of its letters signs for syllables or words, so that a short line says much?"""
    letters = sum(1 for _ in _LETTER.finditer(text))
    return 2 * sum(1 for _ in _DENSE.finditer(text)) > letters


def link_count(html: str) -> int:
    """To how many addresses a stored body links; each counts once, however it is written."""
    return len({_same_for_all(address) for address in link_addresses(html)})


def _same_for_all(address: str) -> str:
    """RFC 3986, sections 6.2.2.1 and 6.2.3: no case in the name of a machine, and `/` where nothing follows it."""
    found = _BEFORE_PATH.match(address)
    if not found:
        return address
    path = address[found.end() :]
    return found[0].lower() + (path if path.startswith("/") else f"/{path}")


def link_addresses(html: str) -> list[str]:
    """The addresses of the links of a stored body, in order, and bare ones of texts that were stored before those
    were made links."""
    found: list[str] = []
    for written, words in _LINK_OR_WORDS.findall(html):
        bare = with_addresses(unescape(words)) if "://" in words else ()
        found += [unescape(written)] if written else [address for _, address in bare if address]
    return found
