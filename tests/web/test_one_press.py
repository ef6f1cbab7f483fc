"""A form that comes twice makes one effect, and its second coming is answered as the first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from portal.actions.accounts.users import NewUser, create_user
from portal.actions.moderating import reading
from portal.storage.queries import releases
from portal.storage.tables import Message, Note, Organisation, Release, SingleUseToken, User
from tests import builders
from tests.rigs.people import NOW, PASSWORD, People
from tests.rigs.visitor import Visitor
from tests.rigs.web_page import read


class Newsroom:
    """A waiting and a public release of the member's house, and two people with a browser each."""

    def __init__(self, people: People, member: Visitor, browser: Callable[[], Visitor]) -> None:
        self.people, self.member, self.editor = people, member, browser()
        with people.portal.work() as work:
            house, dewi = work.session.query(Organisation).one(), work.session.query(User).one()
            self.waits = builders.submitted_release(work, house=house, sender=dewi, at=NOW).reference
            self.live = builders.published_release(work, house=house, sender=dewi, at=NOW).reference
            work.commit()
        create_user(people.portal, NewUser("an@post.example", "An", "editor", password=PASSWORD), now=NOW)
        self.editor.log_in("an@post.example", PASSWORD)

    def count(self, table: type) -> int:
        with self.people.portal.database.reading() as session:
            return session.query(table).count()


@pytest.fixture
def newsroom(people: People, member: Visitor, browser: Callable[[], Visitor]) -> Newsroom:
    return Newsroom(people, member, browser)


def filled(visitor: Visitor, page: str, ending: str, **values: str) -> tuple[str, list[tuple[str, str]]]:
    """A form of a page as a browser would send it: its address, and every field with its value."""
    answer = visitor.open(page)
    form = read(page, answer.status_code, answer.text, answer.headers).form(ending).fill(values)
    return form.action, list(form.entries(form.button("")))


def press(visitor: Visitor, form: tuple[str, list[tuple[str, str]]]) -> TestResponse:
    address, entries = form
    fields: dict[str, list[str]] = {}
    for name, value in entries:
        fields.setdefault(name, []).append(value)
    return visitor.client.post(address, data=fields)


def twice(visitor: Visitor, form: tuple[str, list[tuple[str, str]]]) -> tuple[int, str]:
    """Pressed two times: the answers are alike, and lead to the same place."""
    first, second = press(visitor, form), press(visitor, form)
    assert (second.status_code, second.location) == (first.status_code, first.location)
    return first.status_code, first.location


def test_a_message_and_an_answer_and_a_note_are_sent_once(newsroom):
    desk, room = f"/desk/releases/{newsroom.waits}", f"/newsroom/releases/{newsroom.waits}"

    assert twice(newsroom.member, filled(newsroom.member, desk, "/message", message="When?"))[0] == 303
    assert newsroom.count(Message) == 1
    assert twice(newsroom.editor, filled(newsroom.editor, room, "/message", message="Soon.")) == (
        303,
        f"{room}?done=message",
    )
    assert newsroom.count(Message) == 2
    assert twice(newsroom.editor, filled(newsroom.editor, room, "/note", note="Called."))[0] == 303
    assert newsroom.count(Note) == 1


def test_the_same_question_through_a_form_that_was_opened_afterwards_is_asked_again(newsroom):
    page = f"/desk/releases/{newsroom.waits}"
    for _ in range(2):
        press(newsroom.member, filled(newsroom.member, page, "/message", message="When?"))

    assert newsroom.count(Message) == 2


def test_two_tabs_with_the_same_form_ask_once(newsroom):
    page = f"/desk/releases/{newsroom.waits}"
    tabs = [filled(newsroom.member, page, "/message", message="When?") for _ in range(2)]

    assert [press(newsroom.member, tab).status_code for tab in tabs] == [303, 303]
    assert newsroom.count(Message) == 1


def test_a_program_that_leaves_the_key_out_asks_once_with_the_same_body(newsroom):
    page = f"/desk/releases/{newsroom.waits}"
    body = {"csrf_token": newsroom.member.token(page), "message": "When?"}

    answers = [newsroom.member.client.post(f"{page}/message", data=body) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert newsroom.count(Message) == 1


def test_one_draft_is_begun_and_both_presses_lead_there(newsroom):
    before = newsroom.count(Release)

    address, entries = filled(newsroom.member, "/submit", "/submit")
    others = [(name, value) for name, value in entries if name != "kind"]  # each kind is a button
    status, place = twice(newsroom.member, (address, [*others, ("kind", "event")]))

    assert status == 303
    assert place.endswith("/edit/news")
    assert newsroom.count(Release) == before + 1


def test_one_invitation_leaves(newsroom):
    before = newsroom.count(SingleUseToken)
    form = filled(newsroom.member, "/desk/organisation", "/invite", email="siti@selat.example")

    assert twice(newsroom.member, form)[0] == 303
    assert newsroom.count(SingleUseToken) == before + 1


@pytest.mark.parametrize(
    ("ending", "values"),
    [
        ("/recall", {"message": "A slip."}),
        ("/withdraw", {"message": "It is off."}),
    ],
)
def test_a_step_of_the_sender_is_taken_once(newsroom, ending, values):
    page = f"/desk/releases/{newsroom.waits}"

    assert twice(newsroom.member, filled(newsroom.member, page, ending, **values)) == (303, page)


def test_a_correction_is_begun_once(newsroom):
    page = f"/desk/releases/{newsroom.live}"
    words = {"correction_kind": "material", "what": "It is 12 jobs.", "why": "A slip."}

    assert twice(newsroom.member, filled(newsroom.member, page, "/correct", **words)) == (
        303,
        f"{page}/edit/news",
    )


def test_claim_let_go_and_notice_are_answered_alike(newsroom):
    page = f"/newsroom/releases/{newsroom.waits}"
    assert twice(newsroom.editor, filled(newsroom.editor, page, "/claim")) == (303, page)
    tabs = [filled(newsroom.editor, page, "/let-go") for _ in range(2)]
    assert [press(newsroom.editor, tab).status_code for tab in tabs] == [303, 303]
    public = f"/newsroom/releases/{newsroom.live}"
    notice = filled(newsroom.editor, public, "/notice", notice_kind="postponed", notice_text="In May.")
    assert twice(newsroom.editor, notice) == (303, f"{public}?done=notice")


def test_a_claim_that_lapsed_is_taken_again_by_the_same_form(newsroom, standing_clock):
    """A claim is judged by its effect: pressed again it is renewed, or taken anew, and never only said to be there."""
    page = f"/newsroom/releases/{newsroom.waits}"
    form = filled(newsroom.editor, page, "/claim")
    press(newsroom.editor, form)
    standing_clock.move(minutes=21)
    reading.lapse_claims(newsroom.people.portal, now=standing_clock.moment)

    assert press(newsroom.editor, form).status_code == 303

    with newsroom.people.portal.database.reading() as session:
        case = releases.find(session, newsroom.waits)
    assert case is not None
    assert case.edition.state == "in_review"
    assert case.edition.claim_expires_at == standing_clock.moment + timedelta(minutes=20)


def test_a_conflict_with_oneself_says_so(newsroom):
    page = f"/newsroom/releases/{newsroom.waits}"
    press(newsroom.editor, filled(newsroom.editor, page, "/claim"))
    old = filled(newsroom.editor, page, "/let-go", message="Please look at the names.")
    press(newsroom.editor, filled(newsroom.editor, page, "/let-go"))

    refused = press(newsroom.editor, old)

    assert refused.status_code == 409
    assert "You, in another tab, put it back in the queue (" in refused.text
    assert "Please look at the names." in refused.text


def test_the_same_page_of_an_organisation_saved_twice_is_no_conflict(newsroom):
    page = "/desk/organisation"
    form = filled(newsroom.member, page, page, about="Ferries since 1952.")

    assert twice(newsroom.member, form)[0] == 303

    other = filled(newsroom.member, page, page, about="Boats.")
    press(newsroom.member, filled(newsroom.member, page, page, about="Ships."))
    refused = press(newsroom.member, other)
    assert refused.status_code == 409
    assert "You, in another tab, changed the organisation page" in refused.text
