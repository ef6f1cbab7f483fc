"""An organisation is passed on and left, and never stands without an owner."""

from __future__ import annotations

import pytest

from portal.actions.accounts import membership
from portal.rules.permissions import Person
from portal.rules.refusals import Conflict, NotFound
from portal.storage.tables import Membership, Outbox
from tests.actions.accounts.test_organisations import SLUG, invited
from tests.rigs.people import NOW, People


def id_of(people: People, person: Person) -> int:
    with people.portal.database.reading() as session:
        return session.query(Membership).filter_by(user_id=person.id, removed_at=None).one().id


def test_an_owner_passes_it_on_and_stays_as_a_member(people: People) -> None:
    owner, other = people.member(), None
    other = invited(people, owner)

    name = membership.pass_on(people.portal, owner, SLUG, membership_id=id_of(people, other), now=NOW)

    assert name == other.name
    assert people.person("sari@selat.example").owned == owner.owned
    assert people.person("dewi@selat.example").owned == frozenset()
    assert people.person("dewi@selat.example").memberships == owner.memberships
    assert people.facts()[-1] == "owner_changed"


def test_the_only_owner_stays_until_it_is_passed_on(people: People) -> None:
    owner = people.member()
    other = invited(people, owner)
    with pytest.raises(Conflict, match="only one"):
        membership.leave(people.portal, owner, SLUG, now=NOW)

    membership.pass_on(people.portal, owner, SLUG, membership_id=id_of(people, other), now=NOW)
    membership.leave(people.portal, people.person("dewi@selat.example"), SLUG, now=NOW)

    assert people.person("dewi@selat.example").memberships == frozenset()
    assert people.facts()[-1] == "member_left"


def test_a_member_leaves_at_any_time(people: People) -> None:
    other = invited(people, people.member())

    membership.leave(people.portal, other, SLUG, now=NOW)

    assert people.person("sari@selat.example").memberships == frozenset()


def test_passing_it_on_to_oneself_changes_nothing(people: People) -> None:
    owner = people.member()
    facts = people.facts()

    membership.pass_on(people.portal, owner, SLUG, membership_id=id_of(people, owner), now=NOW)

    assert people.person("dewi@selat.example").owned == owner.owned
    assert people.facts() == facts


def test_only_an_owner_passes_it_on_and_only_to_one_of_its_own(people: People) -> None:
    owner = people.member()
    other = invited(people, owner)
    stranger = people.member("tan@elsewhere.example", organisation="Elsewhere")

    for actor, chosen in (
        (other, id_of(people, other)),
        (stranger, id_of(people, other)),
        (owner, id_of(people, stranger)),
        (owner, 999_999),
    ):
        with pytest.raises(NotFound):
            membership.pass_on(people.portal, actor, SLUG, membership_id=chosen, now=NOW)
    with pytest.raises(NotFound):
        membership.leave(people.portal, stranger, SLUG, now=NOW)


def test_both_are_mailed_when_it_is_passed_on(people: People) -> None:
    owner = people.member()
    other = invited(people, owner)
    before = people.told()

    membership.pass_on(people.portal, owner, SLUG, membership_id=id_of(people, other), now=NOW)

    assert people.told()[len(before) :] == ["owner_changed", "passed_on"]
    with people.portal.database.reading() as session:
        told = session.query(Outbox).order_by(Outbox.id.desc()).limit(2).all()
    assert [(row.fact, row.user_id) for row in told] == [("passed_on", owner.id), ("owner_changed", other.id)]
    assert {row.organisation_id for row in told} == owner.memberships


def test_passing_it_on_to_oneself_mails_nobody(people: People) -> None:
    owner = people.member()
    before = people.told()

    membership.pass_on(people.portal, owner, SLUG, membership_id=id_of(people, owner), now=NOW)

    assert people.told() == before


def test_whoever_leaves_is_mailed(people: People) -> None:
    other = invited(people, people.member())

    membership.leave(people.portal, other, SLUG, now=NOW)

    assert people.told()[-1] == "member_left"
    with people.portal.database.reading() as session:
        row = session.query(Outbox).order_by(Outbox.id.desc()).first()
    assert row is not None
    assert (row.user_id, {row.organisation_id}) == (other.id, other.memberships)
