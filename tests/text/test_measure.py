"""Counts that are fair to scripts that write no spaces."""

from typing import Any

import pytest

from portal.text.body import body_html
from portal.text.measure import (
    grapheme_count,
    is_dense,
    link_addresses,
    link_count,
    scripts_without_spaces,
    word_count,
)
from portal.text.plain import html_to_text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("Two words", 2),
        ("Two – words, it’s 5 % more & more", 6),
        ("“Quoted” (words)", 2),
        pytest.param("–" * 200_000, 0, id="dashes only"),
        ("bài viết tiếng Việt", 4),
        ("한국어 뉴스 기사", 3),
        ("العربية لغة", 2),
        ("မြန်မာ", 1),
        ("မြန်မာနိုင်ငံ မြန်မာ", 2),
        ("ทดสอบระบบ", 2),
        ("ສະບາຍດີ", 1),
        ("កម្ពុជា", 1),
        ("新聞稿", 2),
        ("ꆈꌠꉙ", 2),
        ("コーヒー", 2),
        ("ㄅㄆㄇㄈ", 2),
        ("ပြည်သူ၊ မြို့။", 1),  # punctuation is no part of a word
        ("၁၂၃၄၅၆၇", 2),
        ("iPhone发布会", 3),
        ("2026年3月15日", 5),
        ("ราคา500บาท", 3),
        ("ပထမ Samsung 5G", 3),
    ],
)
def test_words_are_counted_as_the_script_writes_them(text: str, words: int) -> None:
    assert word_count(text) == words


@pytest.mark.parametrize(
    "letter",
    [
        "က", "ၶ", "ꩡ", "ꧦ", "ၵ", "ก", "ກ", "ក", "ཀ", "ᦀ", "ᥐ", "ᨠ", "ꪀ", "ꦲ", "ᬓ",
    ],
)  # fmt: skip
def test_six_graphemes_stand_for_a_word_where_no_spaces_are_written(letter: str) -> None:
    assert [word_count(letter * length) for length in (1, 6, 7, 600)] == [1, 1, 2, 100]
    assert scripts_without_spaces(letter) == {6}


@pytest.mark.parametrize("sign", ["新", "あ", "ア", "ㄅ", "ꆈ", "〇", "々"])
def test_two_signs_stand_for_a_word_where_a_sign_is_half_of_one(sign: str) -> None:
    assert [word_count(sign * length) for length in (1, 2, 3, 600)] == [1, 1, 2, 300]
    assert scripts_without_spaces(sign) == {2}


@pytest.mark.parametrize("letter", ["a", "ế", "ж", "ش", "த", "한", "ა", "ꨀ", "ᮊ", "\u02bc"])
def test_other_scripts_have_spaces(letter: str) -> None:
    assert scripts_without_spaces(letter) == frozenset()
    assert word_count(letter * 600) == 1


@pytest.mark.parametrize(
    ("text", "dense"),
    [
        ("新渡轮启航", True), ("새 배가 뜬다", True), ("フェリー", True), ("ရန်ကုန်", True), ("កម្ពុជា", True), ("བོད", True), ("ꆈꌠ", True),
        ("New ferry", False), ("เรือใหม่", False), ("ເຮືອໃໝ່", False), ("新 Ferry sails", False), ("", False), ("2026", False),
    ],
)  # fmt: skip
def test_a_text_is_dense_where_most_letters_are_syllables_or_words(text: str, dense: bool) -> None:
    assert is_dense(text) is dense


@pytest.mark.parametrize(
    ("text", "graphemes"),
    [("", 0), ("cafe\u0301", 4), ("👩\u200d🌾", 1), ("ကြောင်", 3), ("ที่", 1), ("\r\n", 1)],
)
def test_a_grapheme_is_what_a_reader_sees_as_one(text: str, graphemes: int) -> None:
    assert grapheme_count(text) == graphemes


def test_links_of_a_stored_body_are_counted() -> None:
    stored = body_html("https://a.example/?b=1&c=2 and http://d.example, not ftp://e.example", "text")

    assert link_count(stored) == 2
    assert link_addresses(stored) == ["https://a.example/?b=1&c=2", "http://d.example"]


def test_releases_in_every_language_of_the_corpus_have_a_plausible_length(
    multilingual: list[dict[str, Any]],
) -> None:
    bodies = {release["id"]: release for release in multilingual if release.get("body_html")}
    counted = {
        name: word_count(html_to_text(body_html(release["body_html"], "html")))
        for name, release in bodies.items()
    }

    assert {name: words for name, words in counted.items() if not 60 <= words <= 3_000} == {}
