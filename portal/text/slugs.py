"""Addresses that people can read aloud: lower-case ASCII and hyphens, whatever script the words were in."""

import re
from functools import cache

from anyascii import anyascii

from portal.text.places import countries, country_name

LONGEST_SLUG = 80
_APOSTROPHES = re.compile("['’‘ʼ`]")
_NOT_PLAIN = re.compile("[^a-z0-9]+")


def slugify(text: str, otherwise: str = "release") -> str:
    """`text` in ASCII, at most 80 characters and cut at a hyphen; `otherwise` where nothing is left."""
    plain = _APOSTROPHES.sub("", anyascii(text).lower())
    return _shortened(_NOT_PLAIN.sub("-", plain).strip("-")) or otherwise


def place_slug(country_code: str, city: str = "") -> str:
    """The slug of a country (`myanmar`) or of a city in it (`myanmar-naypyitaw`)."""
    country = slugify(country_name(country_code), otherwise=country_code.lower())
    town = slugify(city, otherwise="")
    return f"{country}-{town}" if town else country


@cache
def countries_by_slug() -> dict[str, str]:
    """The ISO 3166 code of every country by its slug."""
    return {place_slug(code): code for code, _name in countries()}


def _shortened(slug: str) -> str:
    if len(slug) <= LONGEST_SLUG:
        return slug
    whole_words, hyphen, _ = slug[: LONGEST_SLUG + 1].rpartition("-")
    return whole_words if hyphen else slug[:LONGEST_SLUG]
