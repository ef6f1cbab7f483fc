"""The usual time zone of a place, from the table of the time zone database that names the zones of each country."""

import unicodedata
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

# Countries with several hours of which one is what nearly everybody there lives by.
_BY_FAR_THE_MOST = {
    "CN": "Asia/Shanghai",
    "ES": "Europe/Madrid",
    "ID": "Asia/Jakarta",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
}
_SEASONS = (datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC))


def usual_zone(country: str, city: str = "") -> str:
    """The IANA zone of a place: the one named after the city, else the country's usual one.

    Empty where a country lives by several hours, or is unknown. It is an offer: the sender sees it and may change it.
    """
    country = country.upper()
    found = _zones_by_country().get(country, ())
    named = next((zone for zone in found if city and _plain(zone.rpartition("/")[2]) == _plain(city)), "")
    return named or _BY_FAR_THE_MOST.get(country) or (found[0] if found and _agree(found) else "")


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
