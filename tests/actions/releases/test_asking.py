"""What one person may do with one release now: the tables of states and of persons, asked together."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.actions.publishing import killing
from portal.actions.publishing.killing import Kill
from portal.actions.releases import asking
from portal.actions.releases.asking import Offers
from portal.rules.permissions import Matter, Person
from portal.storage.tables import User
from tests.rigs.desk import RECORDED

OURS = 1
EDITOR = Person(5, "An", "an@post.example", "editor")
SENIOR = Person(6, "Sok", "sok@post.example", "senior")
MEMBER = Person(7, "Dewi", "dewi@lotus.example", "member", frozenset((OURS,)))


def offers(person: Person, state: str, publication: str = "hidden", **known: int) -> Offers:
    return Offers(person, Matter(organisation_id=OURS, **known), state, publication)


@pytest.mark.parametrize(("person", "state", "steps"), [
    (MEMBER, "draft", {"save", "submit", "withdraw"}), (MEMBER, "submitted", {"recall", "withdraw"}),
    (MEMBER, "in_review", {"ask_back", "withdraw"}), (MEMBER, "rejected", {"appeal", "clone"}), (MEMBER, "withdrawn", {"clone"}),
    (EDITOR, "draft", set()), (EDITOR, "submitted", {"claim"}), (EDITOR, "in_review", {"claim"}), (EDITOR, "rejected", set()),
    (SENIOR, "in_review", {"claim", "take_over"}), (SENIOR, "rejected", {"reopen"}),
])  # fmt: skip
def test_steps_of_the_review_follow_state_and_person(person, state, steps):
    assert offers(person, state).steps() == steps


def test_whoever_holds_it_is_offered_the_decision():
    assert offers(EDITOR, "in_review", holder_id=EDITOR.id).steps() >= {
        "approve",
        "reject",
        "request_changes",
        "let_go",
    }
    assert offers(EDITOR, "in_review", holder_id=SENIOR.id).takes("approve") is False
    assert offers(EDITOR, "submitted", holder_id=EDITOR.id).takes("approve") is False


@pytest.mark.parametrize(("person", "publication", "withdraw", "unschedule"), [
    (MEMBER, "scheduled", True, False), (EDITOR, "scheduled", False, True), (MEMBER, "published", False, False),
    (EDITOR, "published", False, False), (EDITOR, "hidden", False, False), (MEMBER, "killed", False, False),
])  # fmt: skip
def test_what_moves_both_machines_is_offered_where_both_allow_it(person, publication, withdraw, unschedule):
    found = offers(person, "approved", publication)

    assert (found.takes("withdraw"), found.takes("unschedule")) == (withdraw, unschedule)


def test_before_the_approval_a_withdrawal_asks_nothing_of_the_publication():
    assert offers(MEMBER, "submitted", "hidden").takes("withdraw") is True


@pytest.mark.parametrize(("person", "publication", "step", "taken"), [
    (EDITOR, "published", "ask_kill", True), (EDITOR, "hidden", "ask_kill", False), (MEMBER, "published", "ask_kill", False),
    (EDITOR, "published", "kill", False), (SENIOR, "published", "kill", True), (SENIOR, "taken_down", "put_back", True),
    (SENIOR, "published", "put_back", False), (MEMBER, "scheduled", "lift_embargo", True), (EDITOR, "live", "go_live", False),
])  # fmt: skip
def test_steps_of_the_publication_follow_what_is_shown(person, publication, step, taken):
    assert offers(person, "approved", publication).takes_in_public(step) is taken


def test_a_second_editor_confirms_a_kill_and_without_the_request_nobody_does():
    asked = offers(EDITOR, "approved", "published", kill_asked_by_id=SENIOR.id)

    assert asked.takes_in_public("kill") is True
    assert asked.without_kill_request().takes_in_public("kill") is False
    assert asked.without_kill_request() == offers(EDITOR, "approved", "published")


def test_the_permission_table_answers_for_its_own_words():
    assert offers(EDITOR, "draft").may("editor").allowed is True
    assert offers(EDITOR, "draft").may("senior").reason == "Only a senior editor can do this."
    assert offers(MEMBER, "draft").may("editor").hidden is True


def offered(desk, reference, who, *, later=timedelta()):
    with desk.portal.database.reading() as session:
        return asking.offers(session, desk.case(reference), getattr(desk.people, who), desk.now + later)


def test_a_release_is_asked_about_as_it_stands(sqlite_desk):
    desk = sqlite_desk
    reference = desk.held()

    found = offered(desk, reference, "editor")

    assert found == Offers(
        desk.people.editor,
        Matter(organisation_id=desk.release(reference).organisation_id, holder_id=desk.people.editor.id),
        "in_review",
        "hidden",
    )


def test_who_decided_is_known_after_the_decision(sqlite_desk):
    desk = sqlite_desk
    reference = desk.decided("approve")

    found = offered(desk, reference, "editor")

    assert (found.state, found.publication, found.matter.decider_id) == (
        "approved",
        "published",
        desk.people.editor.id,
    )
    assert found.takes("undo") is True
    assert offered(desk, reference, "other_editor").takes("undo") is False


def test_who_edited_counts_only_while_it_waits_for_a_second_editor(sqlite_desk):
    desk = sqlite_desk
    reference = desk.held("sports")
    with desk.portal.work() as work:
        work.session.merge(desk.edition(reference)).edited_by_id = desk.people.other_editor.id
        work.commit()

    assert offered(desk, reference, "editor").matter.edited_by_id is None
    desk.decide(reference, **dict.fromkeys(RECORDED, ""))
    found = offered(desk, reference, "other_editor")

    assert (found.matter.edited_by_id, found.matter.decider_id) == (
        desk.people.other_editor.id,
        desk.people.editor.id,
    )
    assert found.takes("confirm") is False
    assert offered(desk, reference, "senior").takes("confirm") is True


def test_a_request_for_a_kill_stands_until_it_falls(sqlite_desk):
    desk = sqlite_desk
    reference = desk.decided("approve")
    assert offered(desk, reference, "editor").matter.kill_asked_by_id is None

    desk.take(killing.kill, reference, desk.people.editor, sent=Kill("It was never tested.", ["FACTS"]))

    assert offered(desk, reference, "other_editor").matter.kill_asked_by_id == desk.people.editor.id
    assert offered(desk, reference, "other_editor").takes_in_public("kill") is True
    assert offered(desk, reference, "editor").takes_in_public("kill") is False
    assert offered(desk, reference, "other_editor", later=timedelta(days=2)).matter.kill_asked_by_id is None


def test_the_publication_is_shown_by_time(sqlite_desk):
    desk = sqlite_desk
    reference = desk.held("event")
    desk.decide(reference, publish_at="2026-03-25T09:00", publish_timezone="Asia/Singapore")
    ends = desk.release(reference).expires_at
    day = timedelta(days=1)

    shown = [
        offered(desk, reference, "editor", later=at - desk.now).publication
        for at in (desk.now, desk.now + day, ends - timedelta(seconds=1), ends)
    ]
    assert shown == ["scheduled", "published", "published", "archived"]


def test_what_has_no_end_is_not_archived(sqlite_desk):
    desk = sqlite_desk
    reference = desk.decided("approve")

    assert desk.release(reference).expires_at is None
    assert offered(desk, reference, "editor", later=timedelta(days=4000)).publication == "published"


def test_without_an_active_senior_and_after_an_asking_back_the_table_is_told_so(sqlite_desk):
    desk = sqlite_desk
    reference = desk.held()
    assert (
        offered(desk, reference, "editor").matter.senior_exists,
        offered(desk, reference, "editor").matter.asked_back,
    ) == (True, False)
    with desk.portal.work() as work:
        work.session.get_one(User, desk.people.senior.id).blocked_at = desk.now
        work.session.merge(desk.edition(reference)).asked_back_at = desk.now
        work.commit()

    found = offered(desk, reference, "editor").matter

    assert (found.senior_exists, found.asked_back) == (False, True)
