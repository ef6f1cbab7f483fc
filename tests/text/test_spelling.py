"""Of slips the word that was meant, of everything else nothing."""

import pytest

from portal.text.spelling import grams, nearest, plain_word, spellings

KNOWN = (
    "ferry",
    "ferries",
    "mangrove",
    "festival",
    "penang",
    "obrien",
    "taunggyi",
    "harbour",
    "luong",
    "manager",
)


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("fery", "ferry"),
        ("ferrry", "ferry"),
        ("ferris", "ferries"),
        ("mangorve", "mangrove"),
        ("mangrov", "mangrove"),
        ("fetsival", "festival"),
        ("penag", "penang"),
        ("obrian", "obrien"),
        ("taungyi", "taunggyi"),
        ("harbor", "harbour"),
        ("elephant", ""),
        ("qqqq", ""),
    ],
)
def test_the_nearest_word_is_meant(slip, meant):
    assert nearest(slip, KNOWN) == meant
    assert not meant or 10 * len(set(grams(slip)) & set(grams(meant))) >= 3 * len(grams(slip))


def test_words_are_known_folded_and_shown_as_they_are_written():
    found = spellings("The O’Brien’s Đắk-Đoa fair: MANGROVES, 4x ngày ธนาคาร 新加坡 a-b and Ёлка")

    assert found == {
        "obrien": "o’brien",
        "fair": "fair",
        "mangroves": "mangroves",
        "ngay": "ngày",
        "елка": "ёлка",
    }


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("Mangorve", "mangorve"),
        ("“mangorve”", "mangorve"),
        ("two words", ""),
        ("4800", ""),
        ("fer", ""),
        ("ธนาคาร", ""),
    ],
)
def test_one_word_of_letters_can_be_a_slip(typed, word):
    assert plain_word(typed) == word
