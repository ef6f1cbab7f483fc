"""A quote with its speaker behind a dash: where the words end and the name begins."""

from __future__ import annotations

import re

LONGEST = 120
MOST_WORDS = 6
_DASH = re.compile(
    r"(?:(?<=[.!?…。！？။។”’\"'»」』,，])|(?<=\s)|(?<=^))\s*(?:[–—―]{1,2}|--?)\s*(?=\S)", re.MULTILINE
)
_ENDS_WORDS = re.compile(r"[.!?…。！？။។”’\"'»」』,，]\s*$|\n\s*$")
# Small words inside names: bin, binti, van der; in a post they may be any.
_PARTICLES = frozenset(
    "bin binti bte binte ibni al el van von der den de da do dos del della di la le du of s/o d/o a/l a/p anak ap ab".split()
)
_PARTED = re.compile(r"\s*(?:[,，၊、;]|\s[–—―-]{1,2})\s+|[,，]\s*|\s*[(（]")


def split(quote: str) -> tuple[str, str, str]:
    """The words, the speaker and the post of what was typed as “words – name, post”. The latter two may be empty.

    The name begins at the first dash behind which a name stands, best where the words before it have ended: a dash may
    stand inside the words, and another between name and post.
    """
    places = [
        found for found in _DASH.finditer(quote) if found.start() > 0 and _is_dash_between(quote, found)
    ]
    ended = [found for found in places if _ENDS_WORDS.search(quote[: found.start()]) or "\n" in found[0]]
    for found in (*ended, *places):
        said, rest = quote[: found.start()].rstrip(), quote[found.end() :].strip()
        name, post = _parts(rest)
        if said and _is_name(name) and len(rest) <= LONGEST and "\n" not in rest:
            return said, name, post
    return quote, "", ""


def _is_dash_between(quote: str, found: re.Match[str]) -> bool:
    """A hyphen parts words only where it has a blank on both sides or begins a line."""
    sign = found[0].strip()
    return sign != "-" or found[0] != sign or quote[found.start() - 1] == "\n"


def _parts(rest: str) -> tuple[str, str]:
    """`Salwani Hashim, coach` in two; a bracket around the post goes."""
    found = _PARTED.search(rest)
    if not found:
        return rest.rstrip(".").strip() if rest.count(".") == 1 and rest.endswith(".") else rest, ""
    post = rest[found.end() :].strip()
    return rest[: found.start()].strip(), post.rstrip(")）").strip() if "(" in found[0] or "（" in found[
        0
    ] else post


def _is_name(text: str) -> bool:
    """Every word begins with a capital, or has none to begin with; and no sentence ends in it."""
    words = text.split()
    if (
        not words
        or len(words) > MOST_WORDS
        or re.search(r"[!?…。！？။។”»]|\.\s+\S*[a-z]{2,}\s|[a-z]{4,}\.$", text)
    ):
        return False
    return words[0][0].isalpha() and all(
        not word[0].islower() or word.casefold() in _PARTICLES for word in words
    )
