"""A decision can be taken back while its mail is held: nobody was told, and nothing of it stays in sight."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.actions.mailing import notifying
from portal.actions.moderating import editing_text, undoing
from portal.actions.operating import auditing
from portal.actions.publishing import going_live
from portal.actions.releases import conversing
from portal.actions.submitting import drafting, sending
from portal.rules.refusals import Conflict, NotFound
from portal.storage.queries import releases
from portal.storage.tables import Decision, Delivery, Outbox
from tests.rigs.desk import at_once

HOLD = timedelta(minutes=10)
DECISIONS = ("approve", "request_changes", "reject")
FACTS = {"approve": "approved", "request_changes": "changes_requested", "reject": "rejected"}


def undo(desk, reference, *, by=None, **more):
    desk.take(undoing.undo, reference, by or desk.people.editor, **more)


def held_row(desk, decision: str) -> Outbox:
    (row,) = desk.told(FACTS[decision])
    return row


@pytest.mark.parametrize("decision", DECISIONS)
def test_the_mail_of_a_decision_waits_for_the_length_of_the_hold(sqlite_desk, decision):
    desk = sqlite_desk
    desk.decided(decision)
    row = held_row(desk, decision)

    assert row.not_before == desk.now + HOLD
    assert notifying.relay(desk.portal, row.id, now=desk.now + HOLD - timedelta(seconds=1)) == []
    assert len(notifying.relay(desk.portal, row.id, now=desk.now + HOLD)) == 1


def test_without_a_hold_the_mail_leaves_at_once_and_nothing_can_be_undone(desk):
    desk.portal = replace(desk.portal, settings=replace(desk.portal.settings, mail_hold_minutes=0))
    reference = desk.decided("reject")

    assert held_row(desk, "reject").not_before == desk.now
    with pytest.raises(Conflict, match="the mail has left"):
        undo(desk, reference)


@pytest.mark.parametrize("decision", DECISIONS)
def test_undo_puts_it_back_in_the_hands_of_the_editor_and_the_mail_is_never_sent(desk, decision):
    reference = desk.held()
    before = desk.edition(reference)
    desk.decide(reference, decision)
    desk.now += timedelta(minutes=9)

    undo(desk, reference)

    edition, row = desk.edition(reference), held_row(desk, decision)
    assert (edition.state, edition.holder_id) == ("in_review", desk.people.editor.id)
    assert edition.claim_expires_at == desk.now + timedelta(minutes=20)
    for column in ("due_at", "ladder_next_at", "submission_key", "changes_due_at", "decided_at"):
        assert getattr(edition, column) == getattr(before, column), column
    assert row.dropped_at == row.relayed_at == desk.now
    assert notifying.relay(desk.portal, row.id, now=desk.now + HOLD * 2) == []
    assert desk.count(Delivery) == 0
    assert [fact for fact in desk.facts(reference) if fact in (FACTS[decision], "decision_undone")] == [
        FACTS[decision],
        "decision_undone",
    ]


def test_an_item_that_was_public_is_hidden_again_at_once(desk):
    reference = desk.decided("approve")
    assert desk.is_public(reference, desk.now)

    undo(desk, reference)

    release = desk.release(reference)
    assert not desk.is_public(reference, desk.now + timedelta(days=400))
    assert (release.publication, release.live_from, release.went_live_at) == ("hidden", None, None)
    assert release.live_revision_id is release.live_edition_id is None
    assert desk.facts(reference)[-3:] == ["approved", "went_live", "decision_undone"]
    assert auditing.verify(desk.portal).ok


def test_a_later_approval_with_a_later_time_does_not_show_at_once(desk):
    reference = desk.decided("approve")
    undo(desk, reference)

    desk.decide(reference, publish_at="2026-03-25T09:00", publish_timezone="Asia/Singapore")

    assert not desk.is_public(reference, desk.now + timedelta(hours=2))
    assert going_live.record_due(desk.portal, now=desk.now + timedelta(hours=2)) == 0
    assert desk.is_public(reference, desk.now + timedelta(days=1))


def test_the_address_stays_at_a_later_approval_under_another_headline(desk):
    reference = desk.decided("approve")
    address = desk.release(reference).slug
    undo(desk, reference)
    desk.take(
        editing_text.edit,
        reference,
        desk.people.editor,
        posted={"headline": "Nurses cross at night, too"},
        material=False,
    )

    desk.decide(reference)

    release = desk.release(reference)
    assert desk.edition(reference).revision.headline == "Nurses cross at night, too"
    assert (release.publication, release.slug) == ("live", address)


def test_a_scheduled_approval_that_is_undone_never_goes_public(desk):
    reference = desk.held()
    desk.decide(reference, publish_at="2026-03-25T09:00", publish_timezone="Asia/Singapore")

    undo(desk, reference)

    assert going_live.record_due(desk.portal, now=desk.now + timedelta(days=9)) == 0
    assert not desk.is_public(reference, desk.now + timedelta(days=9))


def test_the_mail_of_going_public_waits_behind_that_of_the_approval_and_falls_with_it(desk):
    reference = desk.held()
    desk.decide(reference, publish_at="2026-03-24T11:25", publish_timezone="Asia/Singapore")
    decided_at, desk.now = desk.now, desk.now + timedelta(minutes=6)
    assert going_live.record_due(desk.portal, now=desk.now) == 1

    (said,) = desk.told("went_live")
    assert said.not_before == decided_at + HOLD
    undo(desk, reference)

    assert desk.told("went_live")[0].dropped_at == desk.now
    assert not desk.is_public(reference, desk.now)


@pytest.mark.parametrize("decision", DECISIONS)
def test_undone_and_decided_anew_is_told_once(sqlite_desk, decision):
    desk = sqlite_desk
    reference = desk.decided(decision)
    undo(desk, reference)

    desk.decide(reference, "request_changes", message="Name the yard.")

    due = notifying.due_outbox(desk.portal, now=desk.now + HOLD)
    told = [row.fact for fact in FACTS.values() for row in desk.told(fact) if row.id in due]
    assert told == ["changes_requested"]
    with desk.portal.database.reading() as session:
        assert releases.decision_that_stands(session, desk.edition(reference)).message == "Name the yard."


@pytest.mark.parametrize("decision", DECISIONS)
def test_it_is_refused_once_the_mail_may_leave(sqlite_desk, decision):
    desk = sqlite_desk
    reference = desk.decided(decision)
    desk.now += HOLD

    with pytest.raises(Conflict, match="the mail has left"):
        undo(desk, reference)


def test_a_mail_that_was_relayed_cannot_be_undone_and_changes_nothing(desk):
    reference = desk.decided("reject")
    notifying.relay(desk.portal, held_row(desk, "reject").id, now=desk.now + HOLD)
    before = desk.rows()

    with pytest.raises(Conflict, match="the mail has left"):
        undo(desk, reference)
    assert desk.rows() == before


def write(desk, reference):
    conversing.write_to_desk(desk.portal, desk.people.member, reference, message="Why?", now=desk.now)


def save(desk, reference):
    desk.save(reference, "news", {"headline": "The ferry that carries nurses home"})


def send(desk, reference):
    desk.send(reference)


def withdraw(desk, reference):
    desk.take(sending.withdraw, reference, desk.people.member)


def clone(desk, reference):
    desk.take(drafting.clone, reference, desk.people.member)


@pytest.mark.parametrize(
    ("decision", "act", "leaves"),
    [
        ("request_changes", write, True),
        ("request_changes", save, True),
        ("request_changes", send, False),
        ("request_changes", withdraw, False),
        ("reject", write, True),
        ("reject", clone, True),
        ("approve", write, True),
    ],
)
def test_a_step_of_the_sender_ends_the_hold_and_undo_is_refused(sqlite_desk, decision, act, leaves):
    desk = sqlite_desk
    reference = desk.decided(decision)
    act(desk, reference)

    row = held_row(desk, decision)
    assert (row.id in notifying.due_outbox(desk.portal, now=desk.now)) == leaves
    assert (row.dropped_at is None) == leaves
    with pytest.raises(Conflict):
        undo(desk, reference)


def test_a_withdrawal_while_scheduled_drops_the_mail_that_says_when_it_runs(desk):
    reference = desk.held()
    desk.decide(reference, publish_at="2026-03-25T09:00", publish_timezone="Asia/Singapore")

    withdraw(desk, reference)

    assert held_row(desk, "approve").dropped_at == desk.now
    assert len(desk.told("withdrawn")) == 1


def test_what_the_sender_did_is_named_to_the_editor_who_comes_too_late(desk):
    reference = desk.decided("reject")
    write(desk, reference)

    with pytest.raises(Conflict, match="taken a step since") as refused:
        undo(desk, reference)
    assert (refused.value.winner.name, refused.value.winner.fact) == (desk.people.member.name, "message_sent")


def test_only_the_editor_who_decided_takes_it_back(desk):
    reference = desk.decided("reject")

    for who in ("other_editor", "senior"):
        with pytest.raises(Conflict, match="Only the editor who decided"):
            undo(desk, reference, by=getattr(desk.people, who))
    for who in ("member", "stranger", "admin"):
        with pytest.raises(NotFound):
            undo(desk, reference, by=getattr(desk.people, who))


def test_a_page_from_before_does_not_undo(desk):
    reference = desk.held()
    version = desk.version(reference)
    desk.decide(reference, "reject")

    with pytest.raises(Conflict):
        undo(desk, reference, version=version)


def test_of_an_undo_and_a_withdrawal_at_once_one_wins(desk):
    reference = desk.decided("request_changes")
    version = desk.version(reference)

    answers = at_once(
        [
            lambda: undo(desk, reference, version=version),
            lambda: desk.take(sending.withdraw, reference, desk.people.member, version=version),
        ]
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "NoneType"]
    assert desk.state(reference) in ("in_review", "withdrawn")


def test_of_an_undo_and_the_relay_at_once_only_one_has_its_way(desk):
    reference = desk.decided("reject")
    row, version = held_row(desk, "reject"), desk.version(reference)

    _, made = at_once(
        [
            lambda: undo(desk, reference, version=version),
            lambda: notifying.relay(desk.portal, row.id, now=desk.now + HOLD),
        ]
    )

    assert (desk.state(reference) == "in_review") == (made == [])


def test_a_decision_keeps_what_was_before_and_when_it_was_undone(desk):
    reference = desk.decided("approve")
    undo(desk, reference)

    with desk.portal.database.reading() as session:
        (decision,) = session.query(Decision).all()
        assert decision.undone_at == desk.now
        assert decision.before["release"]["publication"] == "hidden"
