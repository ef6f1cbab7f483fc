"""The panel after publication: its forms as a browser sends them, and what comes back when one is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.actions.accounts.users import NewUser, create_user
from portal.storage.tables import Organisation, User
from portal.storage.unit_of_work import UnitOfWork
from tests import builders
from tests.rigs.people import NOW, PASSWORD, People
from tests.rigs.visitor import Visitor

_HIDDEN = re.compile(r'name="(csrf_token|version)" value="([^"]+)"')


class Newsroom:
    """One public release, and people of the newsroom who send the forms of its page."""

    def __init__(self, people: People, browser: Callable[[], Visitor]) -> None:
        self.people, self._browser = people, browser
        self._visitors: dict[str, Visitor] = {}
        with UnitOfWork(people.portal.database) as work:
            dewi = work.session.query(User).filter_by(email="dewi@selat.example").one()
            house = work.session.query(Organisation).filter_by(slug="selat-biru-ferries").one()
            self.reference = builders.published_release(work, house=house, sender=dewi, at=NOW).reference
            work.commit()
        self.page = f"/newsroom/releases/{self.reference}"

    def who(self, name: str, role: str = "editor") -> Visitor:
        if name not in self._visitors:
            user = NewUser(f"{name}@post.example", name.title(), role, password=PASSWORD)
            create_user(self.people.portal, user, now=NOW)
            self._visitors[name] = self._browser()
            self._visitors[name].log_in(user.email, PASSWORD)
        return self._visitors[name]

    def send(
        self, visitor: Visitor, act: str, stale: Mapping[str, str] | None = None, **fields: Any
    ) -> TestResponse:
        hidden = stale or self.hidden(visitor)
        return visitor.client.post(f"{self.page}/{act}", data={**hidden, **fields})

    def hidden(self, visitor: Visitor) -> dict[str, str]:
        return dict(_HIDDEN.findall(visitor.open(self.page).text))


@pytest.fixture
def room(people: People, member: Visitor, browser: Callable[[], Visitor]) -> Newsroom:
    return Newsroom(people, browser)


def panel(answer: TestResponse) -> str:
    found = re.search(r'<section[^>]*id="after-publication".*?</section>', answer.text, re.DOTALL)
    assert found is not None
    return found[0]


def test_an_editor_sees_the_acts_apart_and_what_each_button_does(room):
    room.who("chea", "senior")
    text = panel(room.who("an").open(room.page))

    assert re.findall(r"<summary>(\w+):", text) == ["Notice", "Archive", "Kill"]
    assert "Ask for a kill; the other editors are mailed now" in text
    assert "Tell everyone who received mail that it is public: 0 people" in text

    text = panel(room.who("chea").open(room.page))
    assert re.findall(r"<summary>([\w ]+):", text) == ["Notice", "Archive", "Take down", "Kill"]
    assert "Kill it now; mail Selat Biru Ferries" in text


def test_without_a_senior_the_page_says_that_an_editor_stands_in(room):
    text = panel(room.who("an").open(room.page))

    assert "No senior editor is active, so you may take a senior’s steps with a reason." in text
    assert "Take it down now" in text


def test_two_editors_kill_by_the_form(room, stranger):
    room.who("chea", "senior")
    an, malee = room.who("an"), room.who("malee")
    first = {
        "reasons": "FACTS",
        "message": "Made up.",
        "public_text": "The lab told us.",
        "mail_readers": ["", "y"],
    }
    assert room.send(an, "kill", **first).status_code == 303
    assert "An asks for a kill" in panel(an.open(room.page))
    assert "Ask for a kill" not in panel(an.open(room.page))

    form = panel(malee.open(room.page))
    assert "Confirm and kill it now" in form
    assert "The lab told us." in form
    assert room.send(malee, "kill", message="I agree.").status_code == 303

    answer = stranger.open(f"/releases/{room.reference}")
    assert answer.status_code == 200
    assert "The lab told us." in answer.text
    assert re.findall(r"<summary>", panel(malee.open(room.page))) == []
    assert 'data-publication="killed"' in malee.open(room.page).text


def test_what_was_typed_comes_back_with_the_reason_at_its_field(room):
    an = room.who("an")
    refused = room.send(an, "kill", reasons="FACTS", message=" ", public_text="Kept words", mail_readers="")

    assert refused.status_code == 422
    assert 'href="#kill-message"' in refused.text
    assert "Kept words" in panel(refused)
    assert '<option value="FACTS" selected>' in panel(refused)
    assert room.send(an, "expire", expires_at="soon").status_code == 422
    assert 'value="soon"' in panel(room.send(an, "expire", expires_at="soon"))
    assert room.send(an, "notice", notice_kind="").status_code == 422
    assert (
        room.send(an, "kill", stale={"csrf_token": room.hidden(an)["csrf_token"]}, message="x").status_code
        == 422
    )


def test_the_loser_of_a_race_keeps_the_words_and_learns_who_was_faster(room):
    an, chea = room.who("an"), room.who("chea", "senior")
    stale = room.hidden(an)
    assert room.send(chea, "kill", message="False.").status_code == 303

    late = room.send(an, "kill", stale=stale, message="My words", public_text="My public words")

    assert late.status_code == 409
    assert "Chea killed the release" in late.text
    assert "My words" in late.text
    assert "My public words" in late.text


def test_take_down_put_back_and_revert_by_the_form(room, stranger):
    chea = room.who("chea", "senior")
    address = f"/releases/{room.reference}"
    steps = (("take-down", 410), ("put-back", 301), ("kill", 200), ("revert", 301))

    for act, status in steps:
        assert room.send(chea, act, message="Because.").status_code == 303
        assert stranger.open(address).status_code == status


def test_the_sender_reads_where_it_stands_and_what_comes_next(room, member):
    chea = room.who("chea", "senior")
    page = f"/desk/releases/{room.reference}"
    room.send(chea, "notice", notice_kind="cancelled", notice_text="The hall burned down.")
    assert "Over the text stands: Cancelled" in member.open(page).text
    room.send(chea, "expire", expires_at="2026-03-24")
    assert "It left the lists and the feeds" in member.open(page).text
    room.send(chea, "take-down", message="Under query.")
    assert "It is off the site since" in member.open(page).text
    room.send(chea, "kill", message="It was false.")

    text = member.open(page).text
    assert "Our editors removed it" in text
    assert "It was false." in text
    assert 'data-fact="killed"' in text
    assert "Withdraw the release" not in text
    assert "Removed by the editors" in member.open("/desk").text


def test_the_sender_is_not_told_that_a_kill_is_asked(room, member):
    room.who("chea", "senior")
    room.send(room.who("an"), "kill", message="I doubt the tests.")

    assert "I doubt the tests." not in member.open(f"/desk/releases/{room.reference}").text


def test_members_and_visitors_find_no_such_address(room, member, stranger):
    for act in ("kill", "take-down", "put-back", "revert", "notice", "expire"):
        answer = member.client.post(f"{room.page}/{act}", data={"message": "x"})
        assert answer.status_code == 404
        assert stranger.client.post(f"{room.page}/{act}").status_code in (303, 400)


def test_an_administrator_reads_the_panel_and_decides_nothing(room, portal_app: Flask):
    admin = room.who("noy", "admin")

    page = admin.open(room.page)

    assert re.findall(r"<summary>", panel(page)) == []
    assert f'action="{room.page}' not in page.text
    assert room.send(admin, "kill", message="x", version="1").status_code == 404
