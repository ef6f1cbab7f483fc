"""Organisations, those that could be taken for another, and their members."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.actions.accounts import inviting, organisations, sessions, users
from portal.rules.login_limits import INVITE, LIMITS
from portal.rules.permissions import Person
from portal.rules.refusals import Conflict, Invalid, NotFound, Throttled
from tests.rigs.people import HOME, NOW, PASSWORD, People

SLUG = "selat-biru-ferries"


def invited(people: People, owner: Person, email: str = "sari@selat.example") -> Person:
    inviting.invite(people.portal, owner, SLUG, email=email, now=NOW)
    inviting.accept_invitation(
        people.portal, people.link("invite"), name="Sari Dewanti", password=PASSWORD, now=NOW
    )
    return people.person(email)


def membership_id(people: People, owner: Person, user_id: int) -> int:
    page = organisations.page_of(people.portal, owner, SLUG, now=NOW)
    assert page is not None
    return next(each.id for each in page.members if each.user_id == user_id)


def test_whoever_registers_owns_the_organisation(people: People) -> None:
    owner = people.member()

    assert owner.owned == owner.memberships == {people.organisation(SLUG).id}


@pytest.mark.parametrize(
    "name",
    ["SELAT BIRU FERRIES", "Selat Biru Ferries, Ltd.", "PT Selat-Biru Ferries Tbk", "Sеlat Biru Fеrriеs"],
)
def test_a_taken_name_is_made_anew_and_flagged(people: People, name: str) -> None:
    people.member()

    other = people.member("other@elsewhere.example", organisation=name)

    twin = people.organisation(SLUG)
    made = next(iter(other.owned))
    assert made != twin.id
    page = organisations.page_of(people.portal, other, None, now=NOW)
    assert page is not None
    assert (page.organisation.lookalike_of_id, page.organisation.lookalike_by) == (twin.id, "name")


def test_a_taken_web_domain_is_flagged(people: People) -> None:
    people.member(website="https://www.selat.co.id/about")

    people.member("other@elsewhere.example", organisation="Blue Strait", website="shop.selat.co.id")

    assert people.organisation("blue-strait").lookalike_by == "domain"


def test_two_pages_on_a_shared_site_are_two_sites(people: People) -> None:
    people.member(website="https://facebook.com/selatbiru")

    people.member("other@elsewhere.example", organisation="Blue Strait", website="facebook.com/bluestrait")

    assert people.organisation("blue-strait").lookalike_of_id is None


def test_a_name_that_nobody_confirmed_is_not_taken(people: People) -> None:
    people.registered()

    people.member("other@elsewhere.example")

    assert people.organisation(SLUG).lookalike_of_id is None


def test_whoever_confirms_second_is_flagged(people: People) -> None:
    from portal.actions.accounts import registering

    people.registered()
    link = people.link("confirm")
    people.member("other@elsewhere.example")

    registering.confirm(people.portal, link, now=NOW)

    assert people.organisation(f"{SLUG}-2").lookalike_by == "name"


def test_members_change_the_page(people: People) -> None:
    person = people.member()

    organisations.change_page(
        people.portal,
        person,
        SLUG,
        about="We run ferries.\n\nSince 1970.",
        website="selat.example",
        version=1,
        now=NOW,
    )

    changed = people.organisation(SLUG)
    assert changed.about_html == "<p>We run ferries.</p>\n<p>Since 1970.</p>"
    assert (changed.website, changed.domain, changed.version) == ("https://selat.example", "selat.example", 2)
    assert people.facts()[-1] == "organisation_changed"


def test_the_second_of_two_who_change_the_page_is_refused(people: People) -> None:
    person = people.member()
    organisations.change_page(people.portal, person, SLUG, about="first", website="", version=1, now=NOW)

    with pytest.raises(Conflict):
        organisations.change_page(people.portal, person, SLUG, about="second", website="", version=1, now=NOW)
    assert people.organisation(SLUG).about == "first"


def test_nobody_else_sees_or_changes_the_page(people: People) -> None:
    people.member()
    stranger = people.member("other@elsewhere.example", organisation="Blue Strait")

    with pytest.raises(NotFound):
        organisations.page_of(people.portal, stranger, SLUG, now=NOW)
    with pytest.raises(NotFound):
        organisations.change_page(people.portal, stranger, SLUG, about="x", website="", version=1, now=NOW)
    with pytest.raises(NotFound):
        inviting.invite(people.portal, stranger, SLUG, email="x@elsewhere.example", now=NOW)


def test_an_invited_person_joins_as_a_member(people: People) -> None:
    owner = people.member()

    joined = invited(people, owner)

    assert joined.memberships == owner.memberships
    assert joined.owned == frozenset()
    assert people.told()[-1] == "invited"
    assert people.facts()[-4:] == ["invited", "address_confirmed", "invitation_accepted", "logged_in"]
    assert people.log_in("sari@selat.example")


def test_somebody_with_an_account_joins_by_saying_yes(people: People) -> None:
    owner = people.member()
    people.member("other@elsewhere.example", organisation="Blue Strait", password="seven green ladders sing")
    inviting.invite(people.portal, owner, SLUG, email="other@elsewhere.example", now=NOW)
    token = people.link("invite")
    assert inviting.invitation(people.portal, token, now=NOW).has_account

    inviting.accept_invitation(people.portal, token, name="New Name", password="not mine at all, no", now=NOW)

    assert len(people.person("other@elsewhere.example").memberships) == 2
    assert people.user("other@elsewhere.example").name == "Dewi Anggraini"
    assert people.log_in("other@elsewhere.example", "seven green ladders sing")


def test_an_invitation_works_once_for_seven_days(people: People) -> None:
    owner = people.member()
    inviting.invite(people.portal, owner, SLUG, email="sari@selat.example", now=NOW)
    token = people.link("invite")

    with pytest.raises(NotFound):
        inviting.invitation(people.portal, token, now=NOW + timedelta(days=7))
    inviting.accept_invitation(people.portal, token, name="Sari", password=PASSWORD, now=NOW)
    with pytest.raises(NotFound):
        inviting.accept_invitation(people.portal, token, name="Sari", password=PASSWORD, now=NOW)


def test_a_second_invitation_replaces_the_first(people: People) -> None:
    owner = people.member()
    inviting.invite(people.portal, owner, SLUG, email="sari@selat.example", now=NOW)
    first = people.link("invite")

    inviting.invite(people.portal, owner, SLUG, email="sari@selat.example", now=NOW)

    with pytest.raises(NotFound):
        inviting.invitation(people.portal, first, now=NOW)


def test_members_neither_invite_nor_remove(people: People) -> None:
    owner = people.member()
    member = invited(people, owner)

    with pytest.raises(NotFound):
        inviting.invite(people.portal, member, SLUG, email="x@selat.example", now=NOW)
    with pytest.raises(NotFound):
        organisations.remove(
            people.portal, member, SLUG, membership_id=membership_id(people, owner, owner.id), now=NOW
        )


def test_nobody_is_invited_twice(people: People) -> None:
    owner = people.member()
    invited(people, owner)

    with pytest.raises(Invalid):
        inviting.invite(people.portal, owner, SLUG, email="Sari@selat.example", now=NOW)


def test_a_removed_member_is_one_no_longer_at_the_next_request(people: People) -> None:
    owner = people.member()
    member = invited(people, owner)
    token = people.log_in("sari@selat.example")

    organisations.remove(
        people.portal, owner, SLUG, membership_id=membership_id(people, owner, member.id), now=NOW
    )

    login = sessions.find(people.portal, token, now=NOW)
    assert login is not None
    assert login.person.memberships == frozenset()
    assert people.told()[-1] == "member_removed"


def test_the_last_owner_stays(people: People) -> None:
    owner = people.member()

    with pytest.raises(Conflict):
        organisations.remove(
            people.portal, owner, SLUG, membership_id=membership_id(people, owner, owner.id), now=NOW
        )


def test_an_invitation_dies_when_its_owner_is_blocked(people: People) -> None:
    owner = people.member()
    inviting.invite(people.portal, owner, SLUG, email="sari@selat.example", now=NOW)
    users.block_user(people.portal, owner.email, now=NOW)

    with pytest.raises(NotFound):
        inviting.accept_invitation(
            people.portal, people.link("invite"), name="Sari", password=PASSWORD, now=NOW
        )


def test_an_inviter_has_thirty_invitations_an_hour_whichever_organisation(people: People) -> None:
    owner = people.member()
    other = people.member("other@elsewhere.example", organisation="Blue Strait")
    most = LIMITS[INVITE].account.most
    for number in range(most):
        inviting.invite(people.portal, owner, SLUG, email=f"{number}@x.example", now=NOW)

    with pytest.raises(Throttled):
        inviting.invite(people.portal, owner, SLUG, email="more@x.example", now=NOW)
    assert inviting.invite(people.portal, other, "blue-strait", email="more@x.example", now=NOW)


def test_invitations_count_by_network(people: People) -> None:
    owners = [people.member(f"o{each}@x.example", organisation=f"House {each}") for each in range(3)]
    for number in range(60):
        owner = owners[number % 2]
        inviting.invite(
            people.portal, owner, f"house-{number % 2}", email=f"{number}@y.example", visit=HOME, now=NOW
        )

    with pytest.raises(Throttled):
        inviting.invite(people.portal, owners[2], "house-2", email="more@y.example", visit=HOME, now=NOW)
