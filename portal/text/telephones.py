"""Telephone numbers as links that a phone dials (RFC 3966)."""

import re
import unicodedata

_BETWEEN = re.compile(r"(\s*(?:[/;|]|,(?!\s*ext)|\bor\b|\band\b)\s*)", re.IGNORECASE)
_EXTENSION = re.compile(r"[\s,;]*(?:extension|ext\.?|x)\s*(\d{1,6})\s*$", re.IGNORECASE)
_LABEL = re.compile(r"^\s*(?:tel|phone|mobile|hotline|t|m|office)\s*[.:]\s*", re.IGNORECASE)
_IN_A_NUMBER = re.compile(r"^\+?[\d\s().\-/\u2010-\u2015\u00a0]+$")
_TRUNK = re.compile(r"\(0\)")
FEWEST, MOST = 3, 15
"""Digits: of a short hotline, and of the longest number in the world (E.164)."""


def telephones(typed: str) -> list[tuple[str, str]]:
    """What was typed in parts, each with the address that dials it, "" where it is no number: signs stay between them."""
    parts = _BETWEEN.split(typed)
    linked = [(part, _dials(part)) for part in parts if part]
    return linked if any(address for _part, address in linked) else [(typed, "")]


def _dials(part: str) -> str:
    plain = "".join(str(unicodedata.digit(sign, sign)) for sign in unicodedata.normalize("NFKC", part))
    plain = _LABEL.sub("", plain).strip()
    extension = _EXTENSION.search(plain)
    number = plain[: extension.start()] if extension else plain
    if number.startswith("+"):
        number = _TRUNK.sub("", number)
    digits = re.sub(r"\D", "", number)
    if not _IN_A_NUMBER.match(number) or not FEWEST <= len(digits) <= MOST:
        return ""
    plus = "+" if number.startswith("+") else ""
    return f"tel:{plus}{digits}" + (f";ext={extension[1]}" if extension else "")
