"""gzip and brotli: which one a reader takes, and what is worth it."""

from __future__ import annotations

import gzip
from functools import lru_cache

import brotli

IDENTITY, GZIP, BROTLI = "", "gzip", "br"
SMALLEST = 1024
"""Bytes. Below this a smaller answer would not arrive any sooner."""
TEXT = (
    "text/",
    "application/json",
    "application/feed+json",
    "application/rss+xml",
    "application/atom+xml",
    "application/xml",
    "application/ld+json",
    "application/manifest+json",
    "application/javascript",
    "image/svg+xml",
)
ONCE, MANY_TIMES = 4, 9
"""Quality of brotli for an answer that is given once, and for one that is kept. The best, 11, takes thirty times longer
than 9 for a tenth less."""


def is_worth_it(content_type: str, size: int) -> bool:
    """Text of at least `SMALLEST` bytes. Pictures and fonts are packed already."""
    return size >= SMALLEST and content_type.lower().startswith(TEXT)


@lru_cache(maxsize=1024)
def accepted(header: str) -> str:
    """The coding for an Accept-Encoding header (RFC 9110, 12.5.3): brotli before gzip, where both are taken alike."""
    wishes = dict(_wish(part) for part in header.lower().split(",") if part.strip())
    anything = wishes.get("*", 0.0)
    best = max((BROTLI, GZIP), key=lambda coding: wishes.get(coding, anything))
    return best if wishes.get(best, anything) > 0 else IDENTITY


def packed(body: bytes, coding: str, *, quality: int) -> bytes:
    """The body in that coding. gzip carries no time, so that the same body is the same bytes."""
    if coding == BROTLI:
        result: bytes = brotli.compress(body, quality=quality)
        return result
    return gzip.compress(body, compresslevel=min(quality, 6), mtime=0)


def _wish(part: str) -> tuple[str, float]:
    coding, _, rest = part.partition(";")
    return coding.strip(), _weight(rest)


def _weight(rest: str) -> float:
    name, _, number = rest.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(number)
    except ValueError:
        return 0.0
