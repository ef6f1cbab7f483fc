"""What the queue and the rail know: answers wanted, kills asked, flags that are met, the newest fact, near copies."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from portal.actions.accounts.users import NewUser, create_user
from portal.actions.mailing import notifying
from portal.actions.moderating import examining
from portal.outlets.mail import notices
from portal.storage import outbox
from portal.storage.queries import mailing, releases
from portal.storage.tables import Organisation, User
from tests import builders
from tests.rigs.form_visitor import FormVisitor
from tests.rigs.people import NOW, PASSWORD, People, StandingClock
from tests.rigs.visitor import Visitor, without_tokens


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


def twin(desk: Desk, house: str, **words: str) -> str:
    """The same story from another house, examined as it came."""
    with desk.people.portal.work() as work:
        sender = builders.user(work)
        owner = builders.organisation(work, name=house)
        builders.membership(work, sender, owner)
        row = builders.submitted_release(work, house=owner, sender=sender, at=NOW, **words)
        reference = str(row.reference)
        work.commit()
    examine(desk, reference)
    return reference


def examine(desk: Desk, reference: str) -> None:
    with desk.people.portal.database.reading() as session:
        case = releases.find(session, reference)
        assert case is not None
        edition = case.edition.id
    assert examining.examine(desk.people.portal, edition, now=NOW)


def to_look_at(an: FormVisitor, reference: str) -> str:
    """What the row of a release says under "Checks"."""
    row = an.open("/newsroom").html.partition(f"/newsroom/releases/{reference}")[2].partition("</tr>")[0]
    found = re.search(r"(\d+) to look at|Nothing found", row)
    assert found is not None
    return found[1] or "0"


def test_the_number_of_the_queue_rises_with_a_twin_that_comes_later_and_stays_when_it_goes_public(desk):
    mine, an = desk.make(builders.submitted_release), desk.who("An")
    examine(desk, mine)
    before = int(to_look_at(an, mine))

    other = twin(desk, "Kinta Choir")

    assert int(to_look_at(an, mine)) == before + 1
    an.open(room(other))
    an.send("/claim")
    an.send("/decide", button="Approve: goes public now")
    assert int(to_look_at(an, mine)) == before + 1
    assert f"/newsroom/releases/{other}" in an.open(room(mine)).html


def test_no_sender_learns_of_a_twin_by_any_page_or_mail(desk):
    """Every page of theirs is the same to the byte as it was without the twin, and no mail names it."""
    mine = desk.make(builders.submitted_release)
    asked = desk.make(builders.changes_requested_release)
    desk.change(asked, changes_due_at=NOW + timedelta(days=3))
    examine(desk, mine)
    own = f"/desk/releases/{mine}"
    steps = [f"/desk/releases/{asked}/edit/{page}" for page in ("news", "facts", "story", "contact", "check")]
    pages = ["/desk", own, f"{own}/receipt", f"/desk/releases/{asked}", *steps]
    before = {page: seen_by(desk.sender, page) for page in pages}

    other = twin(desk, "Kinta Choir", headline="Night ferries sail from Surabaya to Kalianget")

    assert {page: seen_by(desk.sender, page) for page in pages} == before
    assert {page: status for page, (status, _) in before.items() if status != 200} == {}
    an = desk.who("An")
    an.open(room(mine))
    an.send("/claim")
    an.send("/message", {"message": "Who is she?"})
    an.send("/decide", button="Approve: goes public now")
    texts = mails_to(desk, "dewi@selat.example")
    assert len(texts) >= 2
    assert [text for text in texts if other in text or "Kinta Choir" in text] == []


def seen_by(visitor: FormVisitor, page: str) -> tuple[int, str]:
    answer = visitor.visitor.open(page)
    return answer.status_code, without_tokens(answer.text)


def mails_to(desk: Desk, email: str) -> list[str]:
    """Every mail that everything on record sets off for this address."""
    portal, found = desk.people.portal, []
    with portal.database.reading() as session:
        waiting = [row.id for row in outbox.waiting(session)]
    made = [each for row in waiting for each in notifying.relay(portal, row, now=NOW)]
    with portal.database.reading() as session:
        for each in made:
            occasion = mailing.occasion(session, each)
            if occasion is not None and occasion.delivery.recipient == email:
                found.append(str(notices.compose(occasion, portal.settings, now=NOW)))
    return found
