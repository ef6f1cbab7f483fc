"""Names of countries, from the locale data, with the desk's two house names."""

import unicodedata
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError

from portal.rules.reading import is_language as is_well_formed

_ENGLISH = Locale("en")
_HOUSE_NAMES = {"MM": "Myanmar", "VN": "Viet Nam"}
# Two-letter codes of the locale data that ISO 3166 has not given to a country or territory.
_NOT_COUNTRIES = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ".split())


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
    subtags = tag.split("-")[:3] if is_well_formed(tag) else []
    while subtags:
        try:
            return Locale.parse("-".join(subtags), sep="-")
        except (UnknownLocaleError, ValueError):
            subtags.pop()
    return None
