"""A form that arrives after its login ran out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from portal.actions.accounts.parking import parked
from portal.storage.tables import ParkedForm
from portal.web.parked import KEPT, take
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


def test_without_a_known_person_the_text_comes_back(stranger: Visitor, people: People) -> None:
    token = stranger.token("/account/login")

    answer = stranger.client.post("/desk/organisation", data={"csrf_token": token, "about": ABOUT})

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
