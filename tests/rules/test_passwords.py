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
