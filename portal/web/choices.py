"""Long lists that forms offer: countries, languages and time zones, those of the region first."""

from __future__ import annotations

from functools import cache

from babel import Locale

from portal.text.languages import is_registered as is_language
from portal.text.languages import language_name
from portal.text.languages import languages as names_of_languages

__all__ = [
    "REGION",
    "ZONES",
    "countries",
    "countries_of_the_region",
    "is_language",
    "language_name",
    "languages",
]

REGION = ("BN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN")
OUR_NAMES = {"MM": "Myanmar", "VN": "Viet Nam"}
# Codes of the locale data that ISO 3166 reserves or leaves to its users.
NOT_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"]
)

# Offered, not demanded: the field takes every IANA name.
ZONES = [
    "Asia/Singapore",
    "Asia/Kuala_Lumpur",
    "Asia/Jakarta",
    "Asia/Makassar",
    "Asia/Jayapura",
    "Asia/Bangkok",
    "Asia/Ho_Chi_Minh",
    "Asia/Phnom_Penh",
    "Asia/Vientiane",
    "Asia/Yangon",
    "Asia/Manila",
    "Asia/Brunei",
    "Asia/Dili",
    "Asia/Hong_Kong",
    "Asia/Shanghai",
    "Asia/Taipei",
    "Asia/Tokyo",
    "Asia/Seoul",
    "Asia/Kolkata",
    "Australia/Brisbane",
    "Australia/Darwin",
    "Australia/Perth",
    "Australia/Sydney",
    "Pacific/Port_Moresby",
    "Pacific/Auckland",
    "Europe/London",
    "America/New_York",
    "UTC",
]


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """(code, English name) of every ISO 3166 country, by name."""
    territories = {str(code): str(name) for code, name in Locale("en").territories.items()}
    codes = [code for code in territories if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES]
    named = [(code, OUR_NAMES.get(code, territories[code])) for code in codes]
    return tuple(sorted(named, key=lambda pair: pair[1]))


@cache
def countries_of_the_region() -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in countries() if pair[0] in REGION)


def languages() -> list[tuple[str, str]]:
    """(tag, names) of the languages that are most likely here. The field takes every registered tag and name."""
    return names_of_languages()
