"""Registration, links in mails, passwords and invitations at a browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from portal.storage.tables import User
from tests.rigs.people import PASSWORD, People, StandingClock
from tests.rigs.visitor import Visitor, without_tokens

Browser = Callable[[], Visitor]
FORM = {
    "name": "Dewi Anggraini",
    "email": "dewi@selat.example",
    "password": PASSWORD,
    "organisation": "Selat Biru Ferries",
    "website": "https://selat.example",
}


def test_a_stranger_registers_confirms_and_logs_in(stranger: Visitor, people: People) -> None:
    sent = stranger.send("/account/register", **FORM)
    assert (sent.status_code, sent.location) == (303, "/account/register/sent")
    assert stranger.open(sent.location).status_code == 200

    link = f"/account/confirm/{people.link('confirm')}"
    page = stranger.open(link).text
    assert "Dewi Anggraini" in page
    assert "Selat Biru Ferries" in page
    assert people.user().confirmed_at is None

    confirmed = stranger.send(link)
    assert (confirmed.status_code, confirmed.location) == (303, "/account/login?after=confirmed")
    assert "You can log in now." in stranger.open(confirmed.location).text
    assert stranger.log_in(FORM["email"], PASSWORD).location == "/desk"


def test_a_taken_address_is_answered_like_a_free_one(stranger: Visitor, people: People) -> None:
    people.member()

    answer = stranger.send("/account/register", **FORM)

    assert (answer.status_code, answer.location) == (303, "/account/register/sent")
    assert people.told()[-1] == "registered_again"


def test_a_refused_registration_keeps_all_but_the_password(stranger: Visitor) -> None:
    answer = stranger.send(
        "/account/register", **(FORM | {"password": "too short", "email": "not an address"})
    )

    assert answer.status_code == 422
    for kept in ("Dewi Anggraini", "not an address", "Selat Biru Ferries", "https://selat.example"):
        assert f'value="{kept}"' in answer.text
    assert "too short" not in answer.text
    assert 'role="alert"' in answer.text
    assert 'data-field="password"' in answer.text


def test_a_registration_writes_only_its_own_fields(stranger: Visitor, people: People) -> None:
    more = {"role": "admin", "confirmed_at": "2026-01-01", "id": "77", "organisation_id": "1", "version": "9"}

    stranger.send("/account/register", **(FORM | more))

    user: User = people.user()
    assert (user.role, user.confirmed_at, user.version) == ("member", None, 1)
    assert user.id != 77


@pytest.mark.parametrize("purpose", ["confirm", "reset", "invite"])
@pytest.mark.parametrize("token", ["1-nothing", "x", "1-" + "A" * 43, "9" * 30 + "-" + "A" * 43])
def test_a_link_that_is_not_good_says_so(stranger: Visitor, purpose: str, token: str) -> None:
    answer = stranger.open(f"/account/{purpose}/{token}")

    assert answer.status_code == 404
    assert "This link no longer works" in answer.text


def test_a_forgotten_password_is_set_anew(member: Visitor, stranger: Visitor, people: People) -> None:
    asked = stranger.send("/account/reset", email="dewi@selat.example")
    assert (asked.status_code, asked.location) == (303, "/account/reset/sent")
    assert stranger.open(asked.location).status_code == 200

    link = f"/account/reset/{people.link('reset')}"
    assert stranger.send(link, password="short").status_code == 422
    done = stranger.send(link, password="seven green ladders sing")

    assert done.location == "/account/login?after=password"
    assert member.open("/account/security").status_code == 302
    assert stranger.log_in("dewi@selat.example", "seven green ladders sing").location == "/desk"


def test_a_reset_for_nobody_is_answered_alike(stranger: Visitor) -> None:
    answer = stranger.send("/account/reset", email="nobody@selat.example")

    assert (answer.status_code, answer.location) == (303, "/account/reset/sent")


def test_a_changed_password_ends_the_other_browser_but_not_this_one(
    member: Visitor, browser: Browser
) -> None:
    other = browser()
    other.log_in("dewi@selat.example", PASSWORD)
    copied = member.cookie

    answer = member.send("/account/password", current_password=PASSWORD, password="seven green ladders sing")

    assert answer.location == "/account/security"
    assert member.open("/account/security").status_code == 200
    assert other.open("/account/security").status_code == 302
    other.cookie = copied
    assert other.open("/account/security").status_code == 302


def test_a_wrong_present_password_changes_nothing(member: Visitor) -> None:
    answer = member.send(
        "/account/password", current_password="not this one", password="seven green ladders sing"
    )

    assert answer.status_code == 422
    assert "This is not your present password." in answer.text


def test_an_owner_invites_and_the_invited_person_joins(
    member: Visitor, stranger: Visitor, people: People
) -> None:
    sent = member.send("/desk/organisation/invite", page="/desk/organisation", email="sari@selat.example")
    assert sent.status_code == 303
    assert "sari@selat.example" in member.open("/desk/organisation").text

    joined = stranger.send(f"/account/invite/{people.link('invite')}", name="Sari Dewanti", password=PASSWORD)

    assert joined.location == "/desk/organisation?done=joined"
    page = stranger.open(joined.location).text
    assert "You act for this organisation now, and you are logged in." in page
    assert "Dewi Anggraini" in page
    assert "Only an owner can invite and remove people." in page


def test_a_removed_member_finds_nothing_at_the_next_request(
    member: Visitor, stranger: Visitor, people: People
) -> None:
    member.send("/desk/organisation/invite", page="/desk/organisation", email="sari@selat.example")
    stranger.send(f"/account/invite/{people.link('invite')}", name="Sari Dewanti", password=PASSWORD)
    token = stranger.token("/desk/organisation")
    memberships = people.portal.database
    from portal.storage.tables import Membership

    with memberships.reading() as session:
        row = session.query(Membership).filter_by(role="member").one()

    removed = member.send("/desk/organisation/remove", page="/desk/organisation", member=str(row.id))

    assert removed.status_code == 303
    assert "You act for no organisation now" in stranger.open("/desk/organisation").text
    answer = stranger.client.post(
        "/desk/organisation",
        data={"csrf_token": token, "about": "mine", "organisation": "selat-biru-ferries"},
    )
    assert answer.status_code == 404
    assert people.organisation("selat-biru-ferries").about == ""


def test_the_loser_of_two_changes_keeps_the_words(member: Visitor) -> None:
    first = member.send("/desk/organisation", about="First", website="", version="1")
    second = member.send("/desk/organisation", about="My own words", website="", version="1")

    assert (first.status_code, second.status_code) == (303, 409)
    assert "My own words" in second.text
    assert 'name="version" value="2"' in second.text
    assert 'role="alert"' in second.text
    assert "You, in another tab, changed the organisation page after you opened it." in second.text
    assert "24 Mar 2026, 11:20 GMT+8" in second.text


def test_the_about_text_is_inert(member: Visitor) -> None:
    member.send("/desk/organisation", about="<script>alert(1)</script> & <b>us</b>", website="", version="1")

    page = member.open("/desk/organisation").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_link_of_yesterday_is_gone(
    stranger: Visitor, people: People, standing_clock: StandingClock
) -> None:
    people.registered()
    standing_clock.move(hours=24)

    assert stranger.open(f"/account/confirm/{people.link('confirm')}").status_code == 404


def told(answer: TestResponse) -> list[str]:
    """What the box above the form says, in its order."""
    box = re.search(r'<div class="errsum".*?</div>', answer.text, re.DOTALL)
    return re.findall(r'data-field="[^"]*" data-severity="blocking">([^<]+)<', box[0]) if box else []


def test_a_form_that_was_left_empty_says_what_to_write(stranger: Visitor, member: Visitor) -> None:
    address, password = "Write the e-mail address.", "Write a password."

    assert told(stranger.send("/account/register")) == [
        "Write your name.",
        address,
        password,
        "Write the name of your organisation.",
    ]
    assert told(stranger.send("/account/login")) == ["Write your e-mail address.", "Write your password."]
    assert told(stranger.send("/account/reset")) == [address]
    assert told(member.send("/account/password")) == ["Write your present password.", password]
    assert told(member.send("/desk/organisation/invite", "/desk/organisation")) == [address]


def test_a_short_password_is_counted_in_words_that_are_right(stranger: Visitor) -> None:
    for short, says in (("a", "1 character."), ("short", "5 characters.")):
        answer = stranger.send("/account/register", **(FORM | {"password": short}))
        assert told(answer) == [f"The password has {says} Use 15 or more; four plain words are fine."]


def test_words_in_an_address_are_never_shown_and_lead_nowhere_else(
    stranger: Visitor, editor: Visitor, people: People
) -> None:
    for page in ("/account/login?after=", "/account/login?next="):
        assert "<b>mark" not in (text := stranger.open(f"{page}%3Cb%3Emark").text)
        assert "mark" not in text
    for page in ("/newsroom?done=", "/newsroom?after=", "/newsroom?view=decided&after="):
        answer = editor.open(f"{page}%3Cb%3Emark")
        assert (answer.status_code, "mark" in answer.text) == (200, False)
    people.member()
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
        visitor = stranger.log_in(FORM["email"], PASSWORD, next=elsewhere)
        assert visitor.location == "/desk"
        stranger.send("/account/logout", "/desk")


@pytest.mark.parametrize("about", ["We sail.\n\nEvery day.", "\n\n  We sail.\n\n"])
def test_saving_the_same_words_again_and_again_adds_no_line(member: Visitor, about: str) -> None:
    """Also for a client that takes the line break after the tag for a part of the text."""
    page = "/desk/organisation"
    hidden = re.compile(r'name="(version|organisation)"[^>]*value="([^"]*)"')

    def save(words: str) -> str:
        fields = dict(hidden.findall(member.open(page).text))
        assert member.send(page, about=words, website="", **fields).status_code == 303
        found = re.search(r'name="about"[^>]*>(.*?)</textarea>', member.open(page).text, re.DOTALL)
        assert found is not None
        return found[1]

    assert save(about) == save(save(about)) == save(save(save(about)))


def test_the_confirming_page_says_for_whom_and_when(stranger: Visitor, people: People) -> None:
    people.registered()

    page = stranger.open(f"/account/confirm/{people.link('confirm')}").text

    words = " ".join(re.sub("<[^>]*>", "", page).split())
    assert "registered dewi@selat.example for Selat Biru Ferries, in the name of Dewi Anggraini" in words
    assert "This was asked for on 24 Mar 2026, 11:20 GMT+8." in words


def test_every_link_of_a_confirmed_address_says_so_and_changes_nothing(
    stranger: Visitor, people: People
) -> None:
    people.registered()
    first = f"/account/confirm/{people.link('confirm')}"
    people.registered(password="quite other words entirely")
    second = f"/account/confirm/{people.link('confirm')}"
    token = stranger.token(second)
    stranger.send(first)

    for link in (first, second):
        shown = stranger.open(link)
        assert (shown.status_code, "Confirmed already. Log in." in shown.text) == (200, True)
        pressed = stranger.client.post(link, data={"csrf_token": token})
        assert (pressed.status_code, pressed.location) == (303, "/account/login?after=already")
        assert "Confirmed already. Log in." in stranger.open(pressed.location).text
    assert stranger.log_in(FORM["email"], "quite other words entirely").status_code == 422
    assert stranger.log_in(FORM["email"], PASSWORD).location == "/desk"


def test_a_link_that_is_too_old_names_the_cause(
    stranger: Visitor, people: People, standing_clock: StandingClock
) -> None:
    people.registered()
    standing_clock.move(hours=24)

    old = stranger.open(f"/account/confirm/{people.link('confirm')}").text
    cut = stranger.open(f"/account/confirm/{people.link('confirm')[:-3]}").text

    assert ("older than 24 hours" in old, "older than 24 hours" in cut) == (True, False)
    assert ("cut it in half" in old, "cut it in half" in cut) == (False, True)
    assert "/account/register/again" in old


@pytest.mark.parametrize("who", ["dewi@selat.example", "waits@selat.example", "nobody@selat.example"])
def test_a_failed_login_offers_to_send_the_link_again(stranger: Visitor, people: People, who: str) -> None:
    people.member()
    people.registered("waits@selat.example", organisation="Harbour Trust")

    failed = stranger.log_in(who, "not the right words").text

    words = " ".join(re.sub("<[^>]*>", "", failed).split())
    assert "Did you just register? Open the link that we mailed first. Send it again" in words
    assert f'name="email" value="{who}"' in failed
    sent = stranger.send("/account/register/again", page="/account/login", email=who)
    assert (sent.status_code, sent.location) == (303, "/account/register/again/sent")
    assert stranger.open(sent.location).status_code == 200


def test_a_form_that_was_sent_half_empty_is_no_failed_login(stranger: Visitor) -> None:
    assert "Did you just register?" not in stranger.log_in("dewi@selat.example", "").text


def test_one_mailbox_gets_five_mails_an_hour_from_all_that_strangers_can_ask_for(
    stranger: Visitor, member: Visitor, people: People, standing_clock: StandingClock
) -> None:
    """Registering, sending again, a reset, the daily e-mail and an invitation count together."""

    def ask_all() -> list[int]:
        victim = (f"victim+{number}@x.example" for number in range(99))
        return [
            stranger.send("/account/register", **(FORM | {"email": next(victim)})).status_code,
            stranger.send("/account/register/again", email=next(victim)).status_code,
            stranger.send("/account/reset", email=next(victim)).status_code,
            stranger.client.post("/newsletter", data={"email": next(victim)}).status_code,
            member.send(
                "/desk/organisation/invite", page="/desk/organisation", email=next(victim)
            ).status_code,
        ]

    first, second = ask_all(), ask_all()
    standing_clock.move(hours=1)
    third = ask_all()

    assert (first, second, third) == ([303] * 5, [429] * 5, [303] * 5)


def test_a_full_mailbox_is_said_alike_whoever_has_an_account(
    stranger: Visitor, member: Visitor, people: People
) -> None:
    stranger.client.environ_base["REMOTE_ADDR"] = "203.0.113.200"
    answers = set()
    for who in ("dewi@selat.example", "nobody@selat.example"):
        for _ in range(3):
            stranger.send("/account/reset", email=who)
        for _ in range(2):
            stranger.send("/account/register/again", email=who)
        full = stranger.send("/account/register/again", email=who)
        page = without_tokens(full.text).replace(who, "")
        answers.add((full.status_code, full.headers["Retry-After"], re.sub("[0-9a-f]{16}", "", page)))

    [(status, wait, page)] = answers
    assert (status, wait) == (429, "3601")
    assert "no further mail goes to it for now" in page


def test_the_owner_is_let_in_by_mail_however_much_strangers_asked_for(
    member: Visitor, browser: Browser, people: People
) -> None:
    away = browser()
    away.client.environ_base["REMOTE_ADDR"] = "203.0.113.200"
    for _ in range(3):
        assert away.send("/account/reset", email="dewi@selat.example").status_code == 303
    for _ in range(2):
        away.send("/account/register/again", email="dewi@selat.example")
    assert away.send("/account/reset", email="dewi@selat.example").status_code == 429
    before = people.told().count("reset_asked")

    asked = browser().send("/account/reset", email="dewi@selat.example")

    assert (asked.status_code, people.told().count("reset_asked")) == (303, before + 1)
