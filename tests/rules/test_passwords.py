"""Which passwords are refused: by length and by what attackers try first."""

from __future__ import annotations

import pytest

from portal.rules.passwords import problem_with


@pytest.mark.parametrize(
    "password",
    [
        "purple kettle walks north",
        "xK9#mQ2$vL7@pR4!",
        "ရန်ကုန်မှာမိုးရွာနေတယ်",
        "p" + "qzwmxnek" * 7 + "ufjdsl",
        "correct horse walks over the bridge",
    ],
)
def test_long_passwords_that_nobody_guesses_are_taken(password: str) -> None:
    assert problem_with(password, ["Dewi Anggraini", "dewi@selat.example", "South East Asia Post"]) == ""


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaaaaaaaa",
        "passwordpassword",
        "P@ssw0rdP@ssw0rd",
        "password123456789",
        "123456789012345678",
        "qwertyuiopasdfghjkl",
        "abcabcabcabcabcabc",
        "Thequickbrownfox",
        "SouthEastAsiaPost",
        "south-east-asia-post-2026",
        "selatbiruferries1",
        "dewi@selat.example",
        "Dewi Anggraini 1999",
        "               ",
    ],
)
def test_long_passwords_that_are_tried_first_are_refused(password: str) -> None:
    known = ["Dewi Anggraini", "dewi@selat.example", "Selat Biru Ferries", "South East Asia Post"]

    assert "easy to guess" in problem_with(password, known)


def test_fourteen_characters_are_too_few_and_the_sentence_counts_them() -> None:
    assert problem_with("kettle walks n").startswith("The password has 14 characters.")
    assert problem_with("kettle walks no") == ""


def test_a_thousand_bytes_are_the_most() -> None:
    long = "".join(chr(0x4E00 + number) for number in range(333))

    assert problem_with(long) == ""
    assert problem_with(long + "extra").startswith("The password is longer")


def test_the_lengths_are_counted_to_the_sign() -> None:
    assert problem_with("") == "Write a password."
    assert problem_with("k").startswith("The password has 1 character. Use 15 or more")
    assert problem_with("ke").startswith("The password has 2 characters.")
    han = "".join(chr(0x4E00 + number) for number in range(333))
    assert problem_with(han + "x") == ""  # a thousand bytes
    assert problem_with(han + "xy").startswith("The password is longer")
    assert problem_with("qwertyuiop" * 6 + "qwe").startswith("This password is easy")
    assert problem_with("qwertyuiop" * 6 + "qwer") == ""  # 64: length alone is enough


@pytest.mark.parametrize(("password", "known", "easy"), [
    ("press-xkqzm-press-press", (), False), ("press-xkqz-press-press", (), True),  # five signs left, and four
    ("press2026press1999x", (), True), ("pressxk2026qzmpress", (), False), ("pressxk2126qzpress", (), False),
    ("qwertypressxkqzqwerty", (), True), ("qwerxkqzmqwerasdfzxcv", (), False), ("qwexkqzmnpresspress", (), False),
    ("fdsaxkqzfdsapress", (), True), ("xkqzxkqzxkqzxkqz", (), True), ("xkqzmxkqzmxkqzm", (), False),
    ("abcdefxkqzabcdef", (), True), ("lotuslotusxkqzlotus", ["Lotus"], True), ("lotuslotusxkqzmlotus", ["Lotus"], False),
    ("ricexkqzricericeric", ["rice"], False), ("ricexkqricericeric", ["rice"], False), ("anxkqmzanananan", ["an"], False),
    ("ricexkqzricerice", ["Rice"], True), ("batubaraxkqzbatubara", ["batu bara"], True), ("b4tub4r4xkqzbatubara", ["batu bara"], True),
    ("aabbccddaabbccdd", (), True), ("aabbccddeeaabbccddee", (), False), ("aaaabbbbccccdddd", (), True),
    ("lotusbasinricexkqz", ["lotusbasin", "lotusbasinrice"], True), ("0penthed00rplease", (), True), ("open the door, please", (), True),
])  # fmt: skip
def test_what_is_guessable_is_taken_away_and_the_rest_is_counted(
    password: str, known: list[str], easy: bool
) -> None:
    assert problem_with(password, known).startswith("This password is easy") is easy
