"""Addresses in plain ASCII from words in any script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text.slugs import place_slug, slugify


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Harbour Trust opens repaired slipway", "harbour-trust-opens-repaired-slipway"),
        ("Café d’Or: 5 % off!", "cafe-dor-5-off"),
        ("Đà Nẵng", "da-nang"),
        ("東京", "dongjing"),
        ("!!!", "release"),
        ("", "release"),
    ],
)
def test_words_of_any_script_become_a_slug(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_what_stands_for_nothing_can_be_chosen() -> None:
    assert slugify("…", otherwise="organisation") == "organisation"


def test_a_long_slug_is_cut_between_words() -> None:
    assert slugify("word " * 40) == "-".join(["word"] * 16)
    assert slugify("w" * 100) == "w" * 80


@given(st.text())
def test_a_slug_is_plain_and_short(text: str) -> None:
    slug = slugify(text)

    assert 1 <= len(slug) <= 80
    assert slugify(slug) == slug


def test_a_place_is_a_country_or_a_city_in_one() -> None:
    assert place_slug("MM") == "myanmar"
    assert place_slug("MM", "Naypyitaw") == "myanmar-naypyitaw"
    assert place_slug("VN", "Hà Nội") == "viet-nam-ha-noi"
    assert place_slug("CI", "  ") == "cote-divoire"
