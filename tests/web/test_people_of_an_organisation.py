"""Passing an organisation on, leaving it, and being asked once before somebody is removed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.rigs.people import PASSWORD, People
from tests.rigs.visitor import Visitor

HOME = "/desk/organisation"


@pytest.fixture
def sari(member: Visitor, browser: Callable[[], Visitor], people: People) -> Visitor:
    """Invited by Dewi, and logged in."""
    member.send(f"{HOME}/invite", page=HOME, email="sari@selat.example")
    visitor = browser()
    visitor.send(f"/account/invite/{people.link('invite')}", name="Sari Dewanti", password=PASSWORD)
    return visitor


def other_of(member: Visitor) -> str:
    found = re.search(
        r'action="/desk/organisation/remove">.*?name="member" value="(\d+)"',
        member.open(HOME).text,
        re.DOTALL,
    )
    assert found
    return found[1]


def test_each_step_stands_behind_a_fold_that_says_what_follows(member: Visitor, sari: Visitor) -> None:
    page = member.open(HOME).text
    fold = page.partition('<span class="hide"> for Sari Dewanti</span></summary>')[2].partition("</details>")[
        0
    ]

    assert '<button class="btn stop">Remove Sari Dewanti</button>' in fold
    assert '<button class="btn">Make Sari Dewanti the owner</button>' in fold
    assert page.count("/desk/organisation/remove") == 1  # not beside oneself
    assert "To leave, make somebody else the owner first." in page
    assert "Leave Selat Biru Ferries" in sari.open(HOME).text


def test_it_is_passed_on_and_left(member: Visitor, sari: Visitor) -> None:
    refused = member.send(f"{HOME}/leave", page=HOME)
    assert refused.status_code == 409
    assert "Make somebody else the owner, then leave." in refused.text

    passed = member.send(f"{HOME}/owner", page=HOME, member=other_of(member))
    assert passed.status_code == 303
    assert "The organisation is passed on" in member.open(passed.location).text
    assert "Invite somebody" in sari.open(HOME).text

    token = member.token(HOME)
    form = {"csrf_token": token, "organisation": "selat-biru-ferries", "idempotency_key": "one press"}
    left, again = (member.client.post(f"{HOME}/leave", data=form) for _ in range(2))
    assert (left.status_code, left.location) == (again.status_code, again.location)
    assert left.status_code == 303
    assert "You have left the organisation." in member.open(left.location).text


@pytest.mark.parametrize("member_id", ["", "x", "²", "9" * 40, "999999"])
def test_nobody_else_becomes_the_owner(member: Visitor, member_id: str) -> None:
    assert member.send(f"{HOME}/owner", page=HOME, member=member_id).status_code == 404
