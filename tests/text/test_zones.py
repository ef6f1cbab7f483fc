"""The zone that is offered for a place."""

import pytest

from portal.text.zones import usual_zone, zone_of


@pytest.mark.parametrize(
    ("country", "city", "zone"),
    [
        ("MM", "Naypyitaw", "Asia/Yangon"),
        ("SG", "Singapore", "Asia/Singapore"),
        ("KH", "Battambang", "Asia/Phnom_Penh"),
        ("VN", "Hanoi", "Asia/Ho_Chi_Minh"),
        ("MY", "Ipoh", "Asia/Kuala_Lumpur"),
        ("ID", "Surabaya", "Asia/Jakarta"),
        ("ID", "Makassar", "Asia/Makassar"),
        ("AU", "Perth", "Australia/Perth"),
        ("BR", "São Paulo", "America/Sao_Paulo"),
        ("US", "New York", "America/New_York"),
        ("AU", "Alice Springs", ""),
        ("US", "", ""),
        ("", "Singapore", ""),
        ("ZZ", "", ""),
    ],
)
def test_a_place_has_its_usual_zone_or_none_is_offered(country, city, zone):
    assert usual_zone(country, city) == zone


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("London", "Europe/London"), ("yangon", "Asia/Yangon"), ("asia/yangon", "Asia/Yangon"), ("New York", "America/New_York"),
        ("Ho Chi Minh", "Asia/Ho_Chi_Minh"), ("Asia/Bangkok", "Asia/Bangkok"), ("UTC", "UTC"), ("Etc/GMT-8", "Etc/GMT-8"),
        ("localtime", ""), ("Factory", ""), ("posixrules", ""), ("Etc/Unknown", ""), ("Mandalay", ""), ("Asia", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_zone_may_be_named_by_its_city(typed, zone):
    assert zone_of(typed) == zone
