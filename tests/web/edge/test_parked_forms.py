"""A form that arrives after its login ran out."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask

from portal.actions.accounts.parking import parked
from portal.storage.tables import ParkedForm
from portal.web.parked import KEPT, WORDS_WAIT, take
from tests.rigs.people import NOW, PASSWORD, People, StandingClock
from tests.rigs.visitor import Visitor

Browser = Callable[[], Visitor]
ABOUT = "We run ferries across the strait.\nSince 1970."


@pytest.fixture
def expired(member: Visitor, standing_clock: StandingClock) -> tuple[Visitor, str]:
    """A member with an open page whose login has run out since, and the token of its form."""
    token = member.token("/desk/organisation")
    standing_clock.move(hours=9)
    return member, token


def send_about(visitor: Visitor, token: str) -> object:
    return visitor.client.post(
        "/desk/organisation", data={"csrf_token": token, "about": ABOUT, "version": "1"}
    )


def forms_kept(people: People) -> int:
    with people.portal.database.reading() as session:
        return session.query(ParkedForm).count()


def test_what_was_typed_waits_for_the_same_person(
    expired: tuple[Visitor, str], people: People, portal_app: Flask, standing_clock: StandingClock
) -> None:
    visitor, token = expired
    answer = visitor.client.post(
        "/desk/organisation", data={"csrf_token": token, "about": ABOUT, "reasons": ["A", "B"]}
    )

    assert (answer.status_code, answer.location) == (303, "/account/login?next=/desk/organisation")
    assert people.organisation("selat-biru-ferries").about == ""
    assert (
        visitor.log_in("dewi@selat.example", PASSWORD, next="/desk/organisation").location
        == "/desk/organisation"
    )
    with portal_app.test_request_context():
        kept = take(people.person("dewi@selat.example"), "/desk/organisation")
    assert kept is not None
    assert (kept["about"], kept.getlist("reasons")) == (ABOUT, ["A", "B"])
    assert "csrf_token" not in kept


def test_nobody_else_gets_it(expired: tuple[Visitor, str], people: People, portal_app: Flask) -> None:
    send_about(*expired)
    other = people.member("other@selat.example")

    with portal_app.test_request_context():
        assert take(other, "/desk/organisation") is None
        assert take(people.person("dewi@selat.example"), "/desk") is None


def test_it_is_gone_once_the_form_is_saved(expired: tuple[Visitor, str], people: People) -> None:
    visitor, token = expired
    send_about(visitor, token)
    visitor.log_in("dewi@selat.example", PASSWORD)
    visitor.open("/desk/organisation")
    assert forms_kept(people) == 1

    visitor.send("/desk/organisation/invite", page="/desk/organisation", email="sari@selat.example")
    assert forms_kept(people) == 1
    visitor.send("/desk/organisation", about=ABOUT, website="", version="1")

    assert forms_kept(people) == 0


def test_the_page_shows_it_once_more(expired: tuple[Visitor, str]) -> None:
    visitor, token = expired
    send_about(visitor, token)
    visitor.log_in("dewi@selat.example", PASSWORD)

    page = visitor.open("/desk/organisation").text

    assert KEPT in page
    assert ABOUT in page


def test_a_form_of_another_address_waits_at_its_page(expired: tuple[Visitor, str]) -> None:
    visitor, token = expired

    answer = visitor.client.post(
        "/desk/organisation/invite", data={"csrf_token": token, "email": "sari@selat.example"}
    )

    assert answer.location == "/account/login?next=/desk/organisation"


def test_what_waits_has_no_control_or_override_characters(
    expired: tuple[Visitor, str], people: People, portal_app: Flask
) -> None:
    visitor, token = expired
    typed = {
        "csrf_token": token,
        "about": "To the \u202eharbour\x00 and\x0bback",
        "a\u2066bout": "1",
        "version": "1",
    }

    visitor.client.post("/desk/organisation", data=typed)

    form = parked(people.portal, people.person("dewi@selat.example").id, "/desk/organisation", now=NOW)
    assert form is not None
    assert form.fields == [("about", "To the harbour and back"), ("about", "1"), ("version", "1")]


def test_passwords_never_wait(member: Visitor, standing_clock: StandingClock, people: People) -> None:
    token = member.token("/account/password")
    standing_clock.move(hours=9)

    answer = member.client.post(
        "/account/password",
        data={"csrf_token": token, "current_password": PASSWORD, "password": "something new here"},
    )

    assert answer.location == "/account/login?next=/account/password"
    assert forms_kept(people) == 0


def test_the_log_in_page_says_that_words_wait(expired: tuple[Visitor, str]) -> None:
    visitor, _ = expired
    assert WORDS_WAIT not in visitor.open("/account/login?next=/desk/organisation").text
    where = send_about(*expired).location

    assert WORDS_WAIT in visitor.open(where).text


ENDED = {
    "logged out in another tab": "/account/logout",
    "logged out everywhere": "/account/logout-everywhere",
}


@pytest.fixture(params=ENDED)
def ended(request: pytest.FixtureRequest, member: Visitor, browser: Browser) -> tuple[Visitor, str]:
    """A copy of the cookie of a login that was ended since, and the token of an open page."""
    copy, token = browser(), member.token("/desk/organisation")
    copy.cookie = member.cookie
    member.send(ENDED[request.param], page="/account/security")
    return copy, token


def test_a_login_that_was_ended_writes_nothing_for_its_owner(
    ended: tuple[Visitor, str], people: People
) -> None:
    answer = send_about(*ended)

    assert answer.status_code == 400
    assert forms_kept(people) == 0


def test_nor_one_that_a_new_password_ended(member: Visitor, browser: Browser, people: People) -> None:
    copy, token = browser(), member.token("/desk/organisation")
    copy.cookie = member.cookie
    member.send("/account/password", current_password=PASSWORD, password="walnut ferry seven lamps")

    assert send_about(copy, token).status_code == 400
    assert forms_kept(people) == 0


def test_the_words_stay_on_a_page_that_logs_in_and_go_on_from_there(
    ended: tuple[Visitor, str], people: People
) -> None:
    visitor, token = ended
    answer = visitor.client.post(
        "/desk/organisation", data={"csrf_token": token, "about": ABOUT, "website": "", "version": "1"}
    )
    page = answer.text
    assert ABOUT in page
    assert ">About the organisation<" in page or ">About<" in page
    assert 'name="password"' in page
    assert page.index("<h1>Log in and go on</h1>") < page.index("What you typed")
    assert "Error 400" not in page

    fields = fields_of(page)
    wrong = visitor.client.post(
        "/account/login", data=fields | {"email": "dewi@selat.example", "password": "wrong"}
    )
    assert (wrong.status_code, ABOUT in wrong.text) == (422, True)
    right = visitor.client.post(
        "/account/login", data=fields_of(wrong.text) | {"email": "dewi@selat.example", "password": PASSWORD}
    )

    assert (right.status_code, right.location) == (303, "/desk/organisation")
    assert ABOUT in visitor.open("/desk/organisation").text
    assert people.organisation("selat-biru-ferries").about == ""


def test_it_goes_on_on_this_site_alone(stranger: Visitor, people: People) -> None:
    people.member()
    answer = stranger.send(
        "/account/login", email="dewi@selat.example", password=PASSWORD, kept_to="https://evil.example/",
        **{"kept:about": ABOUT},
    )  # fmt: skip

    assert (answer.status_code, answer.location) == (303, "/desk")
    assert forms_kept(people) == 0


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send back of the form that logs in."""
    form = page[page.index('action="/account/login"') :]
    found = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    long = dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL))
    return {name: html.unescape(value) for name, value in (found | long).items()}


def test_what_another_site_sent_is_carried_nowhere(stranger: Visitor) -> None:
    answer = stranger.client.post(
        "/desk/organisation", data={"about": ABOUT}, headers={"Origin": "https://evil.example"}
    )

    assert answer.status_code == 400
    assert 'name="password"' not in answer.text


def test_without_a_known_person_the_text_comes_back(stranger: Visitor, people: People) -> None:
    answer = stranger.client.post("/desk/organisation", data={"about": ABOUT})

    assert answer.status_code == 400
    assert ABOUT in answer.text
    assert forms_kept(people) == 0


def test_with_a_bad_token_the_text_comes_back(expired: tuple[Visitor, str], people: People) -> None:
    visitor, _ = expired

    answer = visitor.client.post("/desk/organisation", data={"csrf_token": "stale", "about": ABOUT})

    assert answer.status_code == 400
    assert ABOUT in answer.text
    assert forms_kept(people) == 0


def test_only_the_newest_twenty_are_kept(member: Visitor, people: People) -> None:
    from portal.actions.accounts.parking import MOST_FORMS, Parked, park

    person = people.person("dewi@selat.example")
    for number in range(MOST_FORMS + 3):
        park(people.portal, person.id, f"/page/{number}", Parked("/page", [("body", "x")]), now=NOW)

    assert forms_kept(people) == MOST_FORMS
    assert parked(people.portal, person.id, "/page/0", now=NOW) is None
