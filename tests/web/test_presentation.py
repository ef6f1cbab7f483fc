"""The words, marks and addresses that templates are given."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from portal.rules.release_states import PUBLICATION_STATES, REVIEW_STATES
from portal.web import choices
from portal.web.presentation import (
    after_opening_paragraph_tag,
    dateline_text,
    dir_of,
    label,
    parts_kept_together,
)
from portal.web.state_words import STATES, state_shape, state_word
from portal.web.static_files import FOLDER, static_url

TEMPLATES = Path(__file__).parents[2] / "templates"


def test_every_state_has_words() -> None:
    shown_only = {"scheduled", "published", "archived"}

    assert {*REVIEW_STATES, *PUBLICATION_STATES, *shown_only} == set(STATES)


def test_the_sender_and_the_newsroom_read_their_own_words() -> None:
    assert state_word("in_review") == "An editor is reading it"
    assert state_word("in_review", "newsroom") == "Being read"
    assert state_shape("in_review") == "s-read"


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        ("en", "ltr"),
        ("my", "ltr"),
        ("ar", "rtl"),
        ("ms-Arab", "rtl"),
        ("ur-Latn", "ltr"),
        ("ar-EG", "rtl"),
        ("", "ltr"),
    ],
)
def test_a_language_tells_its_direction(tag: str, direction: str) -> None:
    assert dir_of(tag) == direction


def test_the_label_takes_an_organisation_or_its_name() -> None:
    expected = "PRESS RELEASE – supplied by Selat Biru Ferries"

    assert label("Selat Biru Ferries") == expected
    assert label(SimpleNamespace(name="Selat Biru Ferries")) == expected


def test_a_dateline_ends_in_one_dash() -> None:
    assert dateline_text("SURABAYA, Indonesia – ") == "SURABAYA, Indonesia –"
    assert dateline_text("SINGAPORE") == "SINGAPORE –"
    assert dateline_text("  ") == ""


def test_only_a_text_that_opens_with_a_paragraph_takes_the_dateline_inside() -> None:
    assert after_opening_paragraph_tag("<p>One.</p><p>Two.</p>") == "One.</p><p>Two.</p>"
    assert after_opening_paragraph_tag("<ul><li>One</li></ul>") == ""


def test_scores_stay_together_and_the_text_stays_whole() -> None:
    parts = parts_kept_together("Kinta Rovers beat Teluk Sari 2–1 in 2026")

    assert [text for text, tight in parts if tight] == ["2–1"]
    assert "".join(text for text, _ in parts) == "Kinta Rovers beat Teluk Sari 2–1 in 2026"


def test_all_countries_are_offered_under_our_names() -> None:
    offered = dict(choices.countries())

    assert len(offered) == 249
    assert (offered["MM"], offered["VN"], offered["AQ"]) == ("Myanmar", "Viet Nam", "Antarctica")


def test_a_language_without_a_name_keeps_its_tag() -> None:
    assert choices.language_name("my") == "Burmese"
    assert choices.language_name("zh-Hant-TW") == "Traditional Chinese (Taiwan)"
    assert choices.language_name("x-klingon") == "x-klingon"


def test_an_address_of_a_static_file_carries_its_content() -> None:
    assert re.fullmatch(r"/static/portal\.css\?v=[0-9a-f]{12}", static_url("portal.css"))
    assert static_url("not-there.css") == "/static/not-there.css"


@pytest.mark.parametrize(
    ("name", "most"), [("portal.css", 9_000), ("desk.js", 6_000), ("story.js", 6_000), ("fonts.css", 1_000)]
)
def test_what_every_reader_loads_stays_small(name: str, most: int) -> None:
    assert len(gzip.compress((FOLDER / name).read_bytes(), 9)) <= most


@pytest.mark.parametrize("place", [".facts dd", ".quote blockquote p", ".note > span"])
def test_lines_that_were_typed_are_lines_on_the_page(place: str) -> None:
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", (FOLDER / "portal.css").read_text(encoding="utf-8"))

    assert any(
        place in names.strip().split(", ") and "white-space: pre-line" in said for names, said in rules
    )


def test_no_component_names_a_colour() -> None:
    css = re.sub(r"/\*.*?\*/", "", (FOLDER / "portal.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    after_tokens = css.split("@layer base {", 1)[1].split("@layer print {", 1)[0]

    assert re.findall(r"#[0-9A-Fa-f]{3,8}\b|rgba?\(|hsla?\(", after_tokens) == []


@pytest.mark.parametrize(
    "path",
    [each for each in sorted(TEMPLATES.rglob("*.html")) if "email" not in each.parts],
    ids=lambda path: str(path.relative_to(TEMPLATES)),
)
def test_a_page_has_no_style_and_no_script_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    scripts = re.findall(r"<script(?![^>]*(?:\bsrc=|application/ld\+json))[^>]*>", text)

    assert re.findall(r"<[^>]*\s(?:style|on[a-z]+)\s*=|<style", text) + scripts == []
