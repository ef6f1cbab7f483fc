"""Holding, reading and deciding: one winner, named; and no decision on anything but the text that was read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.actions.moderating import editing_text, reading
from portal.actions.submitting import appealing, drafting, sending, signing_off
from portal.rules.refusals import BeingRead, Conflict, Invalid, NotFound, Winner
from portal.storage.queries import queue
from portal.storage.tables import Decision, DecisionReason, Edition, IdentityRecord, Note
from tests.rigs.desk import at_once

LAPSED = timedelta(minutes=21)


def test_a_claim_is_held_for_twenty_minutes(desk):
    reference = desk.held()

    edition = desk.edition(reference)
    assert (edition.state, edition.holder.name) == ("in_review", "editor Lim")
    assert edition.claim_expires_at == desk.now + timedelta(minutes=20)
    assert desk.facts(reference)[-1] == "claimed"


def test_of_many_claims_at_once_one_wins_and_the_others_learn_who(desk):
    reference = desk.sent()
    version = desk.version(reference)
    editors = [desk.people.editor, desk.people.other_editor, desk.people.senior]

    answers = at_once(
        [
            lambda actor=actor: reading.claim(desk.portal, actor, reference, version=version, now=desk.now)
            for actor in editors
        ]
    )

    winner = desk.edition(reference).holder.name
    losers = [answer for answer in answers if answer is not None]
    assert [type(loser) for loser in losers] == [BeingRead, BeingRead]
    assert [loser.winner for loser in losers] == [Winner(winner, "claimed", desk.now)] * 2
    assert desk.facts(reference).count("claimed") == 1


def test_the_holders_claim_is_renewed_without_moving_the_version(desk):
    reference = desk.held()
    version = desk.version(reference)
    desk.now += timedelta(minutes=15)

    desk.claim(reference)

    assert desk.edition(reference).claim_expires_at == desk.now + timedelta(minutes=20)
    assert desk.version(reference) == version
    assert desk.facts(reference).count("claimed") == 1


def test_a_lapsed_claim_goes_to_whoever_asks_without_any_clock(desk):
    reference = desk.held()
    desk.now += LAPSED

    desk.claim(reference, by=desk.people.other_editor)

    assert desk.edition(reference).holder.name == "other_editor Vongsa"


def test_a_claim_that_has_not_lapsed_is_nobody_elses(desk):
    reference = desk.held()
    desk.now += timedelta(minutes=19)
    before = desk.rows()

    with pytest.raises(Conflict, match="editor Lim is reading this release"):
        desk.claim(reference, by=desk.people.other_editor)

    assert desk.rows() == before


def test_the_clock_puts_a_lapsed_claim_back_once(desk):
    reference = desk.held()
    version = desk.version(reference)
    desk.now += LAPSED

    lapsed = at_once([lambda: reading.lapse_claims(desk.portal, now=desk.now)] * 3)

    assert sorted(lapsed) == [0, 0, 1]
    edition = desk.edition(reference)
    assert (edition.state, edition.holder_id) == ("submitted", None)
    assert edition.lapsed_holder_id == desk.people.editor.id
    assert desk.version(reference) == version
    assert desk.facts(reference)[-1] == "claim_lapsed"


def test_a_holder_whose_claim_lapsed_decides_with_the_page_that_was_open(desk):
    reference = desk.held()
    version = desk.version(reference)
    desk.now += LAPSED
    reading.lapse_claims(desk.portal, now=desk.now)

    desk.decide(reference, "request_changes", version=version)

    assert desk.state(reference) == "changes_requested"
    assert desk.facts(reference)[-3:] == ["claim_lapsed", "claimed", "changes_requested"]


def test_a_holder_whose_claim_lapsed_loses_to_the_editor_who_followed(desk):
    reference = desk.held()
    version = desk.version(reference)
    desk.now += LAPSED
    reading.lapse_claims(desk.portal, now=desk.now)
    desk.claim(reference, by=desk.people.other_editor)
    before = desk.rows()

    with pytest.raises(Conflict) as refused:
        desk.decide(reference, version=version)

    assert refused.value.winner == Winner("other_editor Vongsa", "claimed", desk.now)
    assert desk.rows() == before


def test_letting_go_puts_it_back_in_the_queue_by_its_old_promise(desk):
    reference = desk.held()
    due = desk.edition(reference).due_at

    desk.take(reading.let_go, reference, desk.people.editor)

    edition = desk.edition(reference)
    assert (edition.state, edition.due_at, edition.holder_id) == ("submitted", due, None)


def test_a_senior_takes_over_with_a_reason_and_the_other_editor_is_told(desk):
    reference = desk.held()
    with pytest.raises(Invalid):
        desk.take(reading.take_over, reference, desk.people.senior, message=" ")
    with pytest.raises(Conflict):
        desk.take(reading.take_over, reference, desk.people.other_editor, message="I know the sender.")

    desk.take(reading.take_over, reference, desk.people.senior, message="Lim is ill today.")

    assert desk.edition(reference).holder.name == "senior Chenda"
    assert [row.user_id for row in desk.told("taken_over")] == [desk.people.editor.id]


def test_it_is_handed_back_only_when_the_sender_asked(desk):
    reference = desk.held()
    before = desk.rows()
    with pytest.raises(Conflict, match="has not asked"):
        desk.take(reading.hand_back, reference, desk.people.editor)
    assert desk.rows() == before

    key = desk.edition(reference).submission_key
    desk.take(sending.ask_back, reference, desk.people.member)
    desk.take(reading.hand_back, reference, desk.people.editor)

    edition = desk.edition(reference)
    assert (edition.state, edition.promise_at, edition.asked_back_at) == ("draft", None, None)
    assert edition.submission_key != key
    assert len(desk.told("handed_back")) == 1


@pytest.mark.parametrize("decision", ["reject", "request_changes"])
def test_a_refusal_needs_reasons_and_words_before_any_mail_exists(desk, decision):
    reference = desk.held()
    before = desk.rows()
    cases = (
        ({"reasons": [], "message": "Say why."}, {"reasons"}),
        ({"reasons": ["WEAK_LEAD"], "message": "  "}, {"message"}),
        ({"reasons": [], "message": ""}, {"reasons", "message"}),
        ({"reasons": ["NO_SUCH_CODE"], "message": "Say why."}, {"reasons"}),
    )
    for given, fields in cases:
        with pytest.raises(Invalid) as refused:
            desk.decide(reference, decision, **given)
        assert {issue.field for issue in refused.value.issues} == fields

    assert desk.rows() == before


def test_a_refusal_is_kept_with_its_reasons_and_mailed(desk):
    reference = desk.held()

    desk.decide(reference, "request_changes", reasons=["WEAK_LEAD", "LENGTH", "WEAK_LEAD"])

    edition = desk.edition(reference)
    assert (edition.state, edition.holder_id, edition.due_at) == ("changes_requested", None, None)
    assert edition.changes_due_at == desk.now + timedelta(days=14)
    assert (desk.count(Decision), desk.count(DecisionReason)) == (1, 2)
    assert len(desk.told("changes_requested")) == 1


def test_changes_asked_for_are_made_and_sent_with_a_new_key(desk):
    reference = desk.sent()
    key = desk.edition(reference).submission_key
    desk.claim(reference)
    desk.decide(reference, "request_changes")

    assert desk.edition(reference).submission_key != key
    desk.save(reference, "news", {"headline": "What is new stands in the first line"})
    desk.send(reference)

    assert (desk.state(reference), desk.edition(reference).round) == ("submitted", 2)


def test_an_approval_makes_it_public_in_the_same_moment(desk):
    reference = desk.held()

    decided = desk.decide(reference)

    assert decided.live_from == desk.now
    assert desk.is_public(reference, desk.now)
    assert desk.facts(reference)[-2:] == ["approved", "went_live"]
    assert (len(desk.told("approved")), len(desk.told("went_live"))) == (1, 0)


def test_what_is_public_is_the_revision_that_was_approved(desk):
    reference = desk.held()
    revision = desk.edition(reference).revision

    desk.decide(reference)

    release = desk.release(reference)
    assert (release.live_revision_id, release.live_edition_id) == (revision.id, desk.edition(reference).id)


def test_an_old_hash_is_refused(desk):
    reference = desk.sent()
    old = desk.edition(reference).revision.hash
    desk.take(sending.recall, reference, desk.people.member)
    desk.save(reference, "news", {"headline": "A new headline for the night ferry"})
    desk.send(reference)
    desk.claim(reference)
    before = desk.rows()

    for decision in ("approve", "reject", "request_changes"):
        with pytest.raises(Conflict, match="text changed"):
            desk.decide(reference, decision, revision_hash=old)

    assert desk.rows() == before


def test_of_editors_who_decide_at_once_one_wins_and_the_others_keep_the_rest_as_it_is(desk):
    reference = desk.held()
    version = desk.version(reference)
    decisions = ("approve", "reject", "request_changes", "approve")

    answers = at_once([lambda each=each: desk.decide(reference, each, version=version) for each in decisions])

    won = [answer for answer in answers if not isinstance(answer, Conflict)]
    lost = [answer for answer in answers if isinstance(answer, Conflict)]
    assert (len(won), len(lost), desk.count(Decision)) == (1, 3, 1)
    assert {loser.winner.name for loser in lost} == {"editor Lim"}
    fact = {"approve": "approved", "reject": "rejected", "request_changes": "changes_requested"}
    assert {loser.winner.fact for loser in lost} == {fact[won[0].decision]}
    assert desk.state(reference) == fact[won[0].decision]


def test_a_decision_and_a_take_over_at_once_have_one_winner(desk):
    reference = desk.held()
    version = desk.version(reference)

    answers = at_once(
        [
            lambda: desk.decide(reference, "reject", version=version),
            lambda: reading.take_over(
                desk.portal,
                desk.people.senior,
                reference,
                version=version,
                message="Lim is ill today.",
                now=desk.now,
            ),
        ]
    )

    assert sorted(isinstance(answer, Conflict) for answer in answers) == [False, True]


def test_nobody_decides_for_an_organisation_of_their_own(desk):
    reference = desk.sent()
    before = desk.rows()

    with pytest.raises(Conflict, match="You belong to this organisation"):
        desk.claim(reference, by=desk.people.insider)

    assert desk.rows() == before


def test_an_administrator_decides_nothing(desk):
    reference = desk.held()
    before = desk.rows()
    steps = (
        lambda: desk.claim(reference, by=desk.people.admin),
        lambda: desk.decide(reference, by=desk.people.admin),
        lambda: desk.take(reading.take_over, reference, desk.people.admin, message="I may not."),
        lambda: reading.add_note(desk.portal, desk.people.admin, reference, note="I may not.", now=desk.now),
    )
    for step in steps:
        with pytest.raises(NotFound):
            step()

    assert desk.rows() == before


def test_only_the_holder_decides(desk):
    reference = desk.held()
    before = desk.rows()

    with pytest.raises(Conflict, match="Another editor holds"):
        desk.decide(reference, by=desk.people.other_editor)

    assert desk.rows() == before


def test_without_a_senior_an_editor_may_take_over(desk):
    from sqlalchemy import update

    from portal.storage.tables import User

    reference = desk.held()
    with desk.portal.work() as work:
        work.session.execute(update(User).where(User.role == "senior").values(blocked_at=desk.now))
        work.commit()

    desk.take(reading.take_over, reference, desk.people.other_editor, message="Nobody else is here.")

    assert desk.edition(reference).holder.name == "other_editor Vongsa"


def test_an_identity_is_recorded_whole_or_not_at_all(desk):
    first, second = desk.held(), desk.held("event")
    whole = {
        "identity_person": "Dewi Anggraini",
        "identity_number": "+62 31 5550 0177",
        "identity_source": "the company’s own site",
    }
    with pytest.raises(Invalid):
        desk.decide(first, **{**whole, "identity_source": ""})
    assert desk.count(IdentityRecord) == 0

    desk.decide(second, **whole)

    assert desk.count(IdentityRecord) == 1


def test_an_unknown_decision_is_refused(desk):
    reference = desk.held()

    with pytest.raises(Invalid):
        desk.decide(reference, "publish")

    assert desk.state(reference) == "in_review"


def test_a_note_stays_in_the_newsroom_and_renews_the_claim(desk):
    reference = desk.held()
    told, version = desk.count(Note), desk.version(reference)
    desk.now += timedelta(minutes=10)

    reading.add_note(desk.portal, desk.people.editor, reference, note="  Call the port. ", now=desk.now)

    with desk.portal.database.reading() as session:
        assert [note.body for note in session.query(Note)] == ["Call the port."]
    assert desk.edition(reference).claim_expires_at == desk.now + timedelta(minutes=20)
    assert (told, desk.version(reference)) == (0, version)
    with pytest.raises(Invalid):
        reading.add_note(desk.portal, desk.people.editor, reference, note=" ", now=desk.now)
    with pytest.raises(NotFound):
        reading.add_note(desk.portal, desk.people.member, reference, note="Hello", now=desk.now)


def test_a_draft_that_was_rejected_is_decided_no_more(desk):
    reference = desk.decided("reject")
    before = desk.rows()

    with pytest.raises(Conflict):
        desk.decide(reference)
    with pytest.raises(Conflict):
        desk.save(reference, "news", {"headline": "Too late"})
    with pytest.raises(NotFound):
        desk.take(drafting.clone, reference, desk.people.stranger)

    assert desk.rows() == before


def test_what_to_read_next_is_what_this_editor_may_take_and_decide(desk):
    first, rejected, signed, last = (desk.sent("business") for _ in range(4))
    cast = desk.people
    desk.claim(rejected)
    desk.decide(rejected, "reject")
    desk.take(appealing.appeal, rejected, cast.member, message="Read it again.")
    desk.claim(signed, by=cast.senior)
    new = {"headline": "Selat Biru Ferries adds twelve jobs at its quay"}
    desk.take(editing_text.edit, signed, cast.senior, posted=new, material=True)
    desk.take(signing_off.answer, signed, cast.member, answer="accept")

    def next_for(person, besides=first):
        with desk.portal.database.reading() as session:
            found = queue.next_due(session, person, besides=desk.edition(besides).id, now=desk.now)
            return found.release.reference if found else None

    with desk.portal.work() as work:  # the order of the queue: first, rejected, signed, last
        for place, reference in enumerate((first, rejected, signed, last)):
            edition = work.session.get_one(Edition, desk.edition(reference).id)
            edition.promise_at = desk.now + timedelta(hours=place)
        work.commit()

    assert next_for(cast.editor) == last
    assert next_for(cast.other_editor) == rejected
    assert next_for(cast.senior, besides=rejected) == first
    assert next_for(cast.insider) is None
    desk.claim(first, by=cast.other_editor)
    desk.claim(rejected, by=cast.other_editor)
    assert next_for(cast.senior) == signed
