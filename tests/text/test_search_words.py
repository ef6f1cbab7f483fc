"""A text and a question about it are read alike, in every script."""

import json

import pytest

from portal.text.search_words import LONGEST_QUESTION, MOST_ASKED, asked_words, words_of
from tests.rigs.sources import CORPUS


def finds(question: str, text: str) -> bool:
    asked = asked_words(question)
    return bool(asked) and set(asked) <= set(words_of(text))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("RICE mill", "Farmers open a rice mill"),
        ("farmer", "The farmer’s rice"),
        ("da nang", "Đà Nẵng"),
        ("Đà Nẵng", "da nang"),
        ("strasse", "Straße"),
        ("елка", "Ёлка"),
        ("كتب", "كُتُب"),
        ("ไทย", "ธนาคารแห่งประเทศไทย"),
        ("ธนาคาร", "ธนาคารแห่งประเทศไทย"),
        ("ພາສາ", "ປະເທດລາວພາສາລາວ"),
        ("ភ្នំពេញ", "រាជធានីភ្នំពេញថ្មី"),
        ("နေပြည်တော်", "မြန်မာနိုင်ငံနေပြည်တော်။"),
        ("နိုင်ငံ", "မြန်မာနိုင်ငံ"),
        ("東京", "東京タワー"),
        ("新", "在新加坡"),
        ("タワー", "東京タワー"),
        ("２０２６", "in 2026"),
        ("SEAP-2026-K7Q4M", "reference seap 2026 k7q4m"),
        ("தமிழ்", "தமிழ் செய்தி"),
        ("ไท\u200bย", "ประเทศไทย"),
    ],
)
def test_case_accents_and_missing_spaces_do_not_matter(question, text):
    assert finds(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("rice", "price"),
        ("rice wheat", "rice"),
        ("ลาว", "ประเทศไทย"),
        ("京東", "東京"),
        ("နေပြည်တော်", "မြန်မာနိုင်ငံ"),
    ],
)
def test_other_words_are_not_found(question, text):
    assert not finds(question, text)


@pytest.mark.parametrize("nothing", ["", " ", '"', "* - : ( ) ' \\ % _ & | !", "🙂", "\u200b", "\x00"])
def test_what_holds_no_word_asks_nothing(nothing):
    assert asked_words(nothing) == []


@pytest.mark.parametrize(
    "signs", ['"rice"', "rice*", "-rice", "rice:", "(rice", "'rice'", "rice\\", "NOT^rice" + "!"]
)
def test_signs_of_a_query_language_are_only_signs(signs):
    assert set(asked_words(signs)) - {"not"} == {"rice"}


def test_words_hold_letters_marks_and_digits_only():
    naughty = CORPUS / "naughty" / "blns.json"
    if not naughty.exists():
        pytest.skip("the shared corpus is not here")
    for text in json.loads(naughty.read_text("utf-8")):
        for word in (*asked_words(text), *words_of(text)):
            assert word.isprintable()
            assert not set(word) & set(" \"'\\:*()&|!<>-%_\t\n\ue000\ue001")


def test_a_long_question_is_cut():
    assert len(asked_words("word " * 10_000)) == 1
    assert len(asked_words("ก" * 10_000)) == 1
    assert max(map(len, asked_words("a" * 10_000))) <= 64
    assert len(asked_words("".join(map(chr, range(0x4E00, 0x4E00 + LONGEST_QUESTION))))) == MOST_ASKED


def test_a_text_without_end_keeps_a_bounded_number_of_words():
    kept = words_of("".join(map(chr, range(0x4E00, 0x9F00))) * 20)

    assert sum(len(word.encode()) + 1 for word in kept) <= 400_000
    assert kept[0] == chr(0x4E00)
