"""People made by an operator."""

from __future__ import annotations

import pytest

from portal.actions.accounts import inviting
from portal.actions.accounts.users import NewUser, block_user, create_user
from portal.rules.refusals import Conflict, Invalid, NotFound
from tests.rigs.people import NOW, PASSWORD, People


def test_an_editor_made_with_a_password_can_log_in_at_once(people: People) -> None:
    create_user(people.portal, NewUser("ed@post.example", "Ed", "editor", password=PASSWORD), now=NOW)

    assert people.person("ed@post.example").role == "editor"
    assert people.log_in("ed@post.example")
    assert people.told() == []


def test_an_invited_user_chooses_the_password(people: People) -> None:
    create_user(people.portal, NewUser("ed@post.example", "Ed", "senior"), now=NOW)
    token = people.link("invite")

    inviting.accept_invitation(people.portal, token, name="Ed Wong", password=PASSWORD, now=NOW)

    assert people.log_in("ed@post.example")
    assert (people.user("ed@post.example").name, people.user("ed@post.example").role) == ("Ed Wong", "senior")


def test_the_first_member_owns_the_organisation_and_others_join_it(people: People) -> None:
    for email in ("first@selat.example", "second@selat.example"):
        create_user(
            people.portal,
            NewUser(email, "Somebody", "member", organisation="Selat Biru", password=PASSWORD),
            now=NOW,
        )

    first, second = people.person("first@selat.example"), people.person("second@selat.example")
    assert first.owned == first.memberships == second.memberships
    assert second.owned == frozenset()


@pytest.mark.parametrize(
    "wanted",
    [
        NewUser("no address", "Ed", "editor", password=PASSWORD),
        NewUser("ed@post.example", " ", "editor", password=PASSWORD),
        NewUser("ed@post.example", "Ed", "owner", password=PASSWORD),
        NewUser("ed@post.example", "Ed", "member", password=PASSWORD),
        NewUser("ed@post.example", "Ed", "editor", password="short"),
    ],
)
def test_a_user_that_cannot_be_is_refused(people: People, wanted: NewUser) -> None:
    with pytest.raises(Invalid):
        create_user(people.portal, wanted, now=NOW)
    assert people.facts() == []


def test_an_address_is_given_once(people: People) -> None:
    create_user(people.portal, NewUser("ed@post.example", "Ed", "editor"), now=NOW)

    with pytest.raises(Conflict):
        create_user(people.portal, NewUser("ED@post.example", "Ed", "editor"), now=NOW)


def test_nobody_unknown_is_blocked(people: People) -> None:
    with pytest.raises(NotFound):
        block_user(people.portal, "nobody@post.example", now=NOW)
