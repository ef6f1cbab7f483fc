"""Scores: most are whole numbers, and some sports write them otherwise. What cannot be compared stays as it was typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from portal.rules.reading import read_score

_HALVES = {
    "½": Fraction(1, 2),
    "¼": Fraction(1, 4),
    "¾": Fraction(3, 4),
    "⅓": Fraction(1, 3),
    "⅔": Fraction(2, 3),
}
_NUMBER = re.compile(
    r"(?P<minus>[-−–+]?)(?P<whole>[0-9]{0,6})(?:[.,](?P<decimals>[0-9]{1,3}))?(?P<half>[½¼¾⅓⅔])?|(?P<of>[0-9]{1,4}) 1/2"
)
# One pair of numbers of a set, a half or a quarter: `25–20`, `7-6`, `1:0`. Not a date, a fraction or a row of three.
_PAIR = re.compile(r"(?<![\d/.,–—-])(\d{1,3})(\s?[-–—]\s?|:)(\d{1,3})(?![\d/]|[.,:–—-]\d)")
# `21–19,18–21`: a comma without a blank parts two pairs, where it stands between two whole ones.
_TIGHT_COMMA = re.compile(r"(?<=\d),(?=\d{1,3}[-–—]\d{1,3}(?![\d/]|[.:–—-]\d))")
_SETS = re.compile(r"[0-9]{1,2}[-–][0-9]{1,2}(?:[,;]?\s+[0-9]{1,2}[-–][0-9]{1,2}(?:\s?\([0-9-–]{1,5}\))?)+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
LESS_THAN_A_WORD = 3


def compared(text: str) -> tuple[Fraction, ...] | None:
    """The numbers of a score in their order, for finding the winner: `2`, `187/6`, `2 (4)`, `2½`, `41.25`, `-12`.

    None where it does not tell: `W/O`, `6-4 6-3`, `245 all out`, `2-11` (goals and points, or a slip).
    """
    if whole := read_score(text):
        return tuple(map(Fraction, whole))
    found = _NUMBER.fullmatch("".join(str(int(c)) if c.isdecimal() else c for c in text.strip()))
    if found is None or not (found["whole"] or found["half"] or found["of"]):
        return None
    if found["of"]:
        return (int(found["of"]) + Fraction(1, 2),)
    amount = Fraction(int(found["whole"] or 0)) + _HALVES.get(found["half"] or "", Fraction(0))
    if found["decimals"]:
        amount += Fraction(int(found["decimals"]), 10 ** len(found["decimals"]))
    return (-amount if found["minus"] in ("-", "−", "–") and found["minus"] else amount,)


def winner(home: str, away: str, *, low_wins: bool = False) -> str:
    """`home`, `away`, or empty where they are level or the scores do not tell."""
    first, second = compared(home), compared(away)
    if _SETS.fullmatch(home) and _SETS.fullmatch(away) and home != away:
        first, second = _sets_won(home)
    elif bool(_GROUPED.fullmatch(home)) != bool(_GROUPED.fullmatch(away)):
        first = second = None  # `1.050` and `998`: a thousand, or a little more than one?
    if first is None or second is None or first == second:
        return ""
    return "home" if (first < second) == low_wins else "away"


def _sets_won(home: str) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    pairs = [(int(one), int(other)) for one, other in re.findall(r"([0-9]+)[-–]([0-9]+)", home)]
    won, lost = sum(one > other for one, other in pairs), sum(one < other for one, other in pairs)
    return (Fraction(won),), (Fraction(lost),)


def line(home: str, home_score: str, away: str, away_score: str) -> str:
    """`Kinta Rovers 2–1 Teluk Sari`; `Lions 245 all out, Tigers 312 & 198/7d` where a dash between would be unreadable."""
    if all(read_score(each) or _is_bare(each) for each in (home_score, away_score)):
        return f"{home} {home_score}–{away_score} {away}"
    if home_score == away_score:
        return f"{home} v {away}: {home_score}"
    return f"{home} {home_score}, {away} {away_score}"


def _is_bare(text: str) -> bool:
    return compared(text) is not None and text.strip()[:1] not in "-−–+"


def turned(scores: str, names: Sequence[str]) -> str:
    """The scores of sets or halves for a result that names the other side first: `18–25, 20–25` for `25–18, 25–20`.

    Where a side is named in them they already say whose each number is, and stay as they are.
    """
    folded = scores.casefold()
    words = [word for name in names for word in name.casefold().split() if len(word) > LESS_THAN_A_WORD]
    if any(word in folded for word in (*words, *(name.casefold() for name in names if name))):
        return scores
    parts = _TIGHT_COMMA.split(scores)
    if not all(_PAIR.search(part) for part in parts):
        return _PAIR.sub(r"\3\2\1", scores)
    return ",".join(_PAIR.sub(r"\3\2\1", part) for part in parts)
