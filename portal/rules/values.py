"""Typed values against their fields: what can be read, and the sentence for what cannot.

Reading itself is in `reading.py`; it is offered here too, so that one import is enough.
"""

import re
from collections.abc import Callable

from portal.rules.issues import Issue, blocking
from portal.rules.kinds import every_field
from portal.rules.kinds.fields import Field, Values, typed
from portal.rules.reading import (
    IMMEDIATE,
    is_email,
    is_international_email,
    is_url,
    is_zone,
    primary_language,
    read_date,
    read_datetime,
    read_score,
    read_whole,
)

__all__ = [
    "IMMEDIATE", "is_email", "is_url", "is_zone", "primary_language", "read_date", "read_datetime",
    "read_score", "read_whole", "unreadable", "unreadable_answer",
]  # fmt: skip

_READS: dict[str, Callable[[str], bool]] = {
    "date": lambda text: read_date(text) is not None,
    "date_or_immediate": lambda text: text == IMMEDIATE or read_date(text) is not None,
    "datetime": lambda text: read_datetime(text) is not None,
    "zone": is_zone,
    "email": is_email,
    "url": is_url,
}

NOT_SUPPORTED_YET = "has letters before the @ that are not supported yet. Write an address with the letters a to z before the @."

_TELEPHONE = re.compile(r"[+(]?\d[\d\s()./-]{4,}")
A_TELEPHONE = (
    "looks like a telephone number; the next box is for it. Write an address like name@example.org here."
)

_ASKS = {
    "date": "cannot be read as a date. Write it like 2026-04-06.",
    "date_or_immediate": "cannot be read as a date. Write it like 2026-04-06, or write immediate.",
    "datetime": "cannot be read as a day and time. Write it like 2026-04-06T21:00.",
    "zone": "is not a time zone. Choose one such as Asia/Yangon.",
    "language": "is not a language that we know. Choose one, or write its name, such as Burmese, or its tag, such as my.",
    "email": "is not an e-mail address. Write it like name@example.org.",
    "url": "is not a web address. Write all of it, like https://example.org/tickets.",
    "choice": "is not one of the choices. Choose again.",
    "country": "is not a country of the list. Choose again.",
}


def unreadable(
    kind_name: str,
    page: str | None,
    values: Values,
    *,
    countries: frozenset[str],
    languages: Callable[[str], bool],
    is_correction: bool = False,
) -> list[Issue]:
    """The values of a page (None: of all pages) that cannot be read. Empty ones are no trouble here.

    `countries` are the two-letter codes that exist; `languages` says whether a tag is registered.
    """
    fields = every_field(kind_name, values, is_correction=is_correction)
    found = (
        unreadable_answer(field, typed(values, field.name), countries, languages)
        for field in fields
        if page in (None, field.page)
    )
    return [issue for issue in found if issue]


def unreadable_answer(
    field: Field, text: str, countries: frozenset[str], languages: Callable[[str], bool]
) -> Issue | None:
    """Why this answer cannot be read; None where it can, or is empty."""
    if not text or _readable(field, text, countries, languages):
        return None
    message = f"{field.label}: “{_shortened(text)}” {_asks(field.type, text)}"
    return blocking(field.code, field.name, message, page=field.page)


def _asks(field_type: str, text: str) -> str:
    if field_type == "email" and _TELEPHONE.fullmatch(text):
        return A_TELEPHONE
    return NOT_SUPPORTED_YET if field_type == "email" and is_international_email(text) else _ASKS[field_type]


def _readable(field: Field, text: str, countries: frozenset[str], languages: Callable[[str], bool]) -> bool:
    if field.type == "choice":
        return text in dict(field.choices)
    if field.type == "country":
        return text in countries
    if field.type == "language":
        return languages(text)
    return _READS[field.type](text) if field.type in _READS else True


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
