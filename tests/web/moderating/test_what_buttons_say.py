"""A button has the effect that it names or none, and every act ends on a page that says what it did."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.actions.accounts.users import NewUser, create_user
from portal.storage.tables import Organisation, User
from tests import builders
from tests.rigs.form_visitor import FormVisitor
from tests.rigs.people import NOW, PASSWORD, People, StandingClock
from tests.rigs.visitor import Visitor

CALL = {"identity_person": "Dewi", "identity_number": "+62 31 555 0100", "identity_source": "Harbour list"}
OVER = "23 Mar 2026, 07:00 GMT+8 is over. Choose a later time"
FIRST_YES = "Approve: first yes; a second editor confirms"


class Room:
    """One release of the member's house, and people of the newsroom who look at its page."""

    def __init__(self, people: People, browser: Callable[[], Visitor], make: Callable[..., object]) -> None:
        self.people, self._browser = people, browser
        with people.portal.work() as work:
            house, dewi = work.session.query(Organisation).one(), work.session.query(User).one()
            self.reference = make(work, house=house, sender=dewi, at=NOW).reference  # type: ignore[attr-defined]
            work.commit()
        self.page = f"/newsroom/releases/{self.reference}"

    def who(self, name: str, role: str = "editor") -> FormVisitor:
        user = NewUser(f"{name.lower()}@post.example", name, role, password=PASSWORD)
        create_user(self.people.portal, user, now=NOW)
        visitor = self._browser()
        visitor.log_in(user.email, PASSWORD)
        found = FormVisitor(visitor)
        found.open(self.page)
        return found


@pytest.fixture
def room(people: People, member: Visitor, browser: Callable[[], Visitor]) -> Room:
    return Room(people, browser, builders.submitted_release)


@pytest.fixture
def public(people: People, member: Visitor, browser: Callable[[], Visitor]) -> Room:
    return Room(people, browser, builders.published_release)


def bar(visitor: FormVisitor) -> list[str]:
    form = next(form for form in visitor.page.forms if form.id in ("approve", "confirm"))
    return [button.words for button in form.buttons]


def state(visitor: FormVisitor, room: Room) -> str:
    return str(visitor.open(room.page).main["data-state"])


def post(visitor: FormVisitor, ending: str, **fields: str) -> object:
    """What a program sends: the hidden fields of the form, and whatever it likes."""
    form = visitor.page.form(ending)
    hidden = {
        name: form.value(name) for name in ("csrf_token", "version", "revision_hash") if name in form.names
    }
    return visitor.visitor.client.post(form.action, data=hidden | fields)


def test_a_time_that_is_over_is_refused_in_words_and_nothing_is_lost(room):
    an = room.who("An")
    an.send("/claim")

    typed = {"publish_at": "2026-03-23T07:00", "publish_timezone": "Asia/Singapore"}
    refused = an.send("/decide", typed, button="Approve for the time above")

    assert refused.status == 422
    assert f"{OVER}, or leave it empty to publish now." in refused.text
    assert ("publish_at", "EMBARGO") in refused.issues
    assert (
        refused.form("/decide", button="Approve for the time above").value("publish_at")
        == typed["publish_at"]
    )
    assert post(an, "/decide", decision="approve", **typed).status_code == 422  # type: ignore[attr-defined]
    assert state(an, room) == "in_review"


def test_a_new_time_that_is_over_is_refused_in_the_same_words(room, standing_clock):
    an = room.who("An")
    an.send("/claim")
    at = {"publish_at": "2026-03-25T07:00", "publish_timezone": "Asia/Singapore"}
    an.send("/decide", at, button="Approve for the time above")
    an.open(room.page)

    refused = an.send("/reschedule", {"publish_at": "2026-03-23T07:00"})

    assert refused.status == 422
    assert f"{OVER}." in refused.text
    moved = an.send("/reschedule", {"publish_at": "2026-03-26T07:00"})
    assert "Moved: it goes public 26 Mar 2026, 07:00 GMT+8." in moved.text


def test_each_button_does_what_it_says_whatever_else_is_filled_in(room):
    an = room.who("An")
    an.send("/claim")
    an.send("/flags", {"flags": "first_release"})
    assert bar(an) == [FIRST_YES]

    both = {**CALL, "publish_at": "2026-03-25T07:00"}
    assert an.send("/decide", both, button="Record the call-back and publish now").status == 422
    assert "This button does not use the time." in an.page.text
    assert an.send("/decide", {"publish_at": ""}, button="Record the call-back and publish now").status == 200
    assert state(an, room) == "approved"


def test_a_time_below_the_call_back_counts_with_the_button_below_it(room):
    an = room.who("An")
    an.send("/claim")
    an.send("/flags", {"flags": "first_release"})

    an.send(
        "/decide",
        {**CALL, "publish_at": "2026-03-25T07:00"},
        button="Record the call-back and publish at the",
    )

    assert "It goes public 25 Mar 2026, 07:00 GMT+8" in an.page.text


def test_a_record_that_is_not_complete_is_refused_and_no_first_yes_comes_of_it(room):
    an = room.who("An")
    an.send("/claim")
    an.send("/flags", {"flags": "first_release, legal".split(", ", maxsplit=1)[0]})

    refused = an.send("/decide", button="Record the call-back and publish now")

    assert refused.status == 422
    assert {(name, "IDENTITY") for name in CALL} <= refused.issues
    assert state(an, room) == "in_review"


def test_a_time_panel_without_a_time_asks_for_it(room):
    an = room.who("An")
    an.send("/claim")

    assert an.send("/decide", button="Approve for the time above").status == 422
    assert "Give the day and time when it goes public." in an.page.text


@pytest.mark.parametrize(
    ("effect", "told"),
    [("at", "it would go public now"), ("first_yes", "it would go public now")],
)
def test_another_effect_than_the_button_named_is_a_conflict_that_says_what_would_come(room, effect, told):
    an = room.who("An")
    an.send("/claim")

    refused = post(an, "/decide", decision="approve", effect=effect)

    assert refused.status_code == 409  # type: ignore[attr-defined]
    assert told in refused.text  # type: ignore[attr-defined]
    assert post(an, "/decide", decision="approve", effect="soon").status_code == 422  # type: ignore[attr-defined]
    assert state(an, room) == "in_review"


def test_a_flag_that_was_set_meanwhile_makes_no_first_yes_of_a_button_that_said_now(room):
    an = room.who("An")
    an.send("/claim")
    an.send("/flags", {"flags": "legal"})

    refused = post(an, "/decide", decision="approve", effect="now")

    assert refused.status_code == 409  # type: ignore[attr-defined]
    assert "your yes would be the first of two now" in refused.text  # type: ignore[attr-defined]


def test_the_second_yes_has_a_bar_and_a_time_that_is_over_is_said(room, standing_clock: StandingClock):
    an, chea = room.who("An"), room.who("Chea")
    an.send("/claim")
    an.send("/flags", {"flags": "legal"})
    an.send("/decide", {"publish_at": "2026-03-24T14:00"}, button="Give the first yes for the time above")
    chea.open(room.page)
    assert bar(chea) == ["Confirm: goes public 24 Mar 2026, 14:00 GMT+8"]
    assert 'href="#dissent-message"' in chea.page.html
    assert (
        "Second yes wanted. An said yes 11:20. Why two: a legal case. Nothing is public until"
        in chea.page.text
    )

    standing_clock.move(hours=3)
    refused = chea.send("/endorse", button="Confirm: goes public 24 Mar")

    assert refused.status == 422
    assert (
        "24 Mar 2026, 14:00 GMT+8 is over. Choose a later time, or leave it empty to publish now."
        in refused.text
    )
    assert bar(chea) == ["Confirm: goes public now"]
    later = {"publish_at": "2026-03-27T07:00", "publish_timezone": "Asia/Singapore"}
    chea.send("/endorse", later, button="Confirm for the time above")
    assert "It goes public 27 Mar 2026, 07:00 GMT+8" in chea.page.text


def test_links_of_the_bar_lead_to_a_field_inside_the_closed_panels(room):
    an = room.who("An")
    an.send("/claim")

    for target in ("refuse-message", "ask-message"):
        assert f'href="#{target}"' in an.page.html
        assert f'id="{target}"' in an.page.html


ACTS = [
    (
        "/notice",
        {"notice_kind": "postponed"},
        "editor",
        ("“Postponed” stands on the page since 11:20.", "is told by mail"),
    ),
    (
        "/expire",
        {"expires_at": "2026-04-06"},
        "editor",
        ("Leaves the lists on 6 Apr 2026", "Its page stays."),
    ),
    ("/kill", {"message": "It is false."}, "editor", ("Kill asked at 11:20.", "25 Mar 2026, 11:20 GMT+8")),
    ("/take-down", {"message": "A court asks."}, "senior", ("Taken down 11:20", "It can be put back.")),
    (
        "/message",
        {"message": "Who is she?"},
        "editor",
        ("Sent to Selat Biru Ferries at 11:20.", "cannot be taken back"),
    ),
    (
        "/note",
        {"note": "Called twice."},
        "editor",
        ("Noted for the desk at 11:20.", "The sender does not see it"),
    ),
    (
        "/correct",
        {"correction_kind": "minor", "what": "It is 12.", "why": "A slip."},
        "editor",
        ("Correction begun at 11:20. Nothing public has changed", "is told by mail at once"),
    ),
]


@pytest.mark.parametrize(("ending", "values", "role", "says"), ACTS, ids=[act[0] for act in ACTS])
def test_an_act_after_publication_ends_on_a_page_that_says_it(public, ending, values, role, says):
    public.who("Malee", "senior")
    an = public.who("An", role)

    page = an.send(ending, values)

    assert page.status == 200
    status = page.html.partition('role="status" data-done')[2].partition("</div>")[0]
    assert [words for words in says if words not in status] == []


def test_a_note_after_an_act_is_gone_once_something_else_was_done(public):
    an, chea = public.who("An"), public.who("Chea")
    an.send("/notice", {"notice_kind": "postponed"})
    chea.open(public.page)
    chea.send("/notice", {"notice_kind": "none"})

    assert "data-done" not in an.open(f"{public.page}?done=notice").html
    assert "The notice is off the page since 11:20." in chea.page.text


def test_the_head_says_what_a_notice_says(public, member):
    an = public.who("An")
    an.send("/notice", {"notice_kind": "postponed", "notice_text": "In May."})

    assert "Published, postponed" in an.page.text
    assert "Published, postponed" in member.open("/desk").text
    assert "Published, postponed" in member.open(f"/desk/releases/{public.reference}").text


def test_a_dissent_and_a_letting_go_are_said_on_the_queue(room):
    an, chea = room.who("An"), room.who("Chea")
    an.send("/claim")
    an.send("/let-go")
    assert "Let go at 11:20: free for anybody." in an.page.text
    an.open(room.page)
    an.send("/claim")
    an.send("/flags", {"flags": "legal"})
    an.send("/decide", button=FIRST_YES)
    chea.open(room.page)

    chea.send("/endorse", {"message": "The ruling is not final."}, button="Do not confirm")

    assert "Not confirmed at 11:20: back in the queue." in chea.page.text


def test_who_lost_a_claim_is_told_once_and_calmly(room):
    an, chea = room.who("An"), room.who("Chea")
    an.send("/claim")

    lost = chea.send("/claim")

    assert lost.status == 409
    assert "An has been reading it since 11:20." in lost.alert
    assert "Nothing was changed" not in lost.alert
