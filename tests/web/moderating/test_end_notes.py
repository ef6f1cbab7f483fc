"""After an act the page says its effect with the time, who is told, and what can still be done: and all of it is so."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.actions.mailing import notifying
from portal.actions.submitting import sending
from portal.rules.permissions import Person
from portal.storage import outbox
from portal.storage.queries import mailing, people, releases
from tests import builders
from tests.rigs.form_visitor import FormVisitor
from tests.rigs.people import NOW
from tests.web.moderating.test_what_the_queue_knows import Desk, desk, room

__all__ = ["desk"]  # the fixture
SENDER = "dewi@selat.example"


def note_of(visitor: FormVisitor) -> str:
    """What stands in the note of the page in front, with its act."""
    found = re.search(r'role="status" data-done="([\w-]+)">(.*?)</div>', visitor.page.html, re.DOTALL)
    assert found is not None, visitor.page.text
    return f"{found[1]}: {' '.join(re.sub('<[^>]+>', ' ', found[2]).split())}"


def mailed(desk: Desk) -> set[tuple[str, str]]:
    """Whom everything that was recorded last sets off a mail to: template and address."""
    portal = desk.people.portal
    with portal.database.reading() as session:
        waiting = [row.id for row in outbox.waiting(session)]
    made = [each for row in waiting for each in notifying.relay(portal, row, now=NOW + timedelta(days=1))]
    with portal.database.reading() as session:
        occasions = [mailing.occasion(session, each) for each in made]
    return {(each.delivery.template, each.delivery.recipient) for each in occasions if each}


def act(desk: Desk, who: FormVisitor, reference: str, ending: str, **values: str) -> str:
    who.open(room(reference))
    mailed(desk)
    page = who.send(ending, values)
    assert page.status == 200, page.text
    return note_of(who)


def sender_of(desk: Desk) -> Person:
    with desk.people.portal.database.reading() as session:
        user = people.by_email(session, SENDER)
        assert user is not None
        return people.person(session, user)


def test_put_back_says_when_who_is_told_and_what_can_be_done(desk: Desk, standing_clock) -> None:
    reference, malee = desk.make(builders.published_release), desk.who("Malee", "senior")
    act(desk, malee, reference, "/take-down", message="A court asks.")
    standing_clock.move(minutes=5)

    said = act(desk, malee, reference, "/put-back", message="The court is done.")

    assert said == (
        "put-back: Public again since 11:25. Selat Biru Ferries is told by mail at once. It can be taken down again."
    )
    assert mailed(desk) == {("put_back", SENDER)}
    assert desk.sender.visitor.open(f"/releases/{reference}", follow_redirects=True).status_code == 200


def test_a_kill_taken_back_says_so(desk: Desk, standing_clock) -> None:
    reference, malee = desk.make(builders.published_release), desk.who("Malee", "senior")
    act(desk, malee, reference, "/kill", message="It is false.")
    standing_clock.move(minutes=5)

    said = act(desk, malee, reference, "/revert", message="It was true.")

    assert said == (
        "revert: The kill is taken back: public again since 11:25. "
        "Selat Biru Ferries and everybody who was told of the kill are told by mail at once."
    )
    assert ("reverted", SENDER) in mailed(desk)
    assert desk.sender.visitor.open(f"/releases/{reference}", follow_redirects=True).status_code == 200


def test_opening_again_says_so(desk: Desk) -> None:
    reference, malee = desk.make(builders.rejected_release), desk.who("Malee", "senior")

    said = act(desk, malee, reference, "/reopen", message="It is news.")

    assert said == (
        "reopen: Opened again at 11:20: it waits in the queue with a new promise. "
        "Selat Biru Ferries is told by mail at once. It cannot be undone; it can be decided anew."
    )
    assert ("reopened", SENDER) in mailed(desk)
    assert reference in malee.open("/newsroom").text


def test_handing_back_says_so(desk: Desk) -> None:
    reference, an = desk.make(builders.submitted_release), desk.who("An")
    an.open(room(reference))
    an.send("/claim")
    with desk.people.portal.database.reading() as session:
        version = releases.find(session, reference).release.version  # type: ignore[union-attr]  # made above
    sending.ask_back(
        desk.people.portal, sender_of(desk), reference, version=version, message="A slip.", now=NOW
    )

    said = act(desk, an, reference, "/hand-back", message="Here it is.")

    assert said == (
        "hand-back: Given back to Selat Biru Ferries to edit at 11:20. Selat Biru Ferries is told by mail at once. "
        "It comes back when it is sent again."
    )
    assert ("handed_back", SENDER) in mailed(desk)


def test_taking_over_says_so(desk: Desk) -> None:
    reference, an, malee = desk.make(builders.submitted_release), desk.who("An"), desk.who("Malee", "senior")
    an.open(room(reference))
    an.send("/claim")

    said = act(desk, malee, reference, "/take-over", message="An is ill today.")

    assert said == "take-over: You hold it since 11:20. Whoever held it is told by mail. You can let it go."
    assert mailed(desk) == {("taken_over", "an@post.example")}


@pytest.mark.parametrize("ending", ["put-back", "revert", "reopen", "hand-back", "take-over"])
def test_a_note_is_nobodys_who_did_not_act(desk: Desk, ending: str) -> None:
    reference, an = desk.make(builders.published_release), desk.who("An")

    assert "data-done" not in an.open(f"{room(reference)}?done={ending}").html
