"""A forgotten password."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.actions.accounts import resetting, sessions, users
from portal.rules.refusals import Invalid, NotFound, Throttled
from tests.rigs.people import HOME, NOW, People

NEW = "seven green ladders sing"


def ask(people: People, email: str = "dewi@selat.example", **more: float) -> None:
    resetting.ask_for_reset(people.portal, email=email, visit=HOME, now=NOW + timedelta(**more))


def test_the_link_sets_a_new_password_and_ends_every_session(people: People) -> None:
    people.member()
    token = people.log_in()
    ask(people)

    resetting.reset(people.portal, people.link("reset"), NEW, now=NOW)

    assert sessions.find(people.portal, token, now=NOW) is None
    assert people.log_in(password=NEW)
    with pytest.raises(Invalid):
        people.log_in()
    assert people.told()[-2:] == ["reset_asked", "password_changed"]


def test_an_unknown_or_blocked_address_gets_no_mail_and_no_other_answer(people: People) -> None:
    people.member()
    users.block_user(people.portal, "dewi@selat.example", now=NOW)
    before = people.told()

    ask(people)
    ask(people, "unknown@selat.example")

    assert people.told() == before
    assert people.facts()[-2:] == ["reset_asked_unknown"] * 2


def test_the_link_works_once(people: People) -> None:
    people.member()
    ask(people)
    token = people.link("reset")
    resetting.reset(people.portal, token, NEW, now=NOW)

    with pytest.raises(NotFound):
        resetting.reset(people.portal, token, "another long enough one", now=NOW)


def test_the_link_works_for_an_hour(people: People) -> None:
    people.member()
    ask(people)

    with pytest.raises(NotFound):
        resetting.reset(people.portal, people.link("reset"), NEW, now=NOW + timedelta(hours=1))


def test_a_stranger_who_asks_does_not_end_the_link_that_was_mailed_before(people: People) -> None:
    people.member()
    ask(people)
    older = people.link("reset")
    ask(people)
    newer = people.link("reset")

    resetting.reset(people.portal, older, NEW, now=NOW)

    assert people.log_in(password=NEW)
    with pytest.raises(NotFound):
        resetting.reset(people.portal, newer, "another four word phrase", now=NOW)


def test_a_refused_password_leaves_the_link_unused(people: People) -> None:
    people.member()
    ask(people)
    token = people.link("reset")

    with pytest.raises(Invalid):
        resetting.reset(people.portal, token, "short", now=NOW)

    resetting.reset(people.portal, token, NEW, now=NOW)
    assert people.log_in(password=NEW)


def test_a_link_for_one_purpose_is_good_for_no_other(people: People) -> None:
    people.member()
    people.registered("other@selat.example")

    with pytest.raises(NotFound):
        resetting.reset(people.portal, people.link("confirm"), NEW, now=NOW)


def test_three_an_hour_and_no_more(people: People) -> None:
    people.member()
    for _ in range(3):
        ask(people)

    with pytest.raises(Throttled):
        ask(people)
    ask(people, hours=1)


def test_a_reset_ends_the_wait_after_wrong_tries(people: People) -> None:
    people.member()
    for _ in range(5):
        with pytest.raises(Invalid):
            people.log_in(password="wrong wrong wrong")
    ask(people)

    resetting.reset(people.portal, people.link("reset"), NEW, now=NOW)

    assert people.log_in(password=NEW)
