"""A reader's way by Chromium: asked on the front page, confirmed from the mail, a letter at its hour, and off the list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests import builders
from tests.rigs.readers import LINK, READER, Readers
from tests.rigs.running_portal import Letter, RunningPortal

pytestmark = pytest.mark.browser
OTHER = "other@home.example"
HOUR = timedelta(hours=1)
SIX = datetime.fromisoformat("2026-03-25T06:00:00+08:00")


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context()
    yield context.new_page()
    assert context.cookies() == []
    context.close()


def test_join_confirm_receive_and_leave(site: RunningPortal, page: Any) -> None:
    readers = Readers(site.portal)
    site.tick()  # today's issue is closed before anybody reads it
    joins_on_the_front_page(site, page)
    confirms(site, page)
    assert readers.choice() == (("sports",), ())

    published(site, "Riders reach the coast", kind="sports")
    published(site, "A mill opens", kind="business")
    letter = letter_at(site, SIX)
    assert letter.subject == "Riders reach the coast (Wed 25 March)"
    assert "A mill opens" not in letter.text
    reads(site, page, letter)
    assert readers.reader().state == "confirmed"

    changes_the_choice(page, letter)
    assert readers.choice() == (("sports", "business"), ())
    leaves(page, letter)
    assert readers.reader().state == "left"
    the_next_issue_goes_to_others_only(site, readers)


def joins_on_the_front_page(site: RunningPortal, page: Any) -> None:
    page.goto(site.home + "/")
    page.get_by_label("Your e-mail address").fill(READER)
    page.locator("summary", has_text="Everything, or only some of it").click()
    page.locator(".invite").get_by_label("Sport").check()
    press(page, ".invite form button")
    assert page.url == site.home + "/newsletter/sent"


def confirms(site: RunningPortal, page: Any) -> None:
    asked = site.letter(READER, "One more tap")
    (address,) = set(re.findall(r"http\S+/newsletter/confirm/\S+", asked.text))
    page.goto(address)
    assert page.locator("h1").inner_text() == "One more tap, and you are on the list"
    press(page)
    assert page.locator("h1").inner_text() == "You are on the list"


def published(site: RunningPortal, headline: str, **values: str) -> None:
    with site.portal.work() as work:
        builders.published_release(work, headline=headline, at=site.now + HOUR, **values)
        work.commit()


def letter_at(site: RunningPortal, due: datetime) -> Letter:
    """What has come a minute before the hour, and at the hour: nothing, and one letter."""
    before = len(site.letters(READER))
    site.set_time(due - timedelta(minutes=1))
    site.tick()
    assert len(site.letters(READER)) == before
    site.set_time(due)
    site.tick()
    assert len(site.letters(READER)) == before + 1
    return site.letters(READER)[-1]


def reads(site: RunningPortal, page: Any, letter: Letter) -> None:
    """The letter as the mail program shows it, and where its links lead."""
    page.set_content(letter.html)
    page.get_by_role("link", name="Riders reach the coast").click()
    page.wait_for_load_state()
    assert page.locator("h1").inner_text() == "Riders reach the coast"
    page.set_content(letter.html)
    page.get_by_role("link", name="Read it on the site").click()
    page.wait_for_load_state()
    assert page.url == f"{site.home}/newsletter/issues/2026-03-25"
    assert page.get_by_role("link", name="A mill opens").is_visible()
    page.goto(str(letter.message["List-Unsubscribe"]).partition(">")[0].strip(" <"))


def changes_the_choice(page: Any, letter: Letter) -> None:
    page.goto(links_of(letter)["preferences"])
    page.get_by_label("Business").check()
    press(page, "main button.do")
    assert "Kept. It holds from the next letter on" in page.locator("[role=status]").inner_text()


def leaves(page: Any, letter: Letter) -> None:
    page.goto(links_of(letter)["unsubscribe"])
    press(page)
    assert page.locator("h1").inner_text() == "You have left the daily e-mail"


def the_next_issue_goes_to_others_only(site: RunningPortal, readers: Readers) -> None:
    readers.confirmed(OTHER, now=site.now)
    had = len(site.letters(READER))
    published(site, "A library opens", kind="business")
    site.set_time(SIX + 24 * HOUR)
    site.tick()
    assert [each.subject for each in site.letters(OTHER)] == ["A library opens (Thu 26 March)"]
    assert len(site.letters(READER)) == had


def links_of(letter: Letter) -> dict[str, str]:
    home = letter.text.partition("/newsletter/")[0].split()[-1]
    return {what: f"{home}/newsletter/{what}/{token}" for what, token in LINK.findall(letter.text)}


def press(page: Any, selector: str = "main button") -> None:
    page.locator(selector).first.click()
    page.wait_for_load_state()
