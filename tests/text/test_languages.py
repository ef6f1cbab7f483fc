"""Which language somebody means, and what it is called."""

import pytest

from portal.text.languages import (
    canonical,
    is_registered,
    language_name,
    languages,
    own_names,
    tag_of,
)


@pytest.mark.parametrize(
    "tag",
    "en en-GB zh-Hans zh-Hant-TW my-MM es-419 sl-rozaj-biske de-CH-1901 en-u-ca-buddhist en-x-desk fil tl "
    "shn ksw mnw nod tts kxm bo dz ii cmn-Hans nan-Hant hak wuu lzh yue kac mul".split(),
)
def test_registered_tags_are_languages(tag: str) -> None:
    assert is_registered(tag)


@pytest.mark.parametrize(
    "tag",
    [
        *"xx zz qqq qaa en-XX en-ZZ en-AA en-QM zz-Latn en-Qaaa en-abcdef x-desk und zxx mis burmese klingon".split(),
        *("e", "en-", "en--GB", "", "<en>", "en\n", "มา", "en-" + "a" * 200),
    ],
)
def test_what_is_not_registered_is_none(tag: str) -> None:
    assert not is_registered(tag)


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("iw", "he"), ("in", "id"), ("EN-gb", "en-GB"), ("ZH-hant-tw", "zh-Hant-TW"), ("i-klingon", "tlh"),
        ("zh-min-nan", "nan"), ("no-bok", "nb"), ("zh-CN", "zh-CN"), ("TL", "tl"), ("my-Mymr", "my"),
    ],
)  # fmt: skip
def test_a_tag_is_written_as_it_is_today(written: str, tag: str) -> None:
    assert canonical(written) == tag


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("Burmese", "my"), ("burmese", "my"), (" BURMESE ", "my"), ("Burmese language", "my"), ("Myanmar", "my"),
        ("မြန်မာ", "my"), ("မြန်မာဘာသာ", "my"), ("မြန်မာစာ", "my"), ("Burmese (my)", "my"), ("မြန်မာ – Burmese", "my"),
        ("Tiếng Việt", "vi"), ("TIẾNG VIỆT", "vi"), ("tieng viet", "vi"), ("Vietnamese", "vi"), ("Tie\u0302\u0301ng Vie\u0323\u0302t", "vi"),
        ("Bahasa Indonesia", "id"), ("bahasa melayu", "ms"), ("Bahasa Malaysia", "ms"), ("Indonesian", "id"), ("Basa Jawa", "jv"),
        ("中文", "zh"), ("Chinese", "zh"), ("简体中文", "zh-Hans"), ("繁體中文", "zh-Hant"), ("Chinese (Simplified)", "zh-Hans"),
        ("Traditional Chinese", "zh-Hant"), ("Mandarin", "cmn"), ("普通话", "zh-Hans"), ("粵語", "yue"), ("Cantonese", "yue"),
        ("Hokkien", "nan"), ("Hakka", "hak"), ("文言", "lzh"), ("日本語", "ja"), ("한국어", "ko"),
        ("ไทย", "th"), ("ภาษาไทย", "th"), ("ພາສາລາວ", "lo"), ("ລາວ", "lo"), ("ភាសាខ្មែរ", "km"), ("ខ្មែរ", "km"), ("Khmer", "km"),
        ("Shan", "shn"), ("တႆး", "shn"), ("Karen", "ksw"), ("S'gaw Karen", "ksw"), ("Mon", "mnw"), ("Kachin", "kac"),
        ("Isan", "tts"), ("Northern Thai", "nod"), ("Northern Khmer", "kxm"), ("བོད་སྐད", "bo"), ("Dzongkha", "dz"),
        ("Deutsch", "de"), ("français", "fr"), ("francais", "fr"), ("português", "pt"), ("தமிழ் மொழி", "ta"), ("العربية", "ar"),
        ("Filipino", "fil"), ("Tagalog", "tl"), ("wikang Filipino", "fil"), ("en_GB", "en-GB"), ("British English", "en-GB"),
        ("Klingon", "tlh"), ("xx", ""), ("Burmesse", ""), ("nonsense", ""), ("", ""), ("language", ""), ("1", ""), ("en" * 60, ""),
    ],
)  # fmt: skip
def test_a_language_may_be_named_in_english_or_in_itself(typed: str, tag: str) -> None:
    assert tag_of(typed) == tag


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("my", "Burmese"), ("zh-hant", "Traditional Chinese"), ("my-MM", "Burmese (Myanmar)"), ("zh-CN", "Chinese (China)"),
        ("vi-VN", "Vietnamese (Viet Nam)"), ("ksw", "S’gaw Karen"), ("mnw", "Mon"), ("nod", "Northern Thai"), ("iw", "Hebrew"),
        ("cmn-Hans", "Mandarin Chinese (Simplified)"), ("sgn-ase", "American Sign Language"), ("qqq", "qqq"), ("x-klingon", "x-klingon"),
    ],
)  # fmt: skip
def test_a_language_has_an_english_name(tag: str, name: str) -> None:
    assert language_name(tag) == name


def test_the_languages_of_the_region_are_suggested_first_in_both_names() -> None:
    assert languages()[:3] == [("en", "English"), ("my", "မြန်မာ – Burmese"), ("th", "ไทย – Thai")]
    assert [tag for tag, name in languages() if tag == name or canonical(tag) != tag] == []


def test_every_name_that_is_offered_leads_back_to_its_tag() -> None:
    assert {tag: tag_of(name) for tag, name in languages()} == {tag: tag for tag, _ in languages()}


def test_every_own_name_of_the_locale_data_is_understood() -> None:
    """A few are shared: `Jawa` and the like lead to the better known language."""
    lost = {tag: name for tag, name in own_names().items() if not tag_of(name)}

    assert lost == {}
