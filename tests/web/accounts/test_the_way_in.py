"""From "Send news" on a public page to the form: registering, confirming, logging in, and what is carried along."""

from __future__ import annotations

import re

import pytest

from tests.rigs.people import PASSWORD, People, StandingClock
from tests.rigs.visitor import Visitor, without_tokens
from tests.web.accounts.test_account_pages import FORM, Browser

TO_THE_FORM = "/account/register?next=/submit"


def test_the_way_in_stands_on_every_public_page(stranger: Visitor) -> None:
    for page in ("/", "/releases/", "/search", "/newsletter", "/account/login", "/help/reasons", "/nowhere"):
        assert '<a class="send" href="/submit">Send news</a>' in stranger.open(page).text, page


def test_the_start_page_shows_both_doors_to_whoever_is_not_logged_in(
    stranger: Visitor, member: Visitor
) -> None:
    page = stranger.open("/submit")

    assert page.status_code == 200
    assert f'href="{TO_THE_FORM}"' in page.text
    assert 'href="/account/login?next=/submit"' in page.text
    assert "What is your news?" in member.open("/submit").text


def test_staff_find_no_dead_link(editor: Visitor) -> None:
    page = editor.open("/submit")
    assert page.status_code == 200
    assert "you act for none" in page.text
    for link in ("/account/register", "/account/login"):
        assert f'href="{link}' not in page.text
    links = {link.partition("#")[0] for link in re.findall(r'<a [^>]*href="(/[^"]*)"', page.text)}
    assert {link: editor.open(link).status_code for link in links} == dict.fromkeys(links, 200)
    foot = editor.open("/").text.partition("<footer")[2]
    assert '<a href="/account/login">My releases</a>' in foot
    assert editor.open("/account/login").location == "/newsroom"


def test_what_somebody_came_for_is_carried_from_registering_to_the_form(
    stranger: Visitor, browser: Browser, people: People
) -> None:
    stranger.send("/account/register", page=TO_THE_FORM, **FORM, next="/submit")
    link = f"/account/confirm/{people.link('confirm')}"

    phone = browser()  # the mail is opened somewhere else
    confirmed = phone.send(link)
    assert confirmed.location == "/account/login?after=confirmed&next=/submit"
    login = phone.open(confirmed.location).text
    assert f'value="{FORM["email"]}"' in login
    assert 'name="next" value="/submit"' in login
    assert phone.log_in(FORM["email"], PASSWORD, next="/submit").location == "/submit"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/" + "x" * 400,
        "/a\nb",
    ],
)
def test_nothing_leads_to_another_site(stranger: Visitor, people: People, wanted: str) -> None:
    stranger.send("/account/register", **FORM, next=wanted)
    confirmed = stranger.send(f"/account/confirm/{people.link('confirm')}")

    assert confirmed.location == "/account/login?after=confirmed"
    assert stranger.log_in(FORM["email"], PASSWORD, next="").location == "/desk"


@pytest.mark.parametrize(
    ("form", "sent", "again"),
    [
        ("/account/register", "/account/register/sent", "/account/register/again"),
        ("/account/register/again", "/account/register/again/sent", "/account/register/again"),
        ("/account/reset", "/account/reset/sent", "/account/reset"),
    ],
)
def test_the_page_after_says_to_which_address_and_offers_to_send_again(
    browser: Browser, people: People, standing_clock: StandingClock, form: str, sent: str, again: str
) -> None:
    people.member()  # has an account; the other address has none
    pages = []
    for address in ("dewi@selat.example", "nobody@kampung.example"):
        visitor = browser()
        fields = {**FORM, "email": address} if form == "/account/register" else {"email": address}
        assert visitor.send(form, **fields).location == sent
        page = visitor.open(sent).text
        assert f"<bdi>{address}</bdi>" in page
        assert f'action="{again}" class="later"' in page
        standing_clock.move(seconds=61)
        later = visitor.open(sent).text
        assert f'action="{again}">' in later
        assert visitor.send(again, page=sent, email=address).status_code == 303
        pages.append(without_tokens(page).replace(address, "X"))
    assert pages[0] == pages[1]


def test_an_address_is_typed_once(stranger: Visitor) -> None:
    stranger.send(
        "/account/login", email="dewi@selat.example", password="not this one at all", next="/submit"
    )

    for page in ("/account/login", "/account/register", "/account/reset", "/account/register/again"):
        assert 'value="dewi@selat.example"' in stranger.open(page).text, page
    assert 'name="next" value="/submit"' in stranger.open("/account/register").text
    assert "dewi@selat.example" not in stranger.open("/account/register/sent").text  # nothing was mailed


def test_a_login_forgets_what_was_said_on_the_way_in(stranger: Visitor, people: People) -> None:
    people.member()
    stranger.send("/account/reset", email="somebody@else.example")
    stranger.log_in("dewi@selat.example", PASSWORD)
    stranger.send("/account/logout", page="/account/security")

    assert "somebody@else.example" not in stranger.open("/account/login").text
    assert "somebody@else.example" not in stranger.open("/account/reset/sent").text
