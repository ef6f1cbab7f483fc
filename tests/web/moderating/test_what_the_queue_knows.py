"""What the queue and the rail know: answers wanted, kills asked, flags that are met, the newest fact, near copies."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.actions.accounts.users import NewUser, create_user
from portal.storage.queries import releases
from portal.storage.tables import Organisation, User
from tests import builders
from tests.rigs.form_visitor import FormVisitor
from tests.rigs.people import NOW, PASSWORD, People, StandingClock
from tests.rigs.visitor import Visitor


class Desk:
    """Releases of the member's house, its sender, and people of the newsroom."""

    def __init__(self, people: People, member: Visitor, browser: Callable[[], Visitor]) -> None:
        self.people, self._browser = people, browser
        self.sender = FormVisitor(member)

    def make(self, how: Callable[..., object]) -> str:
        with self.people.portal.work() as work:
            house, dewi = work.session.query(Organisation).first(), work.session.query(User).first()
            reference = str(how(work, house=house, sender=dewi, at=NOW).reference)  # type: ignore[attr-defined]
            work.commit()
        return reference

    def who(self, name: str, role: str = "editor") -> FormVisitor:
        user = NewUser(f"{name.lower()}@post.example", name, role, password=PASSWORD)
        create_user(self.people.portal, user, now=NOW)
        visitor = self._browser()
        visitor.log_in(user.email, PASSWORD)
        return FormVisitor(visitor)

    def change(self, reference: str, **columns: object) -> None:
        with self.people.portal.work() as work:
            case = releases.find_for_change(work, reference)
            assert case is not None
            for name, value in columns.items():
                setattr(case.edition, name, value)
            work.commit()


@pytest.fixture
def desk(people: People, member: Visitor, browser: Callable[[], Visitor]) -> Desk:
    return Desk(people, member, browser)


def room(reference: str) -> str:
    return f"/newsroom/releases/{reference}"


def ask(desk: Desk, reference: str, words: str = "When do you decide?") -> None:
    desk.sender.open(f"/desk/releases/{reference}")
    desk.sender.send("/message", {"message": words})


@pytest.mark.parametrize("how", [builders.submitted_release, builders.published_release])
def test_a_senders_message_stands_in_the_queue_until_somebody_writes_back(desk, how):
    reference, an = desk.make(how), desk.who("An")
    assert "No sender waits for an answer." in an.open("/newsroom?view=answers").text

    ask(desk, reference)

    assert reference in an.open("/newsroom?view=answers").text
    assert "Answers 1" in an.page.text
    an.open(room(reference))
    assert "Answer wanted since 24 Mar 2026, 11:20 GMT+8." in an.page.text
    an.send("/message", {"message": "Today."})
    assert reference not in an.open("/newsroom?view=answers").text


def test_the_row_of_a_waiting_release_carries_the_mark(desk):
    reference, an = desk.make(builders.submitted_release), desk.who("An")
    ask(desk, reference)

    assert "Answer wanted since" in an.open("/newsroom").text


def test_a_message_is_ticked_off_but_not_one_that_came_meanwhile(desk, standing_clock: StandingClock):
    reference, an = desk.make(builders.submitted_release), desk.who("An")
    ask(desk, reference)
    old = an.open(room(reference))
    ask(desk, reference, "One more thing.")

    assert an.send("/answered", page=old).status == 409
    an.open(room(reference))
    assert "no answer is wanted" in an.send("/answered").text
    assert "Answers 0" in an.open("/newsroom").text


def test_a_decision_is_an_answer_too(desk):
    reference, an = desk.make(builders.submitted_release), desk.who("An")
    ask(desk, reference)
    an.open(room(reference))
    an.send("/claim")
    an.send("/decide", button="Approve: goes public now")

    assert "Answers 0" in an.open("/newsroom").text


def test_the_sender_cannot_tick_off_and_a_stranger_finds_nothing(desk, browser):
    reference = desk.make(builders.submitted_release)
    ask(desk, reference)
    desk.sender.open(f"/desk/releases/{reference}")
    token = desk.sender.page.form("/message").value("csrf_token")

    answer = desk.sender.visitor.client.post(f"{room(reference)}/answered", data={"csrf_token": token})

    assert answer.status_code == 404


def test_a_kill_that_is_asked_for_is_the_first_row_with_its_clock_and_on_health(desk, standing_clock):
    public, waiting = desk.make(builders.published_release), desk.make(builders.submitted_release)
    an, chea, _ = desk.who("An"), desk.who("Chea"), desk.who("Malee", "senior")
    an.open(room(public))
    an.send("/kill", {"message": "The professor never spoke."})
    standing_clock.move(hours=1)

    queue = chea.open("/newsroom").html

    rows = queue.partition("<tbody")[2]
    assert rows.index(public) < rows.index(waiting)
    assert "lapses in 23 h 00" in rows
    assert "An asked" in rows
    assert public in chea.open("/newsroom?view=asked").text
    assert waiting not in chea.page.text
    health = chea.open("/newsroom/health").html
    assert 'data-health="kill"' in health
    assert f"to kill {public}" in health

    standing_clock.move(hours=24)
    late = desk.who("Lim")
    assert "No kill is asked for." in late.open("/newsroom?view=asked").text
    assert 'data-health="kill"' not in late.open("/newsroom/health").html


def test_decided_shows_the_newest_fact(desk, standing_clock):
    taken_back, killed = desk.make(builders.submitted_release), desk.make(builders.submitted_release)
    an, chea = desk.who("An"), desk.who("Chea", "senior")
    for reference in (taken_back, killed):
        an.open(room(reference))
        an.send("/claim")
        an.send("/decide", button="Approve: goes public now")
    an.open(room(taken_back))
    standing_clock.move(minutes=2)
    an.send("/undo")
    standing_clock.move(minutes=2)
    chea.open(room(killed))
    chea.send("/kill", {"message": "It is false."})

    decided = an.open("/newsroom?view=decided").text

    assert "Taken back 11:22" in decided
    assert "Killed 11:24 by Chea" in decided
    assert "Decided today 1" in decided
    assert "Approved by An, 24 Mar 2026, 11:20" in an.open(room(killed)).text
    assert "Chea killed the release. 11:24" in an.page.text
    assert "See the notice" in an.page.text


def test_a_flag_that_is_met_is_shown_as_met_and_its_sender_is_new_no_more(desk):
    reference, an = desk.make(builders.submitted_release), desk.who("An")
    second = desk.make(builders.submitted_release)
    for each in (reference, second):
        desk.change(each, is_first=True, flags=["first_release"], examined_at=NOW)
    assert "New senders 2" in an.open("/newsroom").text
    an.open(room(reference))
    assert "First release of this sender: met" not in an.page.text
    an.send("/claim")
    call = {"identity_person": "Dewi", "identity_number": "+62 31 555", "identity_source": "Harbour list"}
    an.send("/decide", call, button="Record the call-back and publish now")

    an.open(room(second))
    page = an.page.text

    assert "First release of this sender: met, called back 24 Mar 2026, 11:20 GMT+8 by An." in page
    assert 'data-risk="standing"' not in an.page.html
    assert "New senders 0" in an.open("/newsroom").text
    assert "New sender</b>" not in an.page.html
    an.open(room(second))
    an.send("/claim")
    assert "Approve: goes public now" in an.page.text


def test_sent_is_the_senders_time_also_after_an_editors_wording(desk, standing_clock):
    reference, an = desk.make(builders.submitted_release), desk.who("An")
    an.open(room(reference))
    an.send("/claim")
    standing_clock.move(minutes=8)
    an.open(f"{room(reference)}/edit")
    an.send("/edit", {"headline": "Ferries sail at night from Surabaya to Kalianget"})

    page = " ".join(an.open(room(reference)).text.split())

    assert "version 2 of 2, worded by An" in page
    assert "· sent 24 Mar 2026, 11:20 GMT+8" in page
