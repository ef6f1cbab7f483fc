"""Registering, logging in and out, and changing the password."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.actions.accounts import logging_in, passwords, registering, sessions, users
from portal.actions.accounts.sessions import Login
from portal.rules.logins import ABSOLUTE, IDLE
from portal.rules.refusals import Invalid, NotFound
from tests.rigs.people import ELSEWHERE, HOME, NOW, PASSWORD, People


def login_of(people: People, token: str) -> Login:
    found = sessions.find(people.portal, token, now=NOW)
    assert found is not None
    return found


def fields_of(refusal: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [issue.field for issue in refusal.value.issues]


def test_a_stranger_registers_and_is_mailed_a_link(people: People) -> None:
    people.registered("Dewi@Selat.Example")

    assert people.user("dewi@selat.example").confirmed_at is None
    assert people.facts() == ["registered"]
    assert people.told() == ["registered"]


def test_a_taken_address_is_told_by_mail_only(people: People) -> None:
    people.member()
    before = people.user()

    people.registered(name="Somebody Else", password="quite other words entirely")

    assert people.told() == ["registered", "registered_again"]
    assert (people.user().name, people.user().password_hash) == (before.name, before.password_hash)


def test_everything_that_cannot_be_taken_is_said_at_once(people: People) -> None:
    with pytest.raises(Invalid) as refusal:
        people.registered("no address", name=" ", organisation="", website="not a site", password="short")

    assert fields_of(refusal) == ["name", "email", "organisation", "website", "password"]


@pytest.mark.parametrize(
    "address", ["a@b.example\r\nBcc: c@d.example", "a@b", "a b@c.example", "@c.example", ""]
)
def test_an_address_that_no_mail_could_reach_is_refused(people: People, address: str) -> None:
    with pytest.raises(Invalid) as refusal:
        people.registered(address)

    assert fields_of(refusal) == ["email"]


def test_the_link_confirms_once_and_pressing_twice_is_no_fault(people: People) -> None:
    people.registered()
    token = people.link("confirm")

    registering.confirm(people.portal, token, now=NOW)
    registering.confirm(people.portal, token, now=NOW)

    assert people.facts() == ["registered", "address_confirmed"]


def test_a_link_of_a_day_ago_confirms_nothing(people: People) -> None:
    people.registered()

    with pytest.raises(NotFound):
        registering.confirm(people.portal, people.link("confirm"), now=NOW + timedelta(hours=24))
    assert people.user().confirmed_at is None


@pytest.mark.parametrize("token", ["", "1", "1-", "x-y", "999-" + "A" * 43, "1-" + "A" * 43, "1-ü"])
def test_a_made_up_link_confirms_nothing(people: People, token: str) -> None:
    people.registered()

    with pytest.raises(NotFound):
        registering.confirm(people.portal, token, now=NOW)


def test_looking_at_a_link_changes_nothing(people: People) -> None:
    people.registered()

    waiting = registering.waiting_for_confirmation(people.portal, people.link("confirm"), now=NOW)

    assert (waiting.email, waiting.organisation) == ("dewi@selat.example", "Selat Biru Ferries")
    assert (waiting.name, waiting.asked_at) == ("Dewi Anggraini", NOW)
    assert (waiting.is_confirmed, waiting.expired) == (False, False)
    assert people.user().confirmed_at is None


def test_a_member_logs_in_and_only_the_hash_of_the_token_is_kept(people: People) -> None:
    people.member()

    token = people.log_in()

    login = sessions.find(people.portal, token, now=NOW)
    assert login is not None
    assert (login.person.email, login.organisation_name) == ("dewi@selat.example", "Selat Biru Ferries")
    assert people.facts()[-1] == "logged_in"


def test_four_failures_get_one_answer_and_each_computes_a_hash(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.member("wrong@selat.example")
    people.member("blocked@selat.example")
    users.block_user(people.portal, "blocked@selat.example", now=NOW)
    people.registered("unconfirmed@selat.example")
    computed: list[str] = []
    matches = passwords.matches
    monkeypatch.setattr(
        passwords,
        "matches",
        lambda password, *known, **where: computed.append(password) or matches(password, *known, **where),
    )

    answers = set()
    for who, password in [
        ("unknown@selat.example", PASSWORD),
        ("wrong@selat.example", "not the right password"),
        ("blocked@selat.example", PASSWORD),
        ("unconfirmed@selat.example", PASSWORD),
    ]:
        with pytest.raises(Invalid) as refusal:
            people.log_in(who, password)
        answers.add((refusal.value.sentence, refusal.value.issues))

    assert len(answers) == 1
    assert len(computed) == 4


def test_no_password_of_an_invited_user_fits(people: People) -> None:
    users.create_user(people.portal, users.NewUser("ed@post.example", "Ed", "editor"), now=NOW)

    for password in ("", "nobody has this password"):
        with pytest.raises(Invalid):
            people.log_in("ed@post.example", password)


def test_letters_that_keyboards_write_in_two_ways_are_one_password(people: People) -> None:
    people.member(password="cafe\u0301 purple kettle")

    assert people.log_in(password="caf\u00e9 purple kettle")


def test_logging_out_ends_the_session(people: People) -> None:
    person = people.member()
    token = people.log_in()
    login = sessions.find(people.portal, token, now=NOW)
    assert login is not None

    logging_in.log_out(people.portal, person, login.session_id, now=NOW)

    assert sessions.find(people.portal, token, now=NOW) is None


def test_logging_out_everywhere_ends_all_sessions_of_this_person_only(people: People) -> None:
    person = people.member()
    people.member("other@selat.example")
    mine = [people.log_in(), people.log_in(visit=ELSEWHERE)]
    other = people.log_in("other@selat.example")

    logging_in.log_out_everywhere(people.portal, person, now=NOW)

    assert [sessions.find(people.portal, token, now=NOW) for token in mine] == [None, None]
    assert sessions.find(people.portal, other, now=NOW) is not None


def test_a_session_idles_out_unless_it_is_used(people: People) -> None:
    people.member()
    token = people.log_in()
    almost = NOW + IDLE - timedelta(minutes=1)
    login = sessions.find(people.portal, token, now=almost)
    assert login is not None

    sessions.note_use(people.portal, login, now=almost)

    assert sessions.find(people.portal, token, now=almost + IDLE - timedelta(minutes=1)) is not None
    assert sessions.find(people.portal, token, now=almost + IDLE) is None


def test_a_session_ends_after_two_weeks_however_much_it_is_used(people: People) -> None:
    people.member()
    token = people.log_in()
    moment = NOW
    while moment < NOW + ABSOLUTE - timedelta(hours=7):
        login = sessions.find(people.portal, token, now=moment)
        assert login is not None
        sessions.note_use(people.portal, login, now=moment)
        moment += timedelta(hours=7)

    assert sessions.find(people.portal, token, now=NOW + ABSOLUTE) is None


def test_a_new_password_ends_all_other_sessions_and_is_told(people: People) -> None:
    people.member()
    old = people.log_in(visit=ELSEWHERE)

    new = logging_in.change_password(
        people.portal,
        login_of(people, old),
        current=PASSWORD,
        password="seven green ladders sing",
        visit=HOME,
        now=NOW,
    )

    assert sessions.find(people.portal, old, now=NOW) is None
    assert sessions.find(people.portal, new, now=NOW) is not None
    assert people.told()[-1] == "password_changed"
    assert people.log_in(password="seven green ladders sing")


def test_the_present_password_is_asked_for(people: People) -> None:
    people.member()
    login = login_of(people, people.log_in())

    with pytest.raises(Invalid) as refusal:
        logging_in.change_password(
            people.portal,
            login,
            current="not the right one",
            password="seven green ladders sing",
            visit=HOME,
            now=NOW,
        )

    assert fields_of(refusal) == ["current_password"]


def test_the_words_of_the_account_make_no_password(people: People) -> None:
    with pytest.raises(Invalid) as refusal:
        people.registered(password="Selat Biru Ferries 2026")

    assert fields_of(refusal) == ["password"]


def test_blocking_ends_every_session_and_unblocking_lets_in_again(people: People) -> None:
    people.member()
    token = people.log_in()

    users.block_user(people.portal, "dewi@selat.example", now=NOW)
    assert sessions.find(people.portal, token, now=NOW) is None

    users.unblock_user(people.portal, "dewi@selat.example", now=NOW)
    assert sessions.find(people.portal, token, now=NOW) is None
    assert people.log_in()
