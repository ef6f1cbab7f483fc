"""Which way a language is written, and what its script tells, so that pages and feeds agree."""

import re

_RIGHT_TO_LEFT = frozenset("ar ckb dv fa he ks ps sd syr ug ur yi".split())
_RIGHT_TO_LEFT_SCRIPTS = frozenset("arab hebr thaa syrc nkoo rohg".split())

_SCRIPTS = {
    "my": "\u1000-\u109f",
    "km": "\u1780-\u17ff",
    "th": "\u0e00-\u0e7f",
    "lo": "\u0e80-\u0eff",
    "ar": "\u0600-\u06ff",
}
_LETTERS = {language: re.compile(f"[{letters}]") for language, letters in _SCRIPTS.items()}


def direction_of(language: str) -> str:
    """`rtl` or `ltr` for a BCP 47 tag; the script decides where the tag names one."""
    first, *rest = (language or "en").lower().split("-")
    scripts = [part for part in rest if len(part) == 4 and part.isalpha()]
    if scripts:
        return "rtl" if scripts[0] in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if first in _RIGHT_TO_LEFT else "ltr"


def script_language(text: str) -> str:
    """A language of the script that a text is written in, where leading or direction depend on it; else empty."""
    return next((language for language, letters in _LETTERS.items() if letters.search(text)), "")
