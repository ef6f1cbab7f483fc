"""Counts that are fair to scripts that write no spaces."""

from typing import Any

import pytest

from portal.text.body import body_html
from portal.text.measure import grapheme_count, link_addresses, link_count, word_count
from portal.text.plain import html_to_text


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("", "en", 0),
        ("Two words", "en", 2),
        ("Two – words, it’s 5 % more & more", "en", 6),
        ("“Quoted” (words)", "en-GB", 2),
        pytest.param("–" * 200_000, "en", 0, id="dashes only"),
        ("မြန်မာ", "my", 1),
        ("မြန်မာနိုင်ငံ မြန်မာ", "my-MM", 2),
        ("ทดสอบระบบ", "th", 2),
        ("ສະບາຍດີ", "lo", 1),
        ("កម្ពុជា", "km", 1),
        ("新聞稿", "zh-Hant", 2),
        ("bài viết tiếng Việt", "vi", 4),
    ],
)
def test_words_are_counted_as_the_language_writes_them(text: str, language: str, words: int) -> None:
    assert word_count(text, language) == words


@pytest.mark.parametrize(
    ("text", "graphemes"),
    [("", 0), ("cafe\u0301", 4), ("👩\u200d🌾", 1), ("ကြောင်", 3), ("ที่", 1), ("\r\n", 1)],
)
def test_a_grapheme_is_what_a_reader_sees_as_one(text: str, graphemes: int) -> None:
    assert grapheme_count(text) == graphemes


def test_six_graphemes_stand_for_a_word_where_no_spaces_are_written() -> None:
    assert [word_count("က" * length, "my") for length in (1, 6, 7, 600)] == [1, 1, 2, 100]


def test_links_of_a_stored_body_are_counted() -> None:
    stored = body_html("https://a.example/?b=1&c=2 and http://d.example, not ftp://e.example", "text")

    assert link_count(stored) == 2
    assert link_addresses(stored) == ["https://a.example/?b=1&c=2", "http://d.example"]


def test_releases_in_every_language_of_the_corpus_have_a_plausible_length(
    multilingual: list[dict[str, Any]],
) -> None:
    bodies = {release["id"]: release for release in multilingual if release.get("body_html")}
    counted = {
        name: word_count(html_to_text(body_html(release["body_html"], "html")), release["language"])
        for name, release in bodies.items()
    }

    assert {name: words for name, words in counted.items() if not 60 <= words <= 3_000} == {}
