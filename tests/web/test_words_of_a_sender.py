"""The words that a sender writes with a step: every form has room for them, and a refusal leaves them where they were."""

from __future__ import annotations

import pytest

from portal.storage.tables import Organisation, User
from tests import builders
from tests.rigs.form_visitor import FormVisitor
from tests.rigs.people import NOW, People
from tests.rigs.visitor import Visitor


@pytest.fixture
def sender(people: People, member: Visitor) -> FormVisitor:
    """Before the receipt of a release that waits."""
    with people.portal.work() as work:
        house, dewi = work.session.query(Organisation).one(), work.session.query(User).one()
        reference = builders.submitted_release(work, house=house, sender=dewi, at=NOW).reference
        work.commit()
    found = FormVisitor(member)
    found.open(f"/desk/releases/{reference}/receipt")
    return found


def test_words_go_along_when_it_is_taken_back_from_the_receipt(sender):
    sender.send("/recall", {"message": "The date is wrong."})

    assert sender.page.facts[0] == "recalled"
    assert "The date is wrong." in sender.page.text


def test_words_of_a_step_that_came_too_late_stay_in_their_form_or_are_shown(sender):
    receipt = sender.page
    sender.send("/recall")

    late = sender.send("/withdraw", {"message": "We stop this."}, page=receipt)
    assert (late.status, late.form("/withdraw").value("message")) == (409, "We stop this.")
    assert late.form("/message").value("message") == ""

    late = sender.send("/recall", {"message": "Wait for me."}, page=receipt)
    assert (late.status, "Wait for me." in late.text) == (409, True)
    assert "What you had written" in late.text
