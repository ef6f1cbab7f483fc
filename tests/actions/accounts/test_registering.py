"""Each try to register confirms by its own link what was typed for it, and nothing that somebody else typed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.actions.accounts import inviting, registering, resetting
from portal.actions.operating import purging
from portal.rules.refusals import Invalid, NotFound, Throttled
from portal.storage.tables import Outbox, Registration
from tests.rigs.people import ELSEWHERE, HOME, NOW, PASSWORD, People

DEWI = "dewi@selat.example"
THEIRS = "quite other words entirely"


def both(people: People) -> tuple[str, str]:
    """The owner registers, then a stranger with the same address: the links of the two mails."""
    people.registered()
    owners = people.link("confirm")
    people.registered(name="A Stranger", organisation="Strait Shipping", password=THEIRS, visit=ELSEWHERE)
    return owners, people.link("confirm")


def press(people: People, link: str, *, days: float = 0) -> bool:
    return registering.confirm(people.portal, link, now=NOW + timedelta(days=days))


def opens(people: People, password: str) -> bool:
    try:
        return bool(people.log_in(DEWI, password))
    except Invalid:
        return False


def kept(people: People) -> int:
    with people.portal.database.reading() as session:
        return session.scalar(select(func.count(Registration.id))) or 0


def test_the_owners_link_confirms_the_owners_password(people: People) -> None:
    owners, _strangers = both(people)

    assert press(people, owners)

    assert (opens(people, PASSWORD), opens(people, THEIRS)) == (True, False)
    assert people.user().name == "Dewi Anggraini"
    assert people.organisation("selat-biru-ferries").name == "Selat Biru Ferries"


def test_a_later_try_confirms_its_own_words(people: People) -> None:
    _first, second = both(people)

    assert press(people, second)

    assert (opens(people, PASSWORD), opens(people, THEIRS)) == (False, True)
    assert people.organisation("strait-shipping").name == "Strait Shipping"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_after_one_link_no_other_changes_anything(people: People, order: tuple[int, int]) -> None:
    links = both(people)
    press(people, links[order[0]])
    before = people.user()

    assert not press(people, links[order[1]])
    assert not press(people, links[order[0]])

    after = people.user()
    assert (after.password_hash, after.name, after.version) == (
        before.password_hash,
        before.name,
        before.version,
    )
    assert len(people.person(DEWI).memberships) == 1
    assert kept(people) == 0
    told = [registering.waiting_for_confirmation(people.portal, links[each], now=NOW) for each in order]
    assert [(each.is_confirmed, each.another) for each in told] == [(True, False), (True, True)]


def test_nothing_of_a_try_counts_before_its_link_is_pressed(people: People) -> None:
    both(people)

    assert people.user().password_hash is None
    assert (opens(people, PASSWORD), opens(people, THEIRS)) == (False, False)
    assert people.person(DEWI).memberships == frozenset()


def test_two_links_pressed_at_once_confirm_one(people: People) -> None:
    links = both(people)

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(lambda link: press(people, link), links))

    assert answers == [False, True]
    assert len(people.person(DEWI).memberships) == 1


def test_a_try_after_the_confirmation_is_told_by_mail_and_has_no_link(people: People) -> None:
    owners, _ = both(people)
    press(people, owners)

    people.registered(password="one more set of words")

    assert people.told()[-1] == "registered_again"
    assert kept(people) == 0


def test_a_reset_confirms_and_takes_no_password_of_any_try(people: People) -> None:
    links = both(people)
    resetting.ask_for_reset(people.portal, email=DEWI, visit=HOME, now=NOW)
    resetting.reset(people.portal, people.link("reset"), "seven green ladders sing", visit=HOME, now=NOW)

    assert [press(people, link) for link in links] == [False, False]
    assert opens(people, "seven green ladders sing")
    assert people.organisation("selat-biru-ferries").name == "Selat Biru Ferries"
    assert len(people.person(DEWI).memberships) == 1


def test_an_invitation_that_is_accepted_ends_every_try(people: People) -> None:
    owner = people.member("owner@ferry.example", organisation="Ferry House")
    links = both(people)
    inviting.invite(people.portal, owner, "ferry-house", email=DEWI, visit=HOME, now=NOW)
    inviting.accept_invitation(
        people.portal, people.link("invite"), name="Dewi", password="seven green ladders sing", now=NOW
    )

    assert [press(people, link) for link in links] == [False, False]
    assert opens(people, "seven green ladders sing")
    assert people.person(DEWI).memberships == owner.memberships


def test_an_expired_link_confirms_nothing_and_ends_no_other(people: People) -> None:
    people.registered(now=NOW - timedelta(hours=23))
    older = people.link("confirm")
    people.registered(password=THEIRS)
    newer = people.link("confirm")

    with pytest.raises(NotFound):
        press(people, older, days=1 / 24)
    assert press(people, newer, days=1 / 24)
    assert opens(people, THEIRS)


def test_sending_again_mails_every_try_that_waits_and_ends_no_link(people: People) -> None:
    links = both(people)

    registering.send_again(people.portal, email="Dewi@Selat.example", visit=HOME, now=NOW)

    assert people.told() == ["registered", "registered", "confirmation_asked_again"]
    assert press(people, links[0])


def test_a_link_sent_again_works_for_another_day_within_a_week(people: People) -> None:
    people.registered()
    link = people.link("confirm")

    registering.send_again(people.portal, email=DEWI, visit=HOME, now=NOW + timedelta(days=6))
    purging.purge(people.portal, now=NOW + timedelta(days=6, hours=23))

    assert press(people, link, days=6.9)
    assert opens(people, PASSWORD)


def test_what_nobody_confirmed_is_deleted_after_a_week_and_a_day(people: People) -> None:
    people.registered()
    link = people.link("confirm")
    registering.send_again(people.portal, email=DEWI, visit=HOME, now=NOW + timedelta(days=7))

    purging.purge(people.portal, now=NOW + timedelta(days=8, seconds=1))

    assert people.told()[1:] == ["confirmed_already"]  # to nobody: the answer took as long
    assert kept(people) == 0
    with pytest.raises(NotFound):
        press(people, link, days=8)


def test_sending_again_is_answered_alike_and_costs_alike(people: People) -> None:
    people.member("confirmed@selat.example", organisation="Selat One")
    people.registered("waits@selat.example", organisation="Selat Two")
    answers = []
    for who in ("confirmed", "waits", "unknown"):
        before = len(people.told()), len(people.facts())
        answers.append(
            registering.send_again(people.portal, email=f"{who}@selat.example", visit=HOME, now=NOW)
        )
        assert (len(people.told()), len(people.facts())) == (before[0] + 1, before[1] + 1)

    assert answers == [None, None, None]
    with people.portal.database.reading() as session:
        told = session.execute(select(Outbox.fact, Outbox.user_id).order_by(Outbox.id.desc()).limit(3)).all()
    assert [(row.fact, row.user_id is not None) for row in told] == [
        ("confirmed_already", False),
        ("confirmation_asked_again", True),
        ("confirmed_already", True),
    ]


def test_sending_again_is_limited(people: People) -> None:
    for _ in range(3):
        registering.send_again(people.portal, email=DEWI, visit=HOME, now=NOW)

    with pytest.raises(Throttled):
        registering.send_again(people.portal, email=DEWI, visit=HOME, now=NOW)
