"""Sending, taking back, asking back and withdrawing, once and at the same moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.actions.moderating import reading
from portal.actions.publishing import going_live
from portal.actions.submitting import sending
from portal.rules.promise import DeskHours
from portal.rules.refusals import Conflict, Invalid, Winner
from portal.storage.tables import ClockHold, IdempotencyKey, Message, Outbox, Revision
from tests.rigs.desk import at_once


def test_sending_freezes_the_text_promises_a_time_and_tells_the_sender(desk):
    rung = []
    desk.portal = type(desk.portal)(
        desk.portal.database, desk.portal.settings, rung.append, desk.portal.request_id
    )
    reference = desk.draft()
    draft = desk.edition(reference).draft

    sent = desk.send(reference)

    edition = desk.edition(reference)
    assert (sent.received_at, sent.already) == (desk.now, False)
    assert (edition.state, edition.round, edition.submitted_at) == ("submitted", 1, desk.now)
    assert edition.promise_at == edition.due_at == desk.now + timedelta(hours=4)
    assert edition.revision.content["values"] == {
        **draft["values"],
        "declare_authorised": "y",
        "declare_facts": "y",
        "declare_rights": "y",
    }
    assert edition.revision.content["body_html"] == draft["body_html"] != ""
    assert len(desk.told("submitted")) == 1
    assert {(ring.queue, ring.job) for ring in rung} == {("mail", "relay"), ("moderation", "examine")}


def test_what_stops_a_release_is_named_and_the_ticks_are_not_asked_for_silently(desk):
    reference = desk.draft(headline="")
    before = desk.rows()

    with pytest.raises(Invalid) as refused:
        sending.submit(
            desk.portal,
            desk.people.member,
            reference,
            posted={"declare_facts": "y"},
            version=desk.version(reference),
            key=desk.edition(reference).submission_key,
            now=desk.now,
        )

    blocking = {issue.field for issue in refused.value.issues if issue.blocks}
    assert blocking >= {"headline", "declare_authorised", "declare_rights"}
    assert "declare_facts" not in blocking
    assert desk.rows() == before


def test_the_same_key_again_answers_with_the_first_receipt(desk):
    reference = desk.draft()
    key, version = desk.edition(reference).submission_key, desk.version(reference)
    first = desk.send(reference, key=key, version=version)
    before, received = desk.rows(), desk.now
    desk.now += timedelta(minutes=20)

    again = desk.send(reference, key=key, version=version)

    assert (first.already, again.already, again.received_at) == (False, True, received)
    assert desk.rows() == before


def test_the_same_key_still_answers_after_the_decision(desk):
    reference = desk.draft()
    key = desk.edition(reference).submission_key
    desk.send(reference, key=key)
    desk.claim(reference)
    desk.decide(reference, "request_changes")
    before = desk.rows()

    assert desk.send(reference, key=key).already is True
    assert desk.rows() == before


def test_a_double_click_makes_one_revision_and_one_receipt(desk):
    reference = desk.draft()
    key, version = desk.edition(reference).submission_key, desk.version(reference)

    answers = at_once([lambda: desk.send(reference, key=key, version=version)] * 4)

    assert sorted(answer.already for answer in answers) == [False, True, True, True]
    assert (desk.count(Revision), desk.count(IdempotencyKey), len(desk.told("submitted"))) == (1, 1, 1)
    assert desk.facts(reference) == ["draft_started", "submitted"]


def test_another_tabs_key_loses_to_the_first_sending(desk):
    reference = desk.draft()
    version = desk.version(reference)
    desk.send(reference, version=version)
    before = desk.rows()

    with pytest.raises(Conflict) as refused:
        desk.send(reference, key="a-key-that-was-never-given", version=version)

    assert refused.value.winner == Winner("member Anggraini", "submitted", desk.now)
    assert desk.rows() == before


def test_a_wish_for_a_time_is_kept_for_the_queue(desk):
    reference = desk.sent(timing="embargo", release_at="2026-03-25T09:00", release_timezone="Asia/Jakarta")

    assert desk.edition(reference).wish_at == desk.now.replace(day=25, hour=2, minute=0)


def test_the_promise_counts_the_desks_hours(desk):
    from dataclasses import replace

    desk.portal = replace(
        desk.portal, settings=replace(desk.portal.settings, desk_hours=DeskHours.parse("Mo-Fr 08:00-12:00"))
    )

    reference = desk.sent()

    # 11:20 in Singapore: 40 minutes today, the rest tomorrow from 08:00 on.
    assert desk.edition(reference).promise_at == desk.now.replace(day=25, hour=3, minute=20)


def test_a_recall_gives_a_new_key_and_keeps_the_text(desk):
    reference = desk.sent()
    key, draft = desk.edition(reference).submission_key, desk.edition(reference).draft

    desk.take(sending.recall, reference, desk.people.member, message="A number is wrong.")

    edition = desk.edition(reference)
    assert (edition.state, edition.promise_at, edition.ladder_next_at) == ("draft", None, None)
    assert edition.submission_key != key
    assert edition.draft == draft
    assert desk.count(Message) == 1


def test_a_recalled_release_is_sent_again_as_a_new_round(desk):
    reference = desk.sent()
    desk.take(sending.recall, reference, desk.people.member)
    desk.now += timedelta(hours=1)

    desk.send(reference)

    assert (desk.edition(reference).round, desk.count(Revision)) == (2, 2)
    assert desk.edition(reference).promise_at == desk.now + timedelta(hours=4)
    assert desk.facts(reference) == ["draft_started", "submitted", "recalled", "submitted"]


def test_while_an_editor_reads_it_is_asked_back_and_not_recalled(desk):
    reference = desk.held()
    before = desk.rows()

    with pytest.raises(Conflict) as refused:
        desk.take(sending.recall, reference, desk.people.member)
    assert refused.value.winner == Winner("editor Lim", "claimed", desk.now)
    assert desk.rows() == before

    desk.take(sending.ask_back, reference, desk.people.member, message="Wait, please.")
    assert (desk.state(reference), desk.edition(reference).asked_back_at) == ("in_review", desk.now)
    assert [row.user_id for row in desk.told("asked_back")] == [desk.people.editor.id]


def leave_in(desk, state):
    if state == "draft":
        return desk.draft()
    if state == "submitted":
        return desk.sent()
    if state == "in_review":
        return desk.held()
    if state == "changes_requested":
        return desk.decided("request_changes")
    return desk.decided(
        "approve", timing="schedule", release_at="2026-03-25T09:00", release_timezone="Asia/Jakarta"
    )


@pytest.mark.parametrize("state", ["draft", "submitted", "in_review", "changes_requested", "approved"])
def test_a_release_is_withdrawn_before_the_public_saw_it(desk, state):
    reference = leave_in(desk, state)
    text = desk.values(reference)

    desk.take(sending.withdraw, reference, desk.people.member, message="The ferry is late.")

    edition, release = desk.edition(reference), desk.release(reference)
    assert (edition.state, release.publication) == ("withdrawn", "hidden")
    assert (edition.holder_id, edition.changes_due_at, edition.ladder_next_at) == (None, None, None)
    assert desk.values(reference) == text
    assert len(desk.told("withdrawn")) == 1
    assert not desk.is_public(reference, desk.now + timedelta(days=9))


@pytest.mark.parametrize("recorded", [True, False])
def test_what_is_public_cannot_be_withdrawn(desk, recorded):
    if recorded:
        reference = desk.decided("approve")
    else:
        reference = leave_in(desk, "approved")
        desk.now += timedelta(days=2)
    before = desk.rows()

    with pytest.raises(Conflict):
        desk.take(sending.withdraw, reference, desk.people.member)

    assert desk.is_public(reference, desk.now)
    assert desk.rows() == before


def test_a_withdrawn_schedule_is_never_recorded_as_public(desk):
    reference = leave_in(desk, "approved")
    desk.take(sending.withdraw, reference, desk.people.member)

    assert going_live.record_due(desk.portal, now=desk.now + timedelta(days=3)) == 0
    assert desk.told("went_live") == []


def test_a_schedule_past_its_minute_can_be_withdrawn_while_publishing_is_stopped(desk):
    """Nobody has seen it, and the one who wants to stop it is told no untruth."""
    reference = leave_in(desk, "approved")
    desk.now += timedelta(days=2)
    with desk.portal.work() as work:
        work.session.add(ClockHold(id=1, since=desk.now, why="The clock jumped."))
        work.commit()

    desk.take(sending.withdraw, reference, desk.people.member)

    release = desk.release(reference)
    assert (desk.state(reference), release.publication, release.live_from) == ("withdrawn", "hidden", None)


def test_what_is_public_is_refused_by_its_publication_and_says_so(desk):
    reference = desk.decided("approve")

    with pytest.raises(Conflict) as refused:
        desk.take(sending.withdraw, reference, desk.people.member)

    assert refused.value.sentence == "It is public already, so it cannot be withdrawn."


def test_a_recall_and_a_claim_at_once_have_one_winner(desk):
    reference = desk.sent()
    version = desk.version(reference)

    answers = at_once(
        [
            lambda: sending.recall(desk.portal, desk.people.member, reference, version=version, now=desk.now),
            lambda: reading.claim(desk.portal, desk.people.editor, reference, version=version, now=desk.now),
        ]
    )

    assert sorted(isinstance(answer, Conflict) for answer in answers) == [False, True]
    assert desk.state(reference) == ("draft" if answers[0] is None else "in_review")


def test_nothing_is_said_about_a_step_that_failed(desk):
    reference = desk.draft(body="")

    with pytest.raises(Invalid):
        desk.send(reference)

    assert desk.count(Outbox) == 0
