"""What word processors and mail programs put on the clipboard keeps its meaning."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from portal.text.plain import html_to_text
from portal.text.safe_html import sanitise

SAMPLES = (
    "01-word-bullets.html", "02-google-docs-inline-formats.html", "03-libreoffice-release.html",
    "04-outlook-desktop-message.html", "05-google-docs-list.html", "06-gmail-compose.html",
)  # fmt: skip


class Reading(HTMLParser):
    """The words inside each kind of tag."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.links: list[dict[str, str]] = []
        self.lists: list[dict[str, Any]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.found.setdefault(tag, []).append("")
        if tag == "a":
            self.links.append({"text": "", "href": dict(attrs)["href"] or ""})
        if tag in ("ul", "ol") and self.open.count("li") == 0:
            self.lists.append({"ordered": tag == "ol", "items": []})
        if tag == "li":
            self.lists[-1]["items"].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.found[tag][-1] += data
        if "a" in self.open:
            self.links[-1]["text"] += data
        if "li" in self.open:
            self.lists[-1]["items"][-1] += data.strip("\n")


@pytest.fixture(params=SAMPLES)
def sample(request: pytest.FixtureRequest, corpus: Path) -> tuple[str, dict[str, Any]]:
    """The stored HTML of one sample and what is expected of it."""
    expected = json.loads((corpus / "pasted" / "expected.json").read_text(encoding="utf-8"))["samples"]
    pasted = (corpus / "pasted" / request.param).read_text(encoding="utf-8")
    return sanitise(pasted), expected[request.param]


def test_its_words_stay_in_their_order(sample: tuple[str, dict[str, Any]]) -> None:
    stored, expected = sample
    words = " ".join(html_to_text(stored).split())
    places = [words.find(part) for part in expected["must"]["text_in_order"]]

    assert -1 not in places
    assert re.search(".*?".join(map(re.escape, expected["must"]["text_in_order"])), words)


def test_nothing_of_the_program_is_stored(sample: tuple[str, dict[str, Any]]) -> None:
    stored, expected = sample
    unwanted = expected["must"]["not_contain_in_stored_html"]
    unread = expected["must"].get("text_not_contain", []) + expected["should"].get("text_not_contain", [])

    assert [part for part in unwanted if part in stored] == []
    assert [part for part in unread if part in html_to_text(stored)] == []


def test_its_structure_is_kept(sample: tuple[str, dict[str, Any]]) -> None:
    stored, expected = sample
    reading, should = Reading(stored), expected["should"]

    assert [link for link in expected["must"].get("links", []) if link not in reading.links] == []
    for tag, kind in (("h3", "heading"), ("strong", "bold"), ("em", "italic")):
        assert [words for words in should.get(kind, []) if words not in reading.found.get(tag, [])] == []
    assert [found["items"] for found in reading.lists] == [
        a_list["items"] for a_list in should.get("lists", [])
    ]
    ordered = [
        (a["ordered"], b["ordered"]) for a, b in zip(reading.lists, should.get("lists", []), strict=True)
    ]
    assert [pair for pair in ordered if pair[1] is not None and pair[0] != pair[1]] == []
    assert [words for words in reading.found["p"] if not words.strip()] == []


def test_the_wrapper_of_google_docs_does_not_embolden(corpus: Path) -> None:
    pasted = (corpus / "pasted" / "02-google-docs-inline-formats.html").read_text(encoding="utf-8")

    assert sanitise(pasted).split("\n")[1:3] == ["<p><em>Italic</em></p>", "<p>underline</p>"]


def test_each_line_of_a_mail_is_a_paragraph(corpus: Path) -> None:
    pasted = (corpus / "pasted" / "06-gmail-compose.html").read_text(encoding="utf-8")

    assert html_to_text(sanitise(pasted)).split("\n\n")[0] == "Village fête moved to the school hall."
    assert Reading(sanitise(pasted)).links == [
        {"text": "fete.example/book", "href": "https://fete.example/book"}
    ]
