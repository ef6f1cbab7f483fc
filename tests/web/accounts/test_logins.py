"""Logging in and out at a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.actions.accounts.users import block_user
from tests.rigs.people import NOW, PASSWORD, People, StandingClock
from tests.rigs.visitor import Visitor, without_tokens

Browser = Callable[[], Visitor]


def test_members_arrive_at_their_desk_and_editors_in_the_newsroom(
    people: People, stranger: Visitor, editor: Visitor
) -> None:
    people.member()

    assert stranger.log_in("dewi@selat.example", PASSWORD).location == "/desk"
    assert editor.open("/account/login").location == "/newsroom"


def test_the_cookie_holds_no_more_than_it_must(member: Visitor) -> None:
    answer = member.send(
        "/account/login", page="/desk/organisation", email="dewi@selat.example", password=PASSWORD
    )

    (cookie,) = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("portal_session=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    with member.client.session_transaction() as session:
        assert set(session) <= {"_user_id", "csrf_token"}


def test_the_token_changes_at_every_login(people: People, stranger: Visitor) -> None:
    people.member()
    tokens = set()
    for _ in range(2):
        stranger.log_in("dewi@selat.example", PASSWORD)
        with stranger.client.session_transaction() as session:
            tokens.add(session["_user_id"])
        stranger.send("/account/logout", page="/account/security")

    assert len(tokens) == 2


def test_a_copied_cookie_is_dead_after_logout(member: Visitor, browser: Browser) -> None:
    copied = member.cookie
    answer = member.send("/account/logout", page="/account/security")

    thief = browser()
    thief.cookie = copied

    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (303, '"storage"')
    assert thief.open("/account/security").location == "/account/login?next=/account/security"


def test_logging_out_everywhere_ends_the_other_browser(member: Visitor, browser: Browser) -> None:
    other = browser()
    other.log_in("dewi@selat.example", PASSWORD)
    assert other.open("/account/security").status_code == 200

    answer = member.send("/account/logout-everywhere", page="/account/security")

    assert answer.status_code == 303
    assert other.open("/account/security").status_code == 302
    assert member.open("/account/security").status_code == 302


def test_the_list_of_logins_shows_each_with_its_browser(member: Visitor, browser: Browser) -> None:
    other = browser()
    other.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Android 14) Firefox/130.0"
    other.log_in("dewi@selat.example", PASSWORD)

    page = member.open("/account/security").text

    assert "Firefox on Android" in page
    assert page.count("(this one)") == 1


def test_four_failures_get_the_same_answer(people: People, browser: Browser) -> None:
    people.member("wrong@selat.example")
    people.member("blocked@selat.example")
    block_user(people.portal, "blocked@selat.example", now=NOW)
    people.registered("unconfirmed@selat.example")

    answers = set()
    for who in ("unknown", "wrong", "blocked", "unconfirmed"):
        password = "not the right password" if who == "wrong" else PASSWORD
        visitor = browser()
        answer = visitor.log_in(f"{who}@selat.example", password)
        page = without_tokens(answer.text).replace(f"{who}@selat.example", "")
        headers = {name for name, _ in answer.headers}
        answers.add((answer.status_code, page, tuple(sorted(headers))))

    assert [status for status, *_ in answers] == [422]


def test_the_address_comes_back_and_the_password_does_not(stranger: Visitor) -> None:
    page = stranger.log_in("dewi@selat.example", "my secret typing").text

    assert 'value="dewi@selat.example"' in page
    assert "my secret typing" not in page
    assert page.count("The e-mail address and the password do not match.") == 2


def test_too_many_failures_are_told_when_to_come_back(people: People, stranger: Visitor, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("portal.actions.accounts.limits.rules.delay", lambda _failures: 0.0)
    people.member()
    for _ in range(5):
        assert stranger.log_in("dewi@selat.example", "wrong wrong wrong").status_code == 422

    answer = stranger.log_in("dewi@selat.example", PASSWORD)

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 301


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\t/evil.example",
        "\\\\evil",
        "/%0a",
        "evil",
        "",
    ],
)
def test_a_login_never_leads_to_another_site(people: People, stranger: Visitor, wanted: str) -> None:
    people.member()

    location = stranger.log_in("dewi@selat.example", PASSWORD, next=wanted).location

    assert location in ("/desk", "/%0a")


def test_a_login_leads_back_to_where_one_wanted_to_go(people: People, stranger: Visitor) -> None:
    people.member()
    asked = stranger.open("/desk?after=abc")
    assert asked.location == "/account/login?next=/desk%3Fafter%3Dabc"
    assert 'name="next" value="/desk?after=abc"' in stranger.open(asked.location).text

    assert (
        stranger.log_in("dewi@selat.example", PASSWORD, next="/desk?after=abc").location == "/desk?after=abc"
    )


def test_a_login_idles_out_by_our_clock(member: Visitor, standing_clock: StandingClock) -> None:
    standing_clock.move(hours=7, minutes=59)
    assert member.open("/account/security").status_code == 200
    standing_clock.move(hours=8)

    assert member.open("/account/security").status_code == 302


def test_a_blocked_person_is_out_at_the_next_request(member: Visitor, people: People) -> None:
    block_user(people.portal, "dewi@selat.example", now=NOW)

    assert member.open("/desk/organisation").status_code == 302


def test_pages_of_another_role_are_not_there(member: Visitor, editor: Visitor) -> None:
    assert member.open("/newsroom").status_code == 404
    assert editor.open("/desk").status_code == 404
    assert editor.open("/newsroom").status_code == 200
