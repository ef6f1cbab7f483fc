"""Names of countries and languages, from the locale data, with the desk's two house names."""

import re
import unicodedata
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import get_territory_currencies

_ENGLISH = Locale("en")
_HOUSE_NAMES = {"MM": "Myanmar", "VN": "Viet Nam"}
# Two-letter codes of the locale data that ISO 3166 has not given to a country or territory.
_NOT_COUNTRIES = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ".split())
_SUGGESTED_LANGUAGES = (
    "en my th lo km vi id ms fil tl zh-Hans zh-Hant ta pt tet jv su ceb ilo shn "
    "ar bn nl fr de hi it ja ko ru es tr ur fa"
).split()
_IRREGULAR_TAGS = frozenset(
    "en-gb-oed i-ami i-bnn i-default i-enochian i-hak i-klingon i-lux i-mingo i-navajo i-pwn i-tao i-tay i-tsu "
    "sgn-be-fr sgn-be-nl sgn-ch-de".split()
)
_PRIVATE_USE = "x(?:-[a-z0-9]{1,8})+"
# RFC 5646, section 2.1: language, script, region, variants, extensions, private use.
_LANGUAGE_TAG = re.compile(
    "(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})"
    "(?:-[a-z]{4})?"
    "(?:-(?:[a-z]{2}|[0-9]{3}))?"
    "(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    "(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*"
    f"(?:-{_PRIVATE_USE})?",
    re.IGNORECASE | re.ASCII,
)
_PRIVATE_TAG = re.compile(_PRIVATE_USE, re.IGNORECASE | re.ASCII)


def country_name(code: str, language: str = "en") -> str:
    """The name of a country by its ISO 3166 alpha-2 code; English where `language` has none in the data.

    An unknown code comes back as it is, so that a page can still show what was typed.
    """
    if not is_country(code):
        return code
    locale = _locale(language)
    if locale is not None and locale.language != "en":
        return str(locale.territories.get(code) or _english_country(code))
    return _english_country(code)


@cache
def countries() -> list[tuple[str, str]]:
    """Every (code, English name) of ISO 3166, in the order of the names."""
    return sorted(((code, _english_country(code)) for code in _country_codes()), key=_by_name)


def is_country(code: str) -> bool:
    return code in _country_codes()


def is_language(tag: str) -> bool:
    """Whether the tag is well formed by BCP 47; whether anyone speaks it is not asked."""
    if tag.lower() in _IRREGULAR_TAGS:
        return True
    return bool(_LANGUAGE_TAG.fullmatch(tag) or _PRIVATE_TAG.fullmatch(tag))


@lru_cache(maxsize=500)
def language_name(tag: str) -> str:
    """The English name of a language; the tag itself where the data knows none."""
    subtags = tag.split("-")[:3]
    for length in range(len(subtags), 0, -1):
        name = _ENGLISH.languages.get("_".join(_in_usual_case(subtags[:length])))
        if name:
            return _with_details(str(name), _in_usual_case(subtags)[length:])
    return tag


@lru_cache(maxsize=500)
def currency_of(code: str) -> str:
    """The three letters of the money of a country; empty for an unknown one, and where there is none of its own."""
    return next(iter(get_territory_currencies(code)), "") if is_country(code) else ""


@cache
def languages() -> list[tuple[str, str]]:
    """(tag, English name) to suggest: English and the region's languages first, then large ones."""
    return [(tag, language_name(tag)) for tag in _SUGGESTED_LANGUAGES]


@cache
def _country_codes() -> frozenset[str]:
    codes = (str(code) for code in _ENGLISH.territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - _NOT_COUNTRIES


def _english_country(code: str) -> str:
    return _HOUSE_NAMES.get(code) or str(_ENGLISH.territories[code])


def _by_name(country: tuple[str, str]) -> str:
    return unicodedata.normalize("NFKD", country[1]).encode("ascii", "ignore").decode().casefold()


@lru_cache(maxsize=500)
def _locale(tag: str) -> Locale | None:
    """The locale of a tag or of its nearest shorter form (`my-MM-x-desk`, `my-MM`, `my`)."""
    subtags = tag.split("-")[:3] if is_language(tag) else []
    while subtags:
        try:
            return Locale.parse("-".join(subtags), sep="-")
        except (UnknownLocaleError, ValueError):
            subtags.pop()
    return None


def _in_usual_case(subtags: list[str]) -> list[str]:
    language, *rest = subtags
    return [language.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)]


def _with_details(name: str, subtags: list[str]) -> str:
    known = [_ENGLISH.scripts.get(part) or (is_country(part) and _english_country(part)) for part in subtags]
    details = ", ".join(str(detail) for detail in known if detail)
    return f"{name} ({details})" if details else name
