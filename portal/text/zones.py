"""The usual time zone of a place, from the table of the time zone database that names the zones of each country."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from portal.rules.reading import is_zone, zone_names

# Countries with several hours of which one is what nearly everybody there lives by.
_BY_FAR_THE_MOST = {
    "CN": "Asia/Shanghai",
    "ES": "Europe/Madrid",
    "ID": "Asia/Jakarta",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
}
_AREAS = frozenset("Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific".split())
_SEASONS = (datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC))


def usual_zone(country: str, city: str = "") -> str:
    """The IANA zone of a place: the one named after the city, else the country's usual one.

    Empty where a country lives by several hours, or is unknown. It is an offer: the sender sees it and may change it.
    """
    country = country.upper()
    found = _zones_by_country().get(country, ())
    named = next((zone for zone in found if city and _plain(zone.rpartition("/")[2]) == _plain(city)), "")
    return named or _BY_FAR_THE_MOST.get(country) or (found[0] if found and _agree(found) else "")


def clock_of(values: Mapping[str, str], site_timezone: str) -> str:
    """The one clock by which pages and mails name times to the sender of a release with these answers.

    The usual zone of its place; where a country lives by several hours, the zone that was chosen for the release, if it is
    one of them; this site's zone otherwise.
    """
    country = values.get("country", "")
    usual = usual_zone(country, values.get("city", ""))
    chosen = (values.get("release_timezone", "").strip(), values.get("timezone", "").strip())
    own = (zone for zone in chosen if zone in _zones_by_country().get(country.upper(), ()))
    return usual or next(own, "") or site_timezone


def zone_of(typed: str) -> str:
    """The IANA zone that somebody means who writes its name or its city: `asia/yangon`, `London`, `new york`.

    Empty where it is none, or several of that name show different hours.
    """
    plain = _plain(typed)
    found = _zones_by_name().get(plain, ()) if plain else ()
    return typed if is_zone(typed) else found[0] if found and _agree(found) else ""


@cache
def _zones_by_name() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for zone in sorted(zone_names()):
        of_a_place = zone.partition("/")[0] in _AREAS
        for name in {_plain(zone), _plain(zone.rpartition("/")[2])} if of_a_place else ():
            found[name] = (*found.get(name, ()), zone)
    return found


def _agree(zones: tuple[str, ...]) -> bool:
    """Do all of them show the same hour, in both seasons?"""
    return (
        len({tuple(season.astimezone(ZoneInfo(zone)).utcoffset() for season in _SEASONS) for zone in zones})
        == 1
    )


@cache
def _zones_by_country() -> dict[str, tuple[str, ...]]:
    text = files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            country, _position, zone, *_comment = line.split("\t")
            found[country] = (*found.get(country, ()), zone)
    return found


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(letter for letter in letters.casefold() if letter.isalpha())
