"""Names of countries."""

import pytest

from portal.text.places import better_spelling, city_of, countries, country_name, is_country, spelled


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


@pytest.mark.parametrize(
    ("typed", "country", "language", "city"),
    [
        ("Kuala Lumpur, Malaysia", "MY", "en", "Kuala Lumpur"), ("kuala lumpur, MALAYSIA", "MY", "ms", "kuala lumpur"),
        ("Ipoh, Perak, Malaysia", "MY", "en", "Ipoh, Perak"), ("Penang (Malaysia)", "MY", "en", "Penang"), ("Penang – Malaysia", "MY", "en", "Penang"),
        ("Kuala Lumpur, MY", "MY", "en", "Kuala Lumpur"), ("ရန်ကုန်၊ မြန်မာ", "MM", "my", "ရန်ကုန်"), ("ရန်ကုန်၊ မြန်မာနိုင်ငံ", "MM", "en", "ရန်ကုန်"),
        ("Yangon, Myanmar (Burma)", "MM", "en", "Yangon"), ("Yangon, Burma", "MM", "en", "Yangon"), ("Hà Nội, Việt Nam", "VN", "en", "Hà Nội"),
        ("Hanoi, Vietnam", "VN", "en", "Hanoi"), ("Hanoi, Viet Nam", "VN", "fr", "Hanoi"), ("กรุงเทพฯ, ประเทศไทย", "TH", "th", "กรุงเทพฯ"),
        ("北京，中国", "CN", "zh-Hans", "北京"), ("Singapore, Singapore", "SG", "en", "Singapore"),
        ("Singapore", "SG", "en", "Singapore"), ("Malaysia", "MY", "en", "Malaysia"), (", Malaysia", "MY", "en", ", Malaysia"),
        ("Kuala Lumpur, Thailand", "MY", "en", "Kuala Lumpur, Thailand"), ("Washington, DC", "US", "en", "Washington, DC"),
        ("Kuala Lumpur, Malaysia", "", "en", "Kuala Lumpur, Malaysia"), ("", "MY", "en", ""),
    ],
)  # fmt: skip
def test_a_city_stands_without_the_country_of_its_release(
    typed: str, country: str, language: str, city: str
) -> None:
    assert city_of(typed, country, language) == city


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("penang hill", "Penang Hill"), ("PENANG HILL", "Penang Hill"), ("Penang Hill", "Penang Hill"), ("mcLean", "mcLean"),
        ("KL", "KL"), ("HCMC", "HCMC"), ("kl", "KL"), ("hcm", "HCM"), ("ulm", "Ulm"), ("İZMİR", "İzmir"), ("L'AQUILA", "L'Aquila"), ("đà lạt", "Đà Lạt"), ("ĐÀ LẠT", "Đà Lạt"), ("rio de janeiro", "Rio de Janeiro"),
        ("aix-en-provence", "Aix-en-Provence"), ("o'brien town", "O'Brien Town"), ("ရန်ကုန်", "ရန်ကုန်"), ("北京", "北京"), ("", ""),
    ],
)  # fmt: skip
def test_a_city_is_written_as_on_a_map(typed: str, shown: str) -> None:
    assert spelled(typed) == shown


def test_of_two_spellings_the_one_with_care_is_kept() -> None:
    assert better_spelling("penang hill", "Penang Hill") == "Penang Hill"
    assert better_spelling("Penang Hill", "PENANG HILL") == "Penang Hill"
    assert better_spelling("Penang hill", "Penang Hill") == "Penang hill"
