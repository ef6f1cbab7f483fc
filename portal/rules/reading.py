"""Reads typed values into dates, times and numbers; None where they cannot be read. Nothing here guesses."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

IMMEDIATE = "immediate"
_NOT_ZONES = frozenset("localtime factory posixrules etc/unknown leapseconds us/pacific-new".split())
YEARS = range(1900, 2200)  # outside these a year is a slip of the keyboard, and arithmetic on it may overflow

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DATETIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?")
_SCORE = re.compile(r"[0-9]{1,4}(?: ?/ ?[0-9]{1,2}| ?\([^()]{1,20}\))?")
_WHOLE = re.compile(r"[0-9]{1,12}|[0-9]{1,3}(?:[,. '\u00a0\u202f][0-9]{3}){1,3}")
_LOCAL_PART = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}")
_DOTS = re.compile("[.。．｡]")  # what UTS 46 takes for a dot in the name of a machine
_JOINERS = "\u200c\u200d\u00b7"  # of scripts that need them inside a word
LONGEST_LABEL = 63
_LANGUAGE = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})"  # language, with its extended subtags
    r"(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"  # script, region
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"  # variants
    r"(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"  # extensions, private use
    r"|x(?:-[a-z0-9]{1,8})+",
    re.IGNORECASE,
)
# Tags registered before the present grammar, which stay valid for ever (RFC 5646, section 2.2.8).
_GRANDFATHERED = frozenset(
    "en-gb-oed i-ami i-bnn i-default i-enochian i-hak i-klingon i-lux i-mingo i-navajo i-pwn i-tao i-tay i-tsu"
    " sgn-be-fr sgn-be-nl sgn-ch-de art-lojban cel-gaulish no-bok no-nyn zh-guoyu zh-hakka zh-min zh-min-nan"
    " zh-xiang".split()
)


def read_date(text: str) -> date | None:
    """`2026-04-06` as a date."""
    found = _DATE.fullmatch(text.strip())
    return _date(*map(int, found.groups())) if found else None


def read_datetime(text: str) -> datetime | None:
    """`2026-04-06T21:00` as a local time without a zone; seconds are allowed and dropped."""
    found = _DATETIME.fullmatch(text.strip())
    day = _date(*map(int, found.groups()[:3])) if found else None
    if found is None or day is None:
        return None
    hour, minute, second = int(found[4]), int(found[5]), int(found[6] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return datetime.combine(day, time(hour, minute))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


@cache
def zone_names() -> frozenset[str]:
    """The names of places and of UTC. What else a machine has under that name is no place: its own hour, a stub."""
    return frozenset(name for name in available_timezones() if name.lower() not in _NOT_ZONES)


def is_zone(name: str) -> bool:
    """Is this an IANA name, as in `Asia/Yangon`?"""
    return name in zone_names()


def zone_or_none(name: str) -> ZoneInfo | None:
    return ZoneInfo(name) if is_zone(name) else None


def is_language(tag: str) -> bool:
    """Is this a well-formed BCP 47 tag?"""
    return tag.lower() in _GRANDFATHERED or (len(tag) <= 100 and _LANGUAGE.fullmatch(tag) is not None)


def is_email(text: str) -> bool:
    """One plain address, no name and no brackets around it, ASCII before the `@`. The web layer may look closer."""
    return text.partition("@")[0].isascii() and is_international_email(text)


def is_international_email(text: str) -> bool:
    """The same, letters of every script before the `@` included: many a mail server cannot write to such an address."""
    local, _, host = text.partition("@")
    dots_fit = ".." not in text and not local.startswith(".") and not local.endswith(".")
    named = _LOCAL_PART.fullmatch(local) and is_host(host) and host[-1] not in ".。．｡"
    return len(text) <= 254 and dots_fit and bool(named)


def is_host(text: str) -> bool:
    """A name of a machine with a dot in it, in any script: letters with their marks, digits and hyphens."""
    labels = _DOTS.split(text)
    if labels[-1:] == [""]:
        labels.pop()
    return len(labels) > 1 and all(map(_is_label, labels)) and labels[-1][0].isalpha() and len(labels[-1]) > 1


def _is_label(label: str) -> bool:
    inner = all(_is_letter(sign) or sign in "-_" or sign in _JOINERS for sign in label)
    return 0 < len(label) <= LONGEST_LABEL and inner and label[0].isalnum() and _is_letter(label[-1])


def _is_letter(sign: str) -> bool:
    """A letter, a digit, or a mark that belongs to one, as vowel signs do."""
    return sign.isalnum() or unicodedata.category(sign) in ("Mn", "Mc")


def is_url(text: str) -> bool:
    """A whole http or https address with a host that has a dot in it."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    plain = not re.search(r"[\s<>\"\\]", text) and len(text) <= 2000
    return plain and parts.scheme in ("http", "https") and is_host(host)


def read_whole(text: str) -> int | None:
    """`1200`, `1,200` or `1 200`, in any script's digits, as a number."""
    digits = _plain_digits(text.strip())
    return int(re.sub(r"[^0-9]", "", digits)) if _WHOLE.fullmatch(digits) else None


def read_score(text: str) -> tuple[int, ...] | None:
    """A whole number first; wickets or penalties may follow: `187/6`, `2 (4)`. The numbers in their order."""
    digits = _plain_digits(text.strip())
    if not _SCORE.fullmatch(digits):
        return None
    return tuple(int(number) for number in re.findall(r"[0-9]+", digits))


def _plain_digits(text: str) -> str:
    return "".join(str(int(c)) if c.isdecimal() else c for c in text)


def primary_language(values: Mapping[str, str]) -> str:
    """`en` of `en-GB`; empty where no language was chosen."""
    return values.get("language", "").strip().lower().partition("-")[0]
