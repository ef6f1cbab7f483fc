"""The zone that is offered for a place."""

import pytest

from portal.text.zones import usual_zone


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
