"""Limits on tries, counted in rows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.actions.accounts import limits
from portal.actions.accounts.sessions import Visit
from portal.actions.portal import Portal
from portal.rules.login_limits import LIMITS, LOGIN
from portal.rules.refusals import Invalid, Throttled
from tests.rigs.people import ELSEWHERE, HOME, NOW, PASSWORD, People

WRONG = "wrong wrong wrong wrong"


def fail(
    people: People, times: int, *, email: str = "dewi@selat.example", visit: Visit = HOME
) -> list[float]:
    """The seconds that the answers were held back."""
    slept: list[float] = []
    for _ in range(times):
        with pytest.raises(Invalid):
            people.log_in(email, WRONG, visit=visit, slept=slept)
    return slept


def spend(people: People, times: int, *, purpose: str = LOGIN, address: str = "somewhere") -> None:
    """Failures of so many accounts, without the cost of their passwords."""
    for number in range(times):
        limits.begin_try(
            people.portal, purpose, account=f"{number}@{address}.example", address_key=address, now=NOW
        )


def test_answers_are_held_back_from_the_third_failure_on(people: People) -> None:
    people.member()

    assert fail(people, 5) == [0.25, 0.5, 1.0]


def test_the_sixth_try_within_five_minutes_is_refused_and_told_when_to_come_back(people: People) -> None:
    people.member()
    fail(people, 5)

    with pytest.raises(Throttled) as refusal:
        people.log_in()

    assert 0 < refusal.value.retry_after <= 301


def test_after_the_wait_one_may_try_again(people: People) -> None:
    people.member()
    fail(people, 5)

    assert people.log_in(now=NOW + timedelta(minutes=5))


def test_logins_that_work_are_never_counted(people: People) -> None:
    people.member()

    assert all(people.log_in() for _ in range(25))


def test_a_login_forgives_what_was_mistyped_before_it(people: People) -> None:
    people.member()
    fail(people, 4)
    people.log_in()

    assert fail(people, 2) == []


def test_an_account_that_does_not_exist_is_limited_alike(people: People) -> None:
    fail(people, 5, email="nobody@selat.example")

    with pytest.raises(Throttled):
        people.log_in("nobody@selat.example")


def test_strangers_who_guess_do_not_lock_out_whoever_was_here_before(people: People) -> None:
    people.member()
    people.log_in()
    fail(people, 5, visit=ELSEWHERE)

    with pytest.raises(Throttled):
        people.log_in(visit=Visit("", "a third place"))
    assert people.log_in()


def test_twenty_failures_from_one_address_are_enough(people: People) -> None:
    people.member()
    spend(people, 20, address="home")

    with pytest.raises(Throttled):
        people.log_in()
    assert people.log_in(visit=ELSEWHERE)


def test_five_hundred_failures_from_everywhere_are_enough(people: People) -> None:
    people.member()
    with people.portal.work() as work:
        from portal.storage.tables import LoginAttempt

        work.session.add_all(
            LoginAttempt(purpose=LOGIN, account_key=str(number), address_key=str(number), at=NOW)
            for number in range(LIMITS[LOGIN].overall.most)
        )
        work.commit()

    with pytest.raises(Throttled):
        people.log_in()


def test_a_registration_is_limited_by_address(people: People) -> None:
    spend(people, LIMITS["register"].address.most, purpose="register", address="home")

    with pytest.raises(Throttled):
        people.registered()


def test_limits_can_be_switched_off(people: People) -> None:
    people.member()
    people.portal = Portal(people.portal.database, replace(people.portal.settings, login_limits=False))

    assert fail(people, 7) == []
    assert people.log_in(password=PASSWORD)


def test_many_tries_at_once_are_counted_like_many_in_a_row(people: People) -> None:
    def try_once(_number: int) -> bool:
        try:
            limits.begin_try(people.portal, LOGIN, account="dewi@selat.example", address_key="x", now=NOW)
        except Throttled:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        let_through = sum(threads.map(try_once, range(24)))

    assert let_through == LIMITS[LOGIN].account.most


def test_keys_name_nobody(people: People) -> None:
    key = limits.address_key(people.portal, "203.0.113.7")

    assert len(key) == 64
    assert key != limits.address_key(people.portal, "203.0.113.8")


def test_one_ipv6_customer_is_one_address(people: People) -> None:
    first = limits.address_key(people.portal, "2001:db8:1:2::1")

    assert limits.address_key(people.portal, "2001:db8:1:2:ffff::9") == first
    assert limits.address_key(people.portal, "2001:db8:1:3::1") != first
    assert limits.address_key(people.portal, "") == ""


def test_too_many_held_back_at_once_are_sent_away() -> None:
    held = limits.Try(1, 4)
    tried: list[str] = []

    def wait_inside_wait(_seconds: float) -> None:
        tried.append("held")
        limits.hold_back(held, wait_inside_wait)

    with pytest.raises(Throttled):
        limits.hold_back(held, wait_inside_wait)
    assert len(tried) == limits.MOST_HELD_BACK
    limits.hold_back(held, lambda _seconds: None)
