"""Names of countries."""

import pytest

from portal.text.places import countries, country_name, is_country


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("MM", "en", "Myanmar"),
        ("VN", "en-GB", "Viet Nam"),
        ("SG", "en", "Singapore"),
        ("TH", "th", "ไทย"),
        ("MM", "my", "မြန်မာ"),
        ("VN", "vi", "Việt Nam"),
        ("VN", "zh-Hant", "越南"),
        ("ID", "ms-x-desk", "Indonesia"),
        ("MM", "tlh", "Myanmar"),
        ("MM", "not a tag", "Myanmar"),
        ("ZZ", "en", "ZZ"),
        ("", "en", ""),
    ],
)
def test_a_country_is_named_in_the_language_or_in_english(code: str, language: str, name: str) -> None:
    assert country_name(code, language) == name


def test_all_of_iso_3166_is_offered_in_the_order_of_names() -> None:
    offered = countries()

    assert len(offered) == 249
    assert offered[0] == ("AF", "Afghanistan")
    assert offered[1] == ("AX", "Åland Islands")
    assert ("MM", "Myanmar") in offered
    assert [code for code, _ in offered if code in ("EU", "UN", "XK", "ZZ", "XA")] == []


def test_only_capital_codes_are_countries() -> None:
    assert [code for code in ("MM", "mm", "EU", "MMR", "", "é") if is_country(code)] == ["MM"]
