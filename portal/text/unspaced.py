"""Scripts that put no blanks between words, and what a line end means in them: nothing."""

from __future__ import annotations

import regex

_LETTER = regex.compile(
    r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Han}\p{Hiragana}\p{Katakana}\p{Tibetan}\p{Yi}\u30fc"
    r"\u3001-\u3003\u3005-\u3011\u3014-\u301f\uff01-\uff0f\uff1a-\uff20\uff5b-\uff65]"
)
# Signs that end a phrase there and have a blank after them, as Burmese and Khmer print it.
_BLANK_AFTER = "၊။។៕ฯ๚๛།"
_WIDE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Yi}\u3000-\u303f\uff01-\uff60]")
_GRAPHEME = regex.compile(r"\X")


def joint(before: str, after: str) -> str:
    """What stands for a line end between two parts of a sentence: a blank, but not between letters of such scripts,
    and not after a hyphen."""
    if before.endswith(("-", "\u00ad")) and before[-2:-1].isalpha() and after[:1].isalpha():
        return ""
    last = _last_letter(before)
    unspaced = _LETTER.match(last) and _LETTER.match(after[:1]) and last not in _BLANK_AFTER
    return "" if unspaced else " "


def is_unspaced(text: str) -> bool:
    """Are most of its first letters of such a script?"""
    letters = [letter for letter in text[:200] if letter.isalpha()]
    return 2 * sum(_LETTER.match(letter) is not None for letter in letters) > len(letters)


def width(text: str) -> int:
    """How wide a line is in columns: a grapheme takes one, and two in the square scripts."""
    return sum(2 if _WIDE.match(found[0]) else 1 for found in _GRAPHEME.finditer(text))


def _last_letter(text: str) -> str:
    """The last character that is no mark on another."""
    end = len(text)
    while end > 1 and regex.match(r"[\p{M}\u200b-\u200d]", text[end - 1]):
        end -= 1
    return text[end - 1 : end]
