"""Which way a language is written, and what a script tells."""

import pytest

from portal.text.direction import direction_of, script_language


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        ("ar", "rtl"),
        ("fa-IR", "rtl"),
        ("en", "ltr"),
        ("my", "ltr"),
        ("", "ltr"),
        ("ms-Arab", "rtl"),
        ("ar-Latn", "ltr"),
    ],
)
def test_the_script_decides_where_the_tag_names_one(tag, direction):
    assert direction_of(tag) == direction


@pytest.mark.parametrize(
    ("text", "language"),
    [("စာပန်းခင်း Foundation", "my"), ("มูลนิธิ", "th"), ("مؤسسة", "ar"), ("Phố Nhỏ – Roasters", ""), ("", "")],
)
def test_a_script_that_needs_its_own_leading_is_recognised(text, language):
    assert script_language(text) == language
