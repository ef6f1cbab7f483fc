"""Which passwords everybody tries, by the lists that are shipped; and that good ones pass."""

from __future__ import annotations

import random

import pytest

from portal.rules.passwords import plainly, problem_with
from portal.text import easy_passwords
from portal.text.easy_passwords import LeakedLists

LISTS = LeakedLists()
KNOWN = ("Dewi Anggraini", "dewi@selat.example", "South East Asia Post")


def is_easy(password: str) -> bool:
    problem = problem_with(password, KNOWN, LISTS)
    assert problem in ("", problem_with("aaaaaaaaaaaaaaaa"))
    return problem != ""


@pytest.mark.parametrize(
    "password",
    [
        "sunshinesunshine",
        "sunshine-sunshine",
        "Sunsh1neSunsh1ne",
        "$un$hine$un$hine",
        "enihsnusenihsnus",
        "football20262026",
        "football!!!!!!!!",
        "footballfootball1",
        "sunshinefootball",
        "Sunshine Football 2026!",
        "correcthorsebatterystaple",
        "Correct Horse Battery Staple 1",
        "correct-horse-battery-staple!!!",
        "singapore2026!!!",
        "malaysia20262026",
        "jakarta123jakarta",
        "kualalumpur2026!",
        "Phnom Penh 2026!!!",
        "myanmar2026myanmar",
        "trustno1trustno1",
        "P@ssw0rdP@ssw0rd!",
        "m4nch3ster2026!!",
        "iloveyousomuch2026",
        "i love you so much",
        "this is my password",
        "qwertyuiop123456",
        "1qaz2wsx3edc4rfv",
        "zxcvbnmasdfghjkl",
        "abcd1234abcd1234",
        "superman19851985",
        "dewisunshine2026",
        "2026sunshine2026",
        "michael15081990",
        "elizabeth19900815",
    ],
)
def test_what_everybody_tries_is_refused(password: str) -> None:
    assert is_easy(password)


@pytest.mark.parametrize(
    "password",
    [
        "purple kettle walks north",
        "seven green ladders sing",
        "rice bridge lantern cloud",
        "ferry lamp orange winter",
        "my dog eats seventeen mangoes",
        "correct horse walks over the bridge",
        "correct mango battery ladder",
        "xK9#mQ2$vL7@pR4!",
        "kettle walks no",
        "ရန်ကုန်မှာမိုးရွာနေတယ်",
        "nasi lemak di tepi sungai",
        "chim sẻ hát bên bờ ao",
    ],
)
def test_good_pass_phrases_are_taken(password: str) -> None:
    assert not is_easy(password)


def test_nearly_every_phrase_of_four_plain_words_is_taken() -> None:
    """Words that no list holds are better still; here all four are common ones, drawn by dice."""
    words = (
        "apple bridge carpet dinner engine finger garden harbour island jacket kitchen ladder market needle orange "
        "pencil quarter river school table uncle village window yellow bottle candle doctor elephant forest guitar"
    ).split()
    dice = random.Random(7)  # the same phrases in every run
    phrases = [" ".join(dice.sample(words, 4)) for _ in range(400)]

    assert [each for each in phrases if is_easy(each)] == []


def test_the_list_of_passwords_is_long_and_takes_few_others_for_its_own() -> None:
    count = easy_passwords.PASSWORDS.stat().st_size // easy_passwords.PASSWORD_BYTES
    wrong = sum(LISTS.is_common(f"{number:x}kettle{number}") for number in range(200_000))

    assert count >= 100_000
    assert [each for each in ("123456789", "letmein", "trustno1") if not LISTS.is_common(each)] == []
    assert wrong / 200_000 < 1 / 10_000  # one in 39,000 is to be expected


def test_words_have_their_rank() -> None:
    ranks = [LISTS.rank(each) for each in ("password", "you", "singapore", "kettlewalks")]

    assert ranks[:3] == [0, 1, 2]
    assert ranks[3] is None


def test_the_hardest_password_costs_a_bounded_number_of_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    number_of = easy_passwords.number_of
    monkeypatch.setattr(
        easy_passwords, "number_of", lambda text, size: asked.append(text) or number_of(text, size)
    )

    problem_with("".join(f"{chr(97 + number % 26)}{number % 10}" for number in range(31)) + "k", KNOWN, LISTS)

    assert 0 < len(asked) < 5_000


def test_blanks_case_and_punctuation_are_no_part_of_it() -> None:
    assert plainly("Correct-Horse, Battery_Staple!") == "correcthorsebatterystaple"
