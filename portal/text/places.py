"""Names of countries, from the locale data, with the desk's two house names; and how a town is written."""

import re
import unicodedata
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies

from portal.rules.reading import is_language as is_well_formed

_ENGLISH = Locale("en")
_HOUSE_NAMES = {"MM": "Myanmar", "VN": "Viet Nam"}
# How people write them besides; the locale data has the rest.
_ALSO_NAMED = {"TH": ("ประเทศไทย",), "KH": ("ប្រទេសកម្ពុជា",), "MM": ("Burma", "မြန်မာနိုင်ငံ", "မြန်မာပြည်"), "VN": ("Vietnam",), "US": ("USA", "U.S.A.", "U.S."), "GB": ("UK", "U.K.", "Great Britain"),
               "AE": ("UAE",), "TL": ("East Timor",), "LA": ("Lao PDR", "ສປປ ລາວ", "ປະເທດລາວ"), "KR": ("Korea", "Republic of Korea"), "NL": ("Holland",)}  # fmt: skip
_SMALL_WORDS = frozenset(
    "of on the upon and in at by de del della di da do dos das du des la le les el al sur sous van der den en am an im ob bei och".split()
)
_LONGEST_SHORT_NAME = 3  # KL, JB, HCM
_VOWEL = re.compile(r"[AEIOUY]|[^\x00-\x7f]")
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


@lru_cache(maxsize=500)
def currency_of(code: str) -> str:
    """The three letters of the money of a country; empty for an unknown one, and where there is none of its own."""
    return next(iter(get_territory_currencies(code)), "") if is_country(code) else ""


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


def shown_city(city: str, country: str, language: str) -> str:
    """A city as readers see it, also of a text that was sent before its form saw to it."""
    return spelled(city_of(city, country, language))


@lru_cache(maxsize=2000)
def city_of(typed: str, country: str, language: str) -> str:
    """The city without the country behind it, where that is the release's: `Kuala Lumpur` of `Kuala Lumpur, Malaysia`.

    The country may be named in English, in the language of the release or in one of its own, or by its code. Nothing else
    is taken off: `Washington, DC` stays.
    """
    if not is_country(country):
        return typed
    for name in _names_of(country, language):
        found = re.fullmatch(
            rf"(.*\S)\s*(?:[,，、၊،]\s*|\s[–—-]\s|\s[(（]\s*){re.escape(name)}\s*[)）.]?",
            typed,
            re.IGNORECASE,
        )
        if found:
            return found[1].strip()
    return typed


@lru_cache(maxsize=500)
def _names_of(country: str, language: str) -> tuple[str, ...]:
    """The longest first, so that no name is left standing before a part of itself."""
    spoken = ("en", language, *get_official_languages(country, de_facto=True, regional=True))
    found = {country_name(country, tongue) for tongue in spoken if tongue}
    english = str(_ENGLISH.territories[country])
    found |= {english, re.sub(r"\s*\(.*\)", "", english), country, *_ALSO_NAMED.get(country, ())}
    return tuple(sorted((unicodedata.normalize("NFC", name) for name in found), key=len, reverse=True))


def spelled(city: str) -> str:
    """The city as a map has it, where somebody wrote it all in small letters or all in capitals: `Penang Hill`.

    Short names in capitals are short for something (`KL`), and so are those that nobody can pronounce (`kl`); whoever mixed capitals and small letters knew why.
    """
    letters = [letter for letter in city if letter.isalpha()]
    has_vowel = _VOWEL.search(city.upper()) is not None
    if city.islower() and len(letters) <= _LONGEST_SHORT_NAME and not has_vowel:
        return city.upper()
    is_short = city.isupper() and (len(letters) <= _LONGEST_SHORT_NAME or not has_vowel)
    return city if not (city.islower() or city.isupper()) or is_short else _in_title_case(city)


def better_spelling(known: str, new: str) -> str:
    """Of two spellings of one place the one that somebody took care of; the known one where both are alike."""
    return new if spelled(known) != known and spelled(new) == new else known


def _in_title_case(city: str) -> str:
    words = re.split(r"([\s/–-]+)", city.replace("İ", "i").lower())
    titled = "".join(
        word if place and word in _SMALL_WORDS else _titled(word) for place, word in enumerate(words)
    )
    return _with_dots(titled, city) if "İ" in city else titled


def _with_dots(titled: str, city: str) -> str:
    """İzmir of İZMİR, which is Turkish: small letters alone would lose the dot of the first."""
    pairs = (
        zip(titled, city, strict=True) if len(titled) == len(city) else ((letter, "") for letter in titled)
    )
    return "".join("İ" if (new, old) == ("I", "İ") else new for new, old in pairs)


def _titled(word: str) -> str:
    """`O’Brien` and `Ha’il` are told apart by nobody here: only the first letter, and one behind an O’, D’ or L’."""
    found = re.fullmatch(r"([odl])(['’])(\w.*)", word)
    if found:
        return f"{found[1].upper()}{found[2]}{found[3][:1].upper()}{found[3][1:]}"
    return _with_capital(word)


def _with_capital(word: str) -> str:
    place = next((place for place, letter in enumerate(word) if letter.isalpha()), len(word))
    return word[:place] + word[place : place + 1].title() + word[place + 1 :]
