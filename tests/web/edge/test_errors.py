"""Error pages, and that none of them throws away what was typed."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from portal.rules.refusals import Conflict, Invalid, NotFound, Throttled, Winner
from portal.web.access import access
from tests.rigs.people import NOW
from tests.rigs.visitor import Visitor

STORY = "A story that took all morning.\nSecond line with “quotes” & <tags>."


@pytest.fixture
def portal_app(portal_app: Flask) -> Flask:
    """With one address that refuses in every way."""
    refusals = {
        "missing": NotFound(),
        "conflict": Conflict("Somebody else was faster.", Winner("Aye Chan", "approved", NOW)),
        "invalid": Invalid("The form is too long."),
        "throttled": Throttled("Wait a little.", 77),
        "locked": OperationalError("SELECT secret_table", {}, Exception("database is locked")),
        "broken": RuntimeError("the secret inside"),
    }

    @access("visitor")
    def refuse(how: str) -> str:
        raise refusals[how]

    @access("logged_in")
    def refuse_a_person(how: str) -> str:
        raise refusals[how]

    portal_app.add_url_rule("/refuse/<how>", view_func=refuse, methods=["GET", "POST"])
    portal_app.add_url_rule("/desk/refuse/<how>", view_func=refuse_a_person, methods=["GET", "POST"])
    return portal_app


def send(visitor: Visitor, path: str, **more: str) -> object:
    return visitor.send(
        path, page="/account/login", body=STORY, version="3", password="my secret word", **more
    )


@pytest.mark.parametrize(
    ("how", "status"),
    [("conflict", 409), ("invalid", 422), ("throttled", 429), ("locked", 503), ("broken", 500)],
)
def test_a_refusal_hands_back_what_was_typed(stranger: Visitor, how: str, status: int) -> None:
    answer = stranger.send(
        f"/refuse/{how}", page="/account/login", body=STORY, version="3", password="my secret word"
    )

    assert answer.status_code == status
    assert "A story that took all morning.\nSecond line with “quotes” &amp; &lt;tags&gt;." in answer.text
    assert f'action="/refuse/{how}"' in answer.text
    assert 'name="version" value="3"' in answer.text
    assert "my secret word" not in answer.text


def test_the_loser_of_a_conflict_is_told_who_did_what_when(stranger: Visitor) -> None:
    page = stranger.send("/refuse/conflict", page="/account/login").text

    assert "Aye Chan approved the release (24 Mar 2026, 11:20 GMT+8)." in page


def test_too_many_tries_say_when_to_come_back(stranger: Visitor) -> None:
    assert stranger.open("/refuse/throttled").headers["Retry-After"] == "77"


@pytest.mark.parametrize("how", ["locked", "broken"])
def test_a_failure_says_nothing_of_the_inside_but_its_number(stranger: Visitor, how: str) -> None:
    answer = stranger.open(f"/refuse/{how}")

    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["X-Request-Id"] in answer.text


def test_every_404_is_the_same_page(stranger: Visitor) -> None:
    pages = set()
    for path in ("/refuse/missing", "/nothing", "/releases/SEAP-2026-ZZZZZ/x", "/organisations/nobody"):
        answer = stranger.open(path)
        assert answer.status_code == 404
        pages.add(answer.text.replace(answer.headers["X-Request-Id"], ""))

    assert len(pages) == 1


def test_a_wrong_method_is_405_and_names_the_right_ones(stranger: Visitor) -> None:
    answer = stranger.open("/account/logout")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("token", ["", "stale", "ImFiYyI.bad.sig"])
def test_a_stale_token_gives_everything_back_with_a_fresh_one(stranger: Visitor, token: str) -> None:
    fields = {"csrf_token": token, "name": "Dewi", "organisation": "Selat Biru", "password": "my secret word"}
    answer = stranger.client.post("/account/register", data=fields)

    assert answer.status_code == 400
    assert 'action="/account/register"' in answer.text
    assert 'name="name" value="Dewi"' in answer.text
    assert 'name="organisation" value="Selat Biru"' in answer.text
    assert "my secret word" not in answer.text
    fresh = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    assert fresh is not None
    again = stranger.client.post("/account/register", data=fields | {"csrf_token": fresh[1]})
    assert again.status_code == 422


def test_the_companion_of_a_tick_goes_along_and_is_no_field_to_type_in(stranger: Visitor) -> None:
    fields = {
        "csrf_token": "stale",
        "minors_named": ["", "y"],
        "minors_consent": "",
        "mail_readers": "",
        "place": "Zaygyo ward",
        "message": "",
    }
    page = stranger.client.post("/account/register", data=fields).text
    kept = page.partition("What you typed")[2].partition("</form>")[0]

    assert re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', kept) == [
        ("minors_named", ""),
        ("minors_named", "y"),
        ("minors_consent", ""),
        ("mail_readers", ""),
    ]
    assert re.findall(r'<input id="[^"]+" name="([^"]+)"', kept) == ["place", "message"]


@pytest.mark.parametrize(
    "headers",
    [
        *(
            {"Origin": origin}
            for origin in (
                "https://evil.example",
                "null",
                "http://[evil",
                "http://]",
                "//",
                "",
                "[",
                "http://[::1",
                "evil",
                "9" * 5000,
            )
        ),
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_form_sent_by_another_site_is_refused(stranger: Visitor, headers: dict[str, str]) -> None:
    token = stranger.token("/account/reset")

    answer = stranger.client.post(
        "/account/reset", data={"csrf_token": token, "email": "dewi@selat.example"}, headers=headers
    )

    assert answer.status_code == 400


def test_a_body_of_two_hundred_thousand_burmese_letters_arrives(member: Visitor) -> None:
    body = "က" * 200_000

    assert member.send("/desk/refuse/missing", page="/account/security", body=body).status_code == 404


def test_a_form_that_is_too_large_comes_back(member: Visitor) -> None:
    answer = member.send("/desk/refuse/missing", page="/account/security", body="x" * 2_500_000)

    assert answer.status_code == 413
    assert "x" * 2_500_000 in answer.text


def test_so_does_one_whose_login_was_lost(stranger: Visitor) -> None:
    answer = stranger.client.post("/desk/refuse/missing", data={"body": "x" * 2_300_000})

    assert answer.status_code == 400
    assert "x" * 2_300_000 in answer.text


def test_the_forms_of_strangers_are_small(stranger: Visitor) -> None:
    fits = stranger.send("/refuse/missing", page="/account/login", body="x" * 60_000)
    too_large = stranger.send("/refuse/missing", page="/account/login", body="x" * 70_000)

    assert (fits.status_code, too_large.status_code) == (404, 413)
    assert "xxx" not in too_large.text


def test_a_form_that_cannot_even_be_read_is_413(member: Visitor) -> None:
    answer = member.send("/desk/refuse/missing", page="/account/security", body="x" * 5_000_000)

    assert answer.status_code == 413


def test_more_fields_than_anybody_types_are_refused(stranger: Visitor) -> None:
    fields = {f"field{number}": "x" for number in range(1_500)}

    answer = stranger.client.post("/account/register", data=fields)

    assert answer.status_code in (400, 413)
