"""Who may open an address: every level against every kind of person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from portal.actions.accounts.users import NewUser, create_user
from portal.rules.permissions import Person
from portal.rules.refusals import NotFound
from portal.web.access import (
    LEVELS,
    MAY_ENTER,
    access,
    access_of,
    current_person,
    login_address,
    visiting_person,
)
from tests.rigs.people import NOW, PASSWORD, People, StandingClock
from tests.rigs.visitor import Visitor


@pytest.fixture
def doors(portal_app: Flask) -> Flask:
    """One address for each level, that answers with who came, and one that says nothing of who may."""

    def add(level: str) -> None:
        @access(level)
        def view() -> str:
            person = None if level in ("anyone", "operator", "developer") else visiting_person()
            return person.email if person else "nobody"

        methods = ["GET", "POST"]
        portal_app.add_url_rule(f"/door/{level}", f"door_{level}", view, methods=methods)

    for level in LEVELS:
        add(level)
    portal_app.add_url_rule("/door/silent", "door_silent", lambda: "")

    @access("visitor")
    def who() -> str:
        return current_person().email

    portal_app.add_url_rule("/door/who", "door_who", who)
    return portal_app


@pytest.fixture
def somebody(people: People, doors: Flask) -> Callable[[str], Visitor]:
    """Logged in with a role; an editor who belongs to an organisation is `editor of a house`."""

    def log_in(who: str) -> Visitor:
        email = f"{who.replace(' ', '.')}@post.example"
        if who == "member":
            people.member(email)
        elif who != "nobody":
            create_user(people.portal, NewUser(email, "Somebody", who, password=PASSWORD), now=NOW)
        visitor = Visitor(doors)
        if who != "nobody":
            visitor.log_in(email, PASSWORD)
        return visitor

    return log_in


OPEN = {"anyone", "visitor", "operator", "developer"}
OPEN_TO = {
    "nobody": OPEN,
    "member": OPEN | {"logged_in", "member"},
    "editor": OPEN | {"logged_in", "newsroom"},
    "senior": OPEN | {"logged_in", "newsroom"},
    "admin": OPEN | {"logged_in", "newsroom", "admin"},
}


@pytest.mark.parametrize("who", OPEN_TO)
def test_each_level_lets_in_whom_it_names(somebody: Callable[[str], Visitor], who: str) -> None:
    visitor = somebody(who)
    asked = {level: visitor.open(f"/door/{level}").status_code for level in LEVELS}

    closed = 302 if who == "nobody" else 404
    assert asked == {level: 200 if level in OPEN_TO[who] else closed for level in LEVELS}


@pytest.mark.parametrize(("role", "houses", "levels"), [
    ("member", (), {"logged_in", "member"}), ("member", (1,), {"logged_in", "member"}), ("editor", (), {"logged_in", "newsroom"}),
    ("editor", (1,), {"logged_in", "newsroom", "member"}), ("senior", (), {"logged_in", "newsroom"}),
    ("admin", (), {"logged_in", "newsroom", "admin"}), ("admin", (1,), {"logged_in", "newsroom", "admin", "member"}),
])  # fmt: skip
def test_a_person_enters_the_rooms_of_role_and_organisation(
    role: str, houses: tuple[int, ...], levels: set[str]
) -> None:
    person = Person(1, "Somebody", "somebody@post.example", role, frozenset(houses))

    assert {level for level, may in MAY_ENTER.items() if may(person)} == levels


def test_a_view_knows_who_came(somebody: Callable[[str], Visitor]) -> None:
    assert somebody("editor").open("/door/visitor").text == "editor@post.example"
    assert somebody("nobody").open("/door/visitor").text == "nobody"
    assert somebody("senior").open("/door/who").text == "senior@post.example"
    assert somebody("nobody").open("/door/who").status_code == 404


@pytest.mark.parametrize(("level", "status"), [
    ("visitor", 422), ("logged_in", 422), ("member", 422), ("anyone", 200), ("operator", 200), ("developer", 200),
])  # fmt: skip
def test_what_is_sent_with_a_session_needs_its_token(
    somebody: Callable[[str], Visitor], level: str, status: int
) -> None:
    visitor = somebody("member")

    assert (visitor.client.post(f"/door/{level}").status_code == 200) is (status == 200)
    assert visitor.send(f"/door/{level}", page="/account/security").status_code == 200


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_needs_no_token(somebody: Callable[[str], Visitor], method: str) -> None:
    visitor = somebody("member")

    assert getattr(visitor.client, method)("/door/member").status_code == 200


def test_whoever_has_to_log_in_comes_back_to_where_they_were(somebody: Callable[[str], Visitor]) -> None:
    stranger = somebody("nobody")

    for asked, then in (
        ("/door/member?", "/door/member"),
        ("/door/member?a=1&b=x/y", "/door/member%3Fa%3D1%26b%3Dx/y"),
    ):
        answer = stranger.open(asked)
        assert (answer.status_code, answer.location) == (302, f"/account/login?next={then}")


def test_what_is_sent_after_the_login_ran_out_waits_behind_the_next_one(
    somebody: Callable[[str], Visitor], standing_clock: StandingClock
) -> None:
    member = somebody("member")
    token = member.token("/account/security")
    standing_clock.move(hours=9)

    answer = member.client.post("/door/member", data={"csrf_token": token, "words": "x"})

    assert answer.status_code == 303
    assert answer.location.startswith("/account/login?next=/")
    assert member.open("/door/member").status_code == 302


def test_the_way_to_log_in_names_where_to_go_then() -> None:
    assert login_address("/desk/a b?c=d&e") == "/account/login?next=/desk/a%20b%3Fc%3Dd%26e"


def test_an_address_that_does_not_exist_is_not_there_for_anybody(somebody: Callable[[str], Visitor]) -> None:
    assert [somebody(who).open("/door/nowhere").status_code for who in ("nobody", "admin")] == [404, 404]


def test_in_production_there_is_nothing_for_developers(doors: Flask) -> None:
    settings = doors.extensions["portal"].settings
    doors.extensions["portal"] = replace(
        doors.extensions["portal"], settings=replace(settings, env="production")
    )

    assert Visitor(doors).open("/door/developer").status_code == 404


def test_a_view_that_says_nothing_opens_for_nobody_and_the_log_says_why(
    doors: Flask, somebody: Callable[[str], Visitor], caplog: pytest.LogCaptureFixture
) -> None:
    assert somebody("admin").open("/door/silent").status_code == 500
    assert "the view door_silent does not say who may enter" in caplog.text


def test_a_level_that_is_none_is_refused_and_what_was_declared_is_found(doors: Flask) -> None:
    with pytest.raises(ValueError, match="boss is no level of access"):
        access("boss")
    assert [access_of(doors, name) for name in ("door_member", "static", "door_silent", "nowhere", None)] == [
        "member",
        "anyone",
        None,
        None,
        None,
    ]
    with pytest.raises(NotFound), doors.test_request_context("/door/visitor"):
        current_person()
