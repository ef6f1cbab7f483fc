"""The numbers and letters in front of the items of a list: read as they were written, and written as they count."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

KINDS = ("1", "a", "A", "i", "I")
"""What HTML calls the type of a list: figures, letters and Roman numerals, small and capital."""
MOST = 999_999_999  # the largest number that Markdown reads before an item
LEAST_YEAR = 1_000
"""“2026. A year …” alone is a sentence; from here on only numbers in a row are a list."""

_MARKER = re.compile(
    r"\(?(?:(?P<figures>\d{1,9})|(?P<letters>[a-z]{1,9}|[A-Z]{1,9}))(?P<end>[.)။、．:]?)", re.ASCII
)
_ANY_FIGURES = re.compile(r"\(?(\d{1,9})[.)။、．]?")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def label(kind: str, number: int) -> str:
    """What a browser shows before the full stop: `3`, `c`, `iv`. Numbers that letters cannot show are figures."""
    shown = _letters(number) if kind in "aA" else _roman(number) if kind in "iI" else ""
    return (shown.upper() if kind in "AI" else shown) or str(number)


def understood(markers: Sequence[str]) -> tuple[str, tuple[int, ...]] | None:
    """The kind and the numbers of a list whose items begin so; None where they are no numbers of one list.

    Letters have to count: `c, d, e` are three to five, `i` and `v, vi` are Roman, `A, Z` are no list.
    """
    figures = [_ANY_FIGURES.fullmatch(marker.strip()) for marker in markers]
    if markers and all(figures):
        return "1", tuple(int(found[1]) for found in figures if found)
    found = [_MARKER.fullmatch(marker.strip()) for marker in markers]
    letters = [each["letters"] for each in found if each and each["letters"] and each["end"]]
    if not letters or len(letters) != len(markers):
        return None
    roman_first = letters[0].lower() == "i"
    kinds = ("i", "a") if roman_first else ("a", "i")
    for kind in kinds if letters[0].islower() else tuple(each.upper() for each in kinds):
        numbers = tuple(_number(kind, each) for each in letters)
        if numbers[0] and all(second == first + 1 for first, second in itertools.pairwise(numbers)):
            return kind, numbers
    return None


def settled(kind: str, numbers: Sequence[int]) -> tuple[str, tuple[int, ...]]:
    """Kind and numbers that can be written and read again: the same number for all means counting on, and letters
    that would be read as something else are figures."""
    fit = all(0 <= number <= MOST for number in numbers)
    lazy = len(numbers) > 1 and len(set(numbers)) == 1
    kept = tuple(range(numbers[0], numbers[0] + len(numbers))) if fit and lazy else tuple(numbers)
    if not fit or (kept and kept[-1] > MOST):
        kept = tuple(range(1, len(numbers) + 1))
    written = [f"{label(kind, number)}." for number in kept]
    return (kind if kind == "1" or understood(written) == (kind, kept) else "1"), kept


def attributes(kind: str, numbers: Sequence[int]) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Of the list, and of each of its items, in the order in which they are written."""
    counts_down = len(numbers) > 1 and all(b == a - 1 for a, b in itertools.pairwise(numbers))
    usual = len(numbers) if counts_down else 1
    said = {"reversed": ""} if counts_down else {}
    said |= {"start": str(numbers[0])} if numbers and numbers[0] != usual else {}
    said |= {"type": kind} if kind != "1" else {}
    step = -1 if counts_down else 1
    items = [
        {} if place == 0 or number == numbers[place - 1] + step else {"value": str(number)}
        for place, number in enumerate(numbers)
    ]
    return said, items


def counted(start: int | None, values: Sequence[int | None], *, counts_down: bool) -> tuple[int, ...]:
    """The number of each item, as a browser counts them."""
    number = start if start is not None else len(values) if counts_down else 1
    numbers = []
    for value in values:
        number = number if value is None else value
        numbers.append(number)
        number += -1 if counts_down else 1
    return tuple(numbers)


def _letters(number: int) -> str:
    found = ""
    while number > 0:
        number, place = divmod(number - 1, 26)
        found = chr(ord("a") + place) + found
    return found


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return ""
    found = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        found += sign * times
    return found


def _number(kind: str, letters: str) -> int:
    """0 where it is none."""
    small = letters.lower()
    if kind in "aA":
        number = 0
        for letter in small:
            number = number * 26 + ord(letter) - ord("a") + 1
        return number if len(small) < 3 else 0
    number, rest = 0, small
    for value, sign in _ROMAN:
        while rest.startswith(sign):
            number, rest = number + value, rest.removeprefix(sign)
    return number if not rest and _roman(number) == small else 0
