"""A line that stands in the wrong box goes where it belongs at one press, and no word is lost on the way."""

from __future__ import annotations

import re

import pytest

from tests.rigs.people import People
from tests.rigs.visitor import Visitor

LINE = "Contact: Dewi Anggraini, press@selat.example, +62 811 555 0163"
STORY = "A night ferry sails on Monday.\n\nIt leaves at 21:00."


@pytest.fixture
def draft(member: Visitor) -> str:
    return member.send("/submit", kind="business").location.removesuffix("/edit/news")


def save(member: Visitor, draft: str, page: str, version: str = "", **fields: str) -> str:
    address = f"{draft}/edit/{page}"
    version = version or version_of(member, address)
    return member.send(address, version=version, **fields).location


def version_of(member: Visitor, address: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', member.open(address).text)
    assert found
    return found[1]


def box(page: str, name: str) -> str:
    found = re.search(rf'<textarea[^>]*(?:name|id)="{name}"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    found = found or re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_a_contact_in_the_story_moves_to_its_page(member: Visitor, draft: str) -> None:
    save(member, draft, "contact", contact_name="", contact_email="own@selat.example", contact_phone="")
    story = f"{STORY}\n\n{LINE}"
    save(member, draft, "story", body=story, go="preview")
    address = f"{draft}/edit/story"
    assert 'value="put-contact"' in member.open(address).text
    version = version_of(member, address)

    for _press in range(2):
        assert save(member, draft, "story", version, body=story, go="put-contact") == f"{address}#body"

    page = member.open(address).text
    assert box(page, "body") == STORY
    assert box(page, "taken-out-words") == LINE
    assert 'value="put-contact"' not in page
    page = member.open(f"{draft}/edit/contact").text
    assert [box(page, f"contact_{name}") for name in ("name", "email", "phone")] == [
        "Dewi Anggraini", "own@selat.example", "+62 811 555 0163",
    ]  # fmt: skip

    save(member, draft, "story", body=STORY)
    assert "taken-out-words" not in member.open(address).text


def test_a_dateline_gives_the_city_where_none_was_written(member: Visitor, draft: str) -> None:
    save(member, draft, "story", body=f"SURABAYA – {STORY}", go="put-dateline")
    assert box(member.open(f"{draft}/edit/story").text, "body") == STORY
    assert box(member.open(f"{draft}/edit/news").text, "city") == "Surabaya"


def test_an_about_text_becomes_that_of_a_house_that_has_none(
    member: Visitor, people: People, draft: str
) -> None:
    for about in ("We sail since 1970.", "We sail no more."):
        save(member, draft, "story", body=f"{STORY}\n\nAbout us\n{about}", go="put-about")
        page = member.open(f"{draft}/edit/story").text
        assert (box(page, "body"), box(page, "taken-out-words")) == (STORY, f"About us\n{about}")
        assert people.organisation("selat-biru-ferries").about == "We sail since 1970."


def test_no_button_of_a_story_stands_where_nothing_takes_it(member: Visitor, draft: str) -> None:
    save(member, draft, "story", body=f"{STORY}\n\n{LINE}")
    page = member.open(f"{draft}/edit/check").text
    assert "looks like a contact" in page
    assert "put-contact" not in page


def test_lines_behind_a_headline_wait_for_a_word_where_they_go(member: Visitor, draft: str) -> None:
    typed = "A night ferry sails to Kalianget on Monday\n\nIt leaves at 21:00.\n\nIt carries 40 cars."
    address = f"{draft}/edit/news"
    fields = {"headline": typed, "language": "en", "city": "Surabaya", "country": "ID"}
    version = version_of(member, address)
    for _press in range(2):
        assert save(member, draft, "news", version, **fields) == f"{address}#rest"
    page = member.open(address).text
    assert box(page, "headline") == "A night ferry sails to Kalianget on Monday"
    assert box(page, "rest-lines") == "It leaves at 21:00.\n\nIt carries 40 cars."

    fields["headline"] = box(page, "headline")
    version = version_of(member, address)
    for _press in range(2):
        assert save(member, draft, "news", version, **fields, go="put-rest") == f"{draft}/edit/story#body"
    page = member.open(f"{draft}/edit/story").text
    assert box(page, "body") == "It leaves at 21:00.\n\nIt carries 40 cars."
    assert "rest-lines" not in page


def test_lines_behind_a_headline_can_be_left_out(member: Visitor, draft: str) -> None:
    fields = {"headline": "A night ferry sails\nIt leaves at 21:00.", "language": "en", "city": "Surabaya"}
    save(member, draft, "news", **fields, country="ID")
    fields["headline"] = "A night ferry sails"
    assert save(member, draft, "news", **fields, go="put-no-rest") == f"{draft}/edit/news"
    assert "rest-lines" not in member.open(f"{draft}/edit/news").text
    assert box(member.open(f"{draft}/edit/story").text, "body") == ""


def test_a_conflict_keeps_every_line_of_a_headline(member: Visitor, draft: str) -> None:
    address = f"{draft}/edit/news"
    version = version_of(member, address)
    save(member, draft, "news", version, headline="Somebody was faster")
    answer = member.send(address, version=version, headline="A night ferry sails\nIt leaves at 21:00.")
    assert answer.status_code == 409
    assert box(answer.text, "headline") == "A night ferry sails\nIt leaves at 21:00."
