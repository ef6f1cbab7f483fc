"""What changed between two texts, word by word, for people who must see it at a glance."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

# Past this many words and spaces in both texts together, whole lines are compared instead of words; past this
# many lines, only what begins and ends alike. difflib's worst case grows with the square.
MOST_PIECES = 6_000
_WORDS = re.compile(r"\s+|\S+")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


def word_diff(old: str, new: str) -> list[tuple[str, str]]:
    """Pairs of ("same" | "added" | "removed", text), in reading order.

    The "same" and "removed" texts together are `old`, the "same" and "added" texts together are `new`.
    """
    for pieces in (_WORDS, _LINES):
        before, after = pieces.findall(old), pieces.findall(new)
        if len(before) + len(after) <= MOST_PIECES:
            return _joined(_by_difflib(before, after))
    return _joined(_middle_replaced(before, after))


def _by_difflib(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) + len(after) > MOST_PIECES // 4)
    for operation, i1, i2, j1, j2 in matcher.get_opcodes():
        if operation == "equal":
            yield "same", "".join(before[i1:i2])
        else:
            yield "removed", "".join(before[i1:i2])
            yield "added", "".join(after[j1:j2])


def _middle_replaced(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    yield "same", "".join(before[:start])
    yield "removed", "".join(before[start : len(before) - end])
    yield "added", "".join(after[start : len(after) - end])
    yield "same", "".join(before[len(before) - end :])


def _alike(first: list[str], second: list[str]) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b),
        min(len(first), len(second)),
    )


def _joined(operations: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    joined: list[tuple[str, str]] = []
    for operation, text in operations:
        if text and joined and joined[-1][0] == operation:
            joined[-1] = (operation, joined[-1][1] + text)
        elif text:
            joined.append((operation, text))
    return joined
