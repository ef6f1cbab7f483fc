"""Plain text keeps what a script needs and loses what breaks pages, feeds and mails."""

import unicodedata
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text.body import body_html
from portal.text.measure import grapheme_count, word_count
from portal.text.plain import clean_line, clean_text, excerpt, first_paragraph, html_to_text, opening
from portal.text.similarity import bands
from portal.text.slugs import slugify


def as_xml(text: str) -> str:
    """What an XML reader makes of a text written into a feed."""
    element = ET.Element("title")
    element.text = text
    return ET.fromstring(ET.tostring(element, encoding="utf-8")).text or ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Harbour opens\n", "Harbour opens"),
        ("a\r\nb\tc\u2028d", "a b c d"),
        ("a\x00\x0b\x1b\x7f\x85b", "a  b"),
        ("pay\u202e\u2066lave\u2069\u202c", "paylave"),
        ("cafe\u0301", "café"),
        ("\ud800a\udfff", "a"),
        ("a\ufdd0\ufffe\U0010ffffb", "ab"),
        ("\ufeffa", "a"),
        ("\u200bကခ\u200bဂ\u200b", "ကခ\u200bဂ"),
        ("👩\u200d🌾", "👩\u200d🌾"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("50\u00a0000", "50\u00a0000"),
        (" \u200b \u200b", ""),
        pytest.param(" \u200b" * 200_000, "", id="much that nobody sees"),
    ],
)
def test_a_line_keeps_its_words_and_loses_what_breaks_it(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept


def test_a_text_keeps_its_lines() -> None:
    assert clean_text("\r\na\r\n\r\nb\rc\u2029d\x0c \n") == "a\n\nb\nc\nd"


@given(st.text())
def test_cleaned_text_is_well_formed_normal_and_stays_the_same(typed: str) -> None:
    line, text = clean_line(typed), clean_text(typed)

    assert (clean_line(line), clean_text(text)) == (line, text)
    assert (as_xml(line), as_xml(text)) == (line, text)
    assert unicodedata.is_normalized("NFC", text)


def test_naughty_strings_pass_through_every_door(naughty: list[str]) -> None:
    for typed in naughty:
        stored = [clean_line(typed), clean_text(typed), html_to_text(body_html(typed, "html"))]
        stored += [html_to_text(body_html(typed, each)) for each in ("text", "markdown")]

        assert [as_xml(text) for text in stored] == stored
        assert grapheme_count(typed) <= len(typed)
        assert word_count(typed) >= 0
        assert slugify(typed).strip("abcdefghijklmnopqrstuvwxyz0123456789-") == ""
        assert len(bands(typed)) in (0, 16)


@pytest.mark.parametrize(
    "typed", ["<b>no</b> markup & <script>alert(1)</script>", "a < b", "&lt;p&gt; &amp;"]
)
def test_markup_typed_into_a_text_is_read_back_as_typed(typed: str) -> None:
    assert html_to_text(body_html(typed, "text")) == typed


def test_html_becomes_paragraphs_and_lines() -> None:
    html = "<h3>Head</h3><p>One <strong>two</strong>.</p><ol><li>a<ul><li>b</li></ul></li><li>c</li></ol><blockquote><p>q</p><p>r</p></blockquote>"

    assert html_to_text(html) == "Head\n\nOne two.\n\n1. a\n  - b\n2. c\n\nq\n\nr"


LONG = "The ferry company will sail on Monday from the pier."


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (f"<p>{{: .lead }}</p><p>HILLTOWN</p><p>{LONG}</p>", LONG),
        (f"<p>Seven words are one too few here</p><p>{LONG}</p>", LONG),
        (
            "<p>Eight words are just enough to stand here</p><p>Two</p>",
            "Eight words are just enough to stand here",
        ),
        (f"<h3>{LONG} And more of it</h3><ul><li>Monday</li><li>{LONG}</li></ul>", LONG),
        (f"<p>{{{{&lt; youtube x &gt;}}}} {LONG}</p>", LONG),
        (
            "<p>新渡轮</p><p>雅加达与巴淡之间的新渡轮将于周一启航。</p>",
            "雅加达与巴淡之间的新渡轮将于周一启航。",
        ),
        ("<p>ရန်ကုန်</p><p>" + "က" * 43 + "</p>", "က" * 43),
        ("<p>Short</p><p>Other</p>", "Short"),
        ("<h3>Head</h3>", "Head"),
        ("<p>{: .x}</p>", ""),
        ("", ""),
    ],
)
def test_an_excerpt_begins_with_the_first_block_of_eight_words(html: str, shown: str) -> None:
    assert opening(html) == shown


def test_the_first_paragraph_is_not_the_heading() -> None:
    assert (
        first_paragraph("<h3>Head</h3><blockquote><p>One &amp; <em>two</em>.</p></blockquote><p>Three.</p>")
        == "One & two."
    )
    assert first_paragraph("<h3>Head</h3>") == "Head"
    assert first_paragraph("") == ""


@pytest.mark.parametrize(
    ("text", "characters", "shown"),
    [
        ("The quick brown fox", 19, "The quick brown fox"),
        ("The quick brown fox", 12, "The quick…"),
        ("The quick, brown fox", 11, "The quick…"),
        ("The quick\nbrown", 10, "The quick…"),
        ("Donaudampfschifffahrt", 8, "Donauda…"),
        ("👩\u200d🌾👩\u200d🌾👩\u200d🌾", 2, "👩\u200d🌾…"),
        ("နှင့်နှင့်နှင့်", 2, "နှ…"),
        ("", 5, ""),
    ],
)
def test_an_excerpt_ends_between_words_and_never_inside_a_letter(
    text: str, characters: int, shown: str
) -> None:
    assert excerpt(text, characters) == shown


@given(st.text(), st.integers(1, 30))
def test_an_excerpt_is_never_longer_than_asked(text: str, characters: int) -> None:
    assert grapheme_count(excerpt(text, characters)) <= characters
