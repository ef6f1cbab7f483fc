"""A reader's way by Chromium, and scanners that open every link of a mail with scripts on: only buttons act."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rigs.readers import LINK, READER, Readers, every_row
from tests.rigs.running_portal import RunningPortal, running_portal

pytestmark = pytest.mark.browser
MAIN_BUTTON = "main button"


@pytest.fixture
def site(tmp_path: Path, sqlite_template: Path) -> Iterator[RunningPortal]:
    with running_portal(tmp_path, sqlite_template) as running:
        yield running


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def links_in_mail(site: RunningPortal, subject: str) -> dict[str, str]:
    letter = site.letter(READER, subject)
    return {what: f"{site.home}/newsletter/{what}/{token}" for what, token in LINK.findall(letter.text)}


def scan(site: RunningPortal, page: Any, addresses: dict[str, str]) -> None:
    """Open each twice, as a scanner does that runs scripts and fetches what it finds."""
    before = every_row(site.portal)
    for address in [*addresses.values()] * 2:
        page.goto(address)
        page.evaluate(
            "address => Promise.all(['GET', 'HEAD'].map(method => fetch(address, {method})))", address
        )
    assert every_row(site.portal) == before


def press(page: Any, selector: str = MAIN_BUTTON) -> None:
    page.locator(selector).first.click()
    page.wait_for_load_state()


def test_from_the_front_page_to_the_list_and_off_it_again(site: RunningPortal, page: Any) -> None:
    readers = Readers(site.portal)
    page.goto(site.home + "/")
    page.get_by_label("Your e-mail address").fill(READER)
    page.locator("summary", has_text="Everything, or only some of it").click()
    page.locator(".invite").get_by_label("Sport").check()
    press(page, ".invite form button")
    assert page.url == site.home + "/newsletter/sent"

    asked = links_in_mail(site, "One more tap")
    scan(site, page, asked)
    assert readers.reader().state == "asked"
    press(page)
    assert page.locator("h1").inner_text() == "You are on the list"
    assert readers.choice() == (("sports",), ())

    page.goto(site.home + "/newsletter/preferences")
    page.get_by_label("Your e-mail address").fill(READER)
    press(page)
    mailed = links_in_mail(site, "Your link")
    scan(site, page, mailed)
    page.goto(mailed["preferences"])
    page.get_by_label("Events").check()
    press(page, "main button.do")
    assert readers.choice() == (("sports", "event"), ())

    page.goto(mailed["unsubscribe"])
    press(page)
    assert page.locator("h1").inner_text() == "You have left the daily e-mail"
    assert readers.reader().state == "left"
    assert page.context.cookies() == []
