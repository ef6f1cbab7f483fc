"""One clock for the sender of a release, in pages and mails; and the money of a country."""

import pytest

from portal.text.places import currency_of
from portal.text.zones import clock_of


@pytest.mark.parametrize(
    ("answers", "zone"),
    [
        ({}, "Asia/Singapore"),
        ({"country": "MM"}, "Asia/Yangon"),
        ({"country": "ID", "city": "Makassar"}, "Asia/Makassar"),
        # A time may be given in any zone; the clock is that of the place.
        ({"country": "MM", "release_timezone": "Pacific/Kiritimati"}, "Asia/Yangon"),
        # Of a country with several hours the one that was chosen for the release.
        ({"country": "US"}, "Asia/Singapore"),
        ({"country": "US", "release_timezone": "America/Denver"}, "America/Denver"),
        ({"country": "US", "timezone": "America/New_York"}, "America/New_York"),
        ({"country": "US", "release_timezone": "Europe/London"}, "Asia/Singapore"),
        ({"country": "XX", "release_timezone": "Nowhere"}, "Asia/Singapore"),
    ],
)
def test_a_release_has_the_clock_of_its_place(answers, zone):
    assert clock_of(answers, "Asia/Singapore") == zone


@pytest.mark.parametrize(
    ("country", "money"),
    [("MM", "MMK"), ("SG", "SGD"), ("TL", "USD"), ("DE", "EUR"), ("AQ", ""), ("XX", ""), ("", "")],
)
def test_the_money_of_a_country(country, money):
    assert currency_of(country) == money
