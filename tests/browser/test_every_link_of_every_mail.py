"""Scanners open every link of every mail, some with scripts on: nothing happens before a person presses a button."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, build_opener

import pytest

from portal.outlets.mail.notices import TEMPLATES
from tests.rigs.every_mail import addresses_in, addresses_of, every_mail
from tests.rigs.readers import every_row
from tests.rigs.running_portal import BEGIN, RunningPortal, running_portal

FETCH = """address => Promise.all(['GET', 'HEAD'].map(method => fetch(address, {method})))"""


@dataclass
class Mailed:
    """A portal that has mailed everything that it can, and what stood in the mails."""

    site: RunningPortal
    mails: dict[str, list[EmailMessage]] = field(default_factory=dict)

    @property
    def addresses(self) -> list[str]:
        return addresses_of(mail for mails in self.mails.values() for mail in mails)


@pytest.fixture(scope="module")
def mailed(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Mailed]:
    with running_portal(tmp_path_factory.mktemp("portal"), sqlite_template) as site:
        yield Mailed(site, every_mail(site.portal, site.now))


def test_there_is_a_mail_of_every_kind_and_each_leads_to_the_site_alone(mailed: Mailed) -> None:
    assert set(mailed.mails) == {each.name for each in TEMPLATES.iterdir() if each.is_dir()}
    assert [each for each in mailed.addresses if not each.startswith(f"{mailed.site.home}/")] == []
    (letter,) = mailed.mails["daily"]
    unsubscribe = str(letter["List-Unsubscribe"]).partition(">")[0].strip(" <")
    assert unsubscribe in addresses_in(letter)
    assert len(addresses_in(letter)) > 6


def test_fetching_every_link_of_every_mail_twice_changes_no_row(mailed: Mailed) -> None:
    """A month later when links have expired, and on the day."""
    for days in (30, 0):
        mailed.site.set_time(BEGIN + timedelta(days=days))
        before = every_row(mailed.site.portal)
        answers = {status(method, address) for address in mailed.addresses * 2 for method in ("GET", "HEAD")}
        assert answers <= {200, 404}
        assert every_row(mailed.site.portal) == before


def status(method: str, address: str) -> int:
    """What a program without a cookie is answered in the end, as it follows redirects."""
    try:
        with build_opener().open(Request(address, method=method)) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


@pytest.mark.browser
def test_rendering_every_link_of_every_mail_with_scripts_on_changes_no_row(
    mailed: Mailed, chromium: Any
) -> None:
    before = every_row(mailed.site.portal)
    context = chromium.new_context()
    page = context.new_page()
    for address in dict.fromkeys(each.partition("#")[0] for each in mailed.addresses):
        for _ in range(2):
            page.goto(address)
        page.evaluate(FETCH, address)
    context.close()

    assert every_row(mailed.site.portal) == before
