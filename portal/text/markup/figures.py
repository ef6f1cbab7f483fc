"""Raised and lowered figures in plain characters: `10⁻³`, `3½`, `H₂O`, `5%¹`; `^` and `[ ]` where there is no sign.

What was set apart by its height never stands beside another number as if it were one with it. Letters join the word
that they belong to, as in 1st and Mme.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

SUPER, SUB = "super", "sub"
_SUPERS = str.maketrans("0123456789+-−–=()/nixª", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾⁄ⁿⁱˣª")
_SUBS = str.maketrans("0123456789+-−–=()/", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎⁄")
_ALL_SUPER = re.compile(r"[0-9+\-−–=()/]+")
_SOLE_LETTER = re.compile(r"[-−–+]?[0-9]*[nix]")
_ALL_SUB = re.compile(r"[0-9+\-−–=()/]+(?:[.,][0-9]+)*")
_HAS_FIGURE = re.compile(r"\d")
_SUM = re.compile(r"[+=/^−-]")
_ONE_NUMBER = re.compile(r"\w+(?:[.,]\d+)?")
_NOTES = re.compile(r"\d+(?:\s?[,;–-]\s?\d+)+")
_IN_BRACKETS = re.compile(r"\[[^\[\]]*\]|\([^()]*\)")
_SLASH = re.compile(r"\s?[/⁄]\s?")
_FRACTIONS = {
    "1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾", "1/5": "⅕", "2/5": "⅖", "3/5": "⅗", "4/5": "⅘",
    "1/6": "⅙", "5/6": "⅚", "1/7": "⅐", "1/8": "⅛", "3/8": "⅜", "5/8": "⅝", "7/8": "⅞", "1/9": "⅑", "1/10": "⅒",
}  # fmt: skip
_DEGREES = re.compile(r"\s?[CF]\b")
_MARKS_OF_TRADE = {"tm": "™", "sm": "℠"}

Piece = tuple[str, str]
"""Words, and where they stand: "" on the line, `super` or `sub`."""


def levelled(pieces: Iterable[Piece]) -> list[str]:
    """The words of each piece as they stand on the line, as many as came. Cost grows with the length of all."""
    stretches = [_joined(group) for _, group in groupby(pieces, key=lambda piece: piece[1])]
    signs = [_sign(stretches, place) for place in range(len(stretches))]
    return list(_spread(stretches, signs))


Stretch = tuple[str, str, int]
"""Joined words, where they stand, and of how many pieces they were."""


def _joined(group: Iterator[Piece]) -> Stretch:
    found = list(group)
    return "".join(words for words, _ in found), found[0][1], len(found)


def _spread(stretches: list[Stretch], signs: list[str | None]) -> Iterator[str]:
    """A stretch of several pieces is put into the first of them; one that did not change would be cut for nothing."""
    for (_, _, count), sign in zip(stretches, signs, strict=True):
        if sign is not None:
            yield from (sign, *[""] * (count - 1))
        else:
            yield from [AS_IT_WAS] * count


AS_IT_WAS = "\ufdd0"
"""Instead of words that need no change; a character that stands in no text."""


def _sign(stretches: list[Stretch], place: int) -> str | None:
    words, where, _ = stretches[place]
    if fraction := _fraction(stretches, place):
        return fraction
    if _within_fraction(stretches, place):
        return ""
    if not where:
        return None
    inner = words.strip()
    before = stretches[place - 1][0] if place else ""
    after = stretches[place + 1][0] if place + 1 < len(stretches) else ""
    led = words[: len(words) - len(words.lstrip())]
    trailed = words[len(words.rstrip()) :] if inner else ""
    made = _raised(inner, before, after) if where == SUPER else _lowered(inner)
    return led + made + trailed


def _is_fraction_at(stretches: list[Stretch], place: int) -> bool:
    if place < 0 or place + 2 >= len(stretches):
        return False
    (top, first, _), (slash, middle, _), (bottom, last, _) = stretches[place : place + 3]
    return (
        (first, middle, last) == (SUPER, "", SUB)
        and _SLASH.fullmatch(slash) is not None
        and top.strip().isdigit()
        and bottom.strip().isdigit()
    )


def _fraction(stretches: list[Stretch], place: int) -> str:
    """Raised, a slash, lowered: one sign where there is one, the three signs otherwise."""
    if not _is_fraction_at(stretches, place):
        return ""
    top, bottom = stretches[place][0].strip(), stretches[place + 2][0].strip()
    if not (top + bottom).isascii():
        before = stretches[place - 1][0] if place else ""
        return f"{' ' if before[-1:].isdigit() else ''}{top}/{bottom}"
    return _FRACTIONS.get(f"{top}/{bottom}") or f"{top.translate(_SUPERS)}⁄{bottom.translate(_SUBS)}"


def _within_fraction(stretches: list[Stretch], place: int) -> bool:
    return _is_fraction_at(stretches, place - 1) or _is_fraction_at(stretches, place - 2)


def _raised(words: str, before: str, after: str) -> str:
    last = before[-1:]
    if named := _named(words, last, after):
        return named
    if _ALL_SUPER.fullmatch(words) or (last.isalnum() and _SOLE_LETTER.fullmatch(words)):
        return words.translate(_SUPERS)
    if _IN_BRACKETS.fullmatch(words) or not (_HAS_FIGURE.search(words) or _SUM.search(words)):
        return words
    if last.isdigit() or (last.isalpha() and not _NOTES.fullmatch(words)):
        is_plain = _ONE_NUMBER.fullmatch(words) and not after[:1].isalnum()
        return f"^{words}" if is_plain else f"^({words})"
    return f"[{words}]"


def _named(words: str, last: str, after: str) -> str:
    """Signs that have a name of their own: a mark of trade, a degree, an ordinal."""
    if words in ("o", "°", "º", "0") and last.isdigit() and _DEGREES.match(after):
        return "°"
    if (words in ("o", "a") and last.isdigit()) or (words == "o" and last in ("n", "N")):
        return {"o": "º", "a": "ª"}[words]
    return _MARKS_OF_TRADE.get(words.lower(), "")


def _lowered(words: str) -> str:
    if _ALL_SUB.fullmatch(words):
        return words.translate(_SUBS)
    if _IN_BRACKETS.fullmatch(words) or not _HAS_FIGURE.search(words):
        return words
    return f"[{words}]"
