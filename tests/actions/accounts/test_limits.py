"""Limits on tries, counted in rows."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from portal.actions.accounts import limits, logging_in, passwords, resetting, sessions
from portal.actions.accounts.sessions import Login, Visit
from portal.actions.portal import Portal
from portal.rules.login_limits import AGAIN, KNOWN_FOR, LIMITS, LOGIN, NEWSLETTER, REGISTER, RESET
from portal.rules.refusals import Invalid, Throttled
from portal.storage.tables import KnownNetwork, LoginAttempt, Session
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
            people.portal,
            purpose,
            account=f"{number}@{address}.example",
            visit=Visit("", address),
            now=NOW,
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
            limits.begin_try(
                people.portal, LOGIN, account="dewi@selat.example", visit=Visit("", "x"), now=NOW
            )
        except Throttled:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        let_through = sum(threads.map(try_once, range(24)))

    assert let_through == LIMITS[LOGIN].account.most


def test_keys_name_nobody(people: People) -> None:
    visit = limits.visit_from(people.portal, "203.0.113.7")

    assert [len(key) for key in (visit.address_key, visit.network_key, visit.site_key)] == [64, 64, 0]
    assert limits.visit_from(people.portal, "203.0.113.8").address_key != visit.address_key


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.7", (True, True, True)),
        ("203.0.113.7", "203.0.113.250", (False, True, True)),
        ("203.0.113.7", "203.0.112.7", (False, False, True)),
        ("203.0.113.7", "::ffff:203.0.113.7", (True, True, True)),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", (True, True, True)),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", (False, True, True)),
        ("2001:db8:1:2::1", "2001:db8:1:102::1", (False, False, True)),
        ("2001:db8:1:2::1", "2001:db8:2:2::1", (False, False, False)),
        ("fe80::1%eth0", "fe80::1%eth1", (True, True, True)),
    ],
)
def test_which_addresses_lie_in_one_network(
    people: People, one: str, other: str, same: tuple[bool, bool, bool]
) -> None:
    first, second = (limits.visit_from(people.portal, each) for each in (one, other))

    assert (
        first.address_key == second.address_key,
        first.network_key == second.network_key,
        first.site_key == second.site_key,
    ) == same


def test_what_is_no_address_is_nowhere(people: People) -> None:
    assert [limits.visit_from(people.portal, each) for each in ("", "unix:")] == [Visit(), Visit()]


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


def stranger(people: People, number: int, *, inside: str = "198.51.{}.1") -> Visit:
    return limits.visit_from(people.portal, inside.format(number))


def fill_overall(people: People, purpose: str) -> None:
    """As many tries of strangers, each from a place of its own, as are taken over all."""
    most = LIMITS[purpose].overall
    assert most is not None
    with people.portal.work() as work:
        work.session.add_all(
            LoginAttempt(purpose=purpose, account_key=str(each), address_key=str(each), at=NOW)
            for each in range(most.most)
        )
        work.commit()


AT_OFFICE, IN_THE_SAME_NETWORK, AWAY = "192.0.2.10", "192.0.2.77", "198.51.100.9"


def known(people: People, address: str = AT_OFFICE) -> Visit:
    """Dewi has logged in from there once; the login itself is long gone."""
    people.member()
    visit = limits.visit_from(people.portal, address)
    people.log_in(visit=visit)
    with people.portal.work() as work:
        work.session.execute(delete(Session))
        work.commit()
    return visit


def test_the_overall_limit_sheds_strangers_and_never_who_was_here_before(people: People) -> None:
    office = known(people)
    fill_overall(people, LOGIN)

    with pytest.raises(Throttled):
        people.log_in(visit=limits.visit_from(people.portal, AWAY))
    assert people.log_in(visit=office)
    assert people.log_in(visit=limits.visit_from(people.portal, IN_THE_SAME_NETWORK))


@pytest.mark.parametrize("purpose", [RESET, REGISTER, AGAIN, NEWSLETTER])
def test_what_may_be_asked_for_over_all_is_used_up_for_strangers_only(people: People, purpose: str) -> None:
    office = known(people)
    fill_overall(people, purpose)

    def ask(visit: Visit, email: str = "dewi@selat.example") -> object:
        return limits.begin_try(people.portal, purpose, account=email, visit=visit, now=NOW, mail_to=email)

    with pytest.raises(Throttled):
        ask(limits.visit_from(people.portal, AWAY))
    with pytest.raises(Throttled):
        ask(office, "another@selat.example")
    assert ask(office)


def test_failures_of_others_in_ones_own_network_lock_nobody_out(people: People) -> None:
    office = known(people)
    for number in range(20):
        limits.begin_try(people.portal, LOGIN, account=f"{number}@x.example", visit=office, now=NOW)

    with pytest.raises(Throttled):
        limits.begin_try(people.portal, LOGIN, account="new@x.example", visit=office, now=NOW)
    assert people.log_in(visit=office)


def test_guessing_from_ones_own_network_ends_after_five(people: People) -> None:
    office = known(people)
    assert fail(people, 5, visit=office) == []

    with pytest.raises(Throttled):
        people.log_in(visit=office)
    assert people.log_in(visit=office, now=NOW + timedelta(minutes=5))


def test_a_neighbour_who_guesses_gets_as_much_as_four_addresses(people: People) -> None:
    known(people)
    tries = 0
    for number in range(100, 120):
        visit = limits.visit_from(people.portal, f"192.0.2.{number}")
        with contextlib.suppress(Throttled):
            for _ in range(10):
                limits.begin_try(people.portal, LOGIN, account="dewi@selat.example", visit=visit, now=NOW)
                tries += 1

    assert tries == 20
    assert people.log_in(visit=limits.visit_from(people.portal, AT_OFFICE))


def test_the_memory_ends_half_a_year_after_the_last_login(people: People) -> None:
    office = known(people)
    later = NOW + KNOWN_FOR
    fill_overall(people, LOGIN)
    with people.portal.work() as work:
        work.session.execute(update(LoginAttempt).values(at=later))
        work.commit()

    assert people.log_in(visit=office, now=later - timedelta(seconds=1))
    assert people.log_in(visit=office, now=later)  # the login of a second ago began it anew
    with people.portal.work() as work:
        work.session.execute(update(KnownNetwork).values(seen_at=NOW))
        work.commit()
    with pytest.raises(Throttled):
        people.log_in(visit=office, now=later)


def test_a_network_is_remembered_once(people: People) -> None:
    office = known(people)
    people.log_in(visit=office, now=NOW + timedelta(days=1))

    with people.portal.database.reading() as session:
        rows = session.execute(select(KnownNetwork.key, KnownNetwork.seen_at)).all()
    assert {tuple(row) for row in rows} == {
        (office.address_key, NOW + timedelta(days=1)),
        (office.network_key, NOW + timedelta(days=1)),
    }


@pytest.mark.parametrize(("inside", "most"), [("2001:db8:1:{:x}::1", 40), ("2001:db8:1:{:x}00::1", 100)])
def test_ipv6_counts_by_its_56_and_its_48_as_well(people: People, inside: str, most: int) -> None:
    taken = 0
    with contextlib.suppress(Throttled):
        for number in range(most + 5):
            visit = stranger(people, number, inside=inside)
            limits.begin_try(people.portal, LOGIN, account=f"{number}@x.example", visit=visit, now=NOW)
            taken += 1

    assert taken == most


def test_ipv4_counts_by_the_address_alone(people: People) -> None:
    for number in range(120):
        visit = stranger(people, number, inside="203.0.113.{}")
        assert limits.begin_try(people.portal, LOGIN, account=f"{number}@x.example", visit=visit, now=NOW)


def test_a_mailed_link_makes_the_place_known_where_it_was_pressed(people: People) -> None:
    people.member()
    away = limits.visit_from(people.portal, AWAY)
    resetting.ask_for_reset(people.portal, email="dewi@selat.example", visit=away, now=NOW)
    resetting.reset(people.portal, people.link("reset"), "seven green ladders sing", visit=away, now=NOW)
    fill_overall(people, LOGIN)

    assert people.log_in(password="seven green ladders sing", visit=away)


def test_wrong_present_passwords_count_for_their_own_login(people: People) -> None:
    people.member()
    mine, stolen = (sessions.find(people.portal, people.log_in(), now=NOW) for _ in range(2))
    assert mine is not None
    assert stolen is not None
    fill_overall(people, LOGIN)

    def change(login: Login, current: str) -> str:
        return logging_in.change_password(
            people.portal,
            login,
            current=current,
            password="seven green ladders sing",
            visit=limits.visit_from(people.portal, AWAY),
            now=NOW,
            sleep=lambda _seconds: None,
        )

    for _ in range(5):
        with pytest.raises(Invalid):
            change(stolen, WRONG)
    with pytest.raises(Throttled):
        change(stolen, PASSWORD)
    assert change(mine, PASSWORD)


def test_whoever_is_at_home_waits_in_a_line_of_their_own(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = known(people)
    monkeypatch.setattr(passwords, "LONGEST_WAIT", 0.0)

    with passwords._turn(), passwords._turn():
        assert people.log_in(visit=office)
        with pytest.raises(Throttled):
            people.log_in(visit=limits.visit_from(people.portal, AWAY))
