"""The newsroom's page of one release: what its buttons say beforehand, and whose words come back where."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.actions.accounts.users import NewUser, create_user
from portal.storage.tables import Organisation, User
from tests import builders
from tests.rigs.form_visitor import FormVisitor
from tests.rigs.people import NOW, PASSWORD, People
from tests.rigs.visitor import Visitor

SECOND = "Approve: first yes; a second editor confirms"
ALONE = "Approve: goes public now"
CALL = {"identity_person": "Dewi", "identity_number": "+62 31 555 0100", "identity_source": "Harbour list"}


class Room:
    """One waiting release and the people who read it."""

    def __init__(self, people: People, browser: Callable[[], Visitor]) -> None:
        self.people, self._browser = people, browser
        with people.portal.work() as work:
            house = work.session.query(Organisation).one()
            dewi = work.session.query(User).one()
            self.reference = builders.submitted_release(work, house=house, sender=dewi, at=NOW).reference
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
    return Room(people, browser)


def approve_button(visitor: FormVisitor) -> str:
    form = next(form for form in visitor.page.forms if form.id == "approve")
    return form.buttons[-1].words


def test_a_flag_that_was_set_by_hand_asks_for_the_call_and_one_that_was_taken_off_does_not(room):
    an = room.who("An")
    an.send("/claim")
    assert approve_button(an) == ALONE

    an.send("/flags", {"flags": "first_release"})
    assert approve_button(an) == SECOND
    an.send("/decide", button=SECOND)
    assert an.open(room.page).main["data-state"] == "awaiting_second"
    an.send("/undo")

    an.send("/flags", {"flags": ""})
    assert an.page.status == 422
    an.send("/flags", {"flags": "", "note": "We know them."})
    assert approve_button(an) == ALONE

    an.send("/flags", {"flags": "first_release"})
    an.send("/decide", CALL, button="Record the call-back and publish now")
    assert an.open(room.page).main["data-state"] == "approved"


def test_a_decision_that_says_nothing_known_keeps_all_of_its_words(room):
    an = room.who("An")
    an.send("/claim")
    typed = {"message": "Say first what is new.", "publish_at": "soon", **CALL}
    form = next(form for form in an.page.forms if form.id == "approve")

    token = dict(form.entries(form.buttons[-1]))
    page = an.visitor.client.post(form.action, data={**token, **typed, "decision": "perhaps"})

    assert page.status_code == 422
    assert [text for text in typed.values() if text not in page.text] == []


def test_words_of_a_decision_on_somebody_elses_release_stay_where_they_were_written(room):
    an, chea = room.who("An"), room.who("Chea", "senior")
    chea.send("/claim")
    open_in_chea = chea.page
    chea.send("/let-go", {"message": "Ask the harbour office first."})
    an.open(room.page)
    an.send("/claim")
    assert "Ask the harbour office first." in an.page.text

    refused = chea.send("/decide", {"message": "Two reasons why."}, button="Ask Selat", page=open_in_chea)

    assert refused.status == 409
    assert "An began to read it" in refused.alert
    form = refused.form("/decide", button="Ask Selat")
    assert form.value("message") == "Two reasons why."
    assert refused.form("/take-over").value("message") == ""


def test_the_words_go_along_when_the_release_is_taken_over(room):
    an, chea = room.who("An"), room.who("Chea", "senior")
    chea.send("/claim")
    old = chea.page
    chea.send("/let-go")
    an.open(room.page)
    an.send("/claim")
    typed = {"reasons": "FACTS", "message": "Not ours to tell.\nTwo lines."}
    chea.send("/decide", typed, button="Do not publish", page=old)

    chea.send("/take-over", {"message": "An is off sick."})

    form = chea.page.form("/decide", button="Do not publish")
    assert (form.value("reasons"), form.value("message")) == ("FACTS", typed["message"])
    assert "We kept what you typed." in chea.page.text
    chea.send("/decide", button="Do not publish")
    assert chea.open(room.page).main["data-state"] == "rejected"
    assert "We kept what you typed." not in chea.page.text


def test_an_editor_who_may_not_take_over_is_told_who_can(room):
    room.who("Chea", "senior")
    an, malee = room.who("An"), room.who("Malee")
    malee.send("/claim")
    old = malee.page
    malee.send("/let-go")
    an.open(room.page)
    an.send("/claim")

    refused = malee.send("/decide", {"message": "Kept."}, button="Ask Selat", page=old)

    assert refused.status == 409
    assert "A senior editor can take it over." in refused.text
    assert refused.form("/decide", button="Ask Selat").value("message") == "Kept."
