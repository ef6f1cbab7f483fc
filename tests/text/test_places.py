"""Names of countries and languages."""

import pytest

from portal.text.places import countries, country_name, is_country, is_language, language_name, languages


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


@pytest.mark.parametrize("tag", ["en", "zh-Hant-TW", "my-MM", "sl-rozaj-biske", "de-CH-1901", "x-whatever", "i-klingon",
                                 "en-a-bbb-x-a-ccc", "qaa-Qaaa-QM-x-southern", "zh-cmn-Hans-CN", "es-419", "EN-gb"])  # fmt: skip
def test_every_well_formed_tag_is_a_language(tag: str) -> None:
    assert is_language(tag)


@pytest.mark.parametrize(
    "tag",
    ["", "e", "english language", "en_GB", "en-", "-en", "en--GB", "en-x", "toolonglanguage", "en\n", "มา"],
)
def test_what_is_not_well_formed_is_no_language(tag: str) -> None:
    assert not is_language(tag)


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("my", "Burmese"),
        ("zh-hant", "Traditional Chinese"),
        ("my-MM", "Burmese (Myanmar)"),
        ("qqq", "qqq"),
        ("vi-VN", "Vietnamese (Viet Nam)"),
    ],
)
def test_a_language_has_an_english_name(tag: str, name: str) -> None:
    assert language_name(tag) == name


def test_the_languages_of_the_region_are_suggested_first() -> None:
    assert languages()[:3] == [("en", "English"), ("my", "Burmese"), ("th", "Thai")]
    assert [tag for tag, name in languages() if tag == name or not is_language(tag)] == []
