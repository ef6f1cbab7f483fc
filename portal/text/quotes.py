"""Quotation marks: whether a quote came with its own, in whatever language, or is set in ours."""

from __future__ import annotations

import re

OPENING = '“”"„«»‹›「『《〈❝＂〝'
"""What begins a quote in some language; German and Danish turn « and », Swedish begins with ”."""
_SINGLE = {"'": "'", "‘": "’", "‚": "‘", "’": "’", "`": "'"}
# What an apostrophe stands for at the beginning of a sentence: ’Twas, ’Tis, ’em, ’90s.
_ELISION = re.compile(
    r"['’‘](?:t(?:was|is|will|were|ill?)|em|n|cause|bout|round|neath|ere|d|s|\d0s|\d\d)\b", re.IGNORECASE
)


def in_marks(text: str) -> str:
    """A quote as it is printed: with the marks that it came with, or with “ and ”. Empty stays empty."""
    bare = text.strip()
    return bare if not bare or has_marks(bare) else f"“{bare}”"


def has_marks(quote: str) -> bool:
    """Does it begin with a mark? A single one has to end it, too, because it may be an apostrophe."""
    first = quote[:1]
    if first in _SINGLE:
        is_pair = len(quote) > 2 and quote.rstrip(".,;!?").endswith(_SINGLE[first])
        return is_pair and not _ELISION.match(quote)
    return bool(first) and first in OPENING
