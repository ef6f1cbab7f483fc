"""A language tag as Open Graph wants it: with the country that it is most likely spoken in."""

from babel import Locale, UnknownLocaleError
from babel.core import get_global

_OUR_ENGLISH = "en_GB"


def likely_locale(tag: str) -> str:
    """`my_MM`, `zh_TW` for `zh-Hant`, `en_SG` for `en-SG`; "" for a tag that nobody knows a country for."""
    try:
        spoken = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return ""
    if spoken.territory:
        return f"{spoken.language}_{spoken.territory}"
    if spoken.language == "en":
        return _OUR_ENGLISH
    likely = get_global("likely_subtags")
    whole = likely.get(f"{spoken.language}_{spoken.script}") or likely.get(spoken.language) or ""
    country = whole.rpartition("_")[2]
    return f"{spoken.language}_{country}" if len(country) == 2 else ""
