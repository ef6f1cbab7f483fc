"""Two editors or a recorded act: what a flagged release asks for, and that a newsroom of one is never stuck."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.actions.mailing import notifying
from portal.actions.moderating import editing_text, second_pair, undoing
from portal.actions.moderating.second_pair import Answer
from portal.actions.releases.moving import acting
from portal.actions.submitting import sending
from portal.rules.refusals import Conflict, Invalid, NotFound
from portal.storage.tables import CheckRecord, Delivery, Edition, Endorsement, IdentityRecord
from tests.rigs.desk import RECORDED, at_once

NOTHING = dict.fromkeys(RECORDED, "")
CALL = {name: words for name, words in RECORDED.items() if name.startswith("identity_")}
COURT = {"headline": "High Court hears the lawsuit about the rovers’ pitch"}


def first_yes(desk, kind="sports", **more):
    """Held, examined, and approved without a record: a first yes."""
    reference = desk.held(kind)
    desk.examine(reference)
    desk.decide(reference, **{**NOTHING, **more})
    return reference


def endorse(desk, reference, answer="confirm", *, by=None, message="", revision_hash=None, **more):
    mark = desk.edition(reference).revision.hash if revision_hash is None else revision_hash
    step = second_pair.endorse
    return desk.take(
        step, reference, by or desk.people.other_editor, answer=Answer(answer, mark, message), **more
    )


def set_flags(desk, reference, *flags, note="", by=None):
    desk.take(second_pair.change_flags, reference, by or desk.people.editor, flags=flags, note=note)


def flag(desk, reference, *flags):
    """Only these flags stand on it."""
    set_flags(desk, reference, *flags, note="Known from before.")


def mailed(desk, fact):
    (row,) = desk.told(fact)
    notifying.relay(desk.portal, row.id, now=desk.now + timedelta(hours=1))
    with desk.portal.database.reading() as session:
        return {mail.recipient for mail in session.query(Delivery).filter_by(outbox_id=row.id)}


def test_without_a_record_the_approval_of_a_first_release_is_a_first_yes(desk):
    reference = first_yes(desk)

    edition = desk.edition(reference)
    assert (edition.state, edition.holder_id, edition.decided_at) == ("awaiting_second", None, None)
    assert not desk.is_public(reference, desk.now + timedelta(days=9))
    assert desk.facts(reference)[-1] == "first_yes"
    assert desk.told("approved") == []
    with desk.portal.database.reading() as session:
        (yes,) = session.query(Endorsement).all()
        assert (yes.act, yes.revision_hash, yes.user_id) == (
            "approve",
            edition.revision.hash,
            desk.people.editor.id,
        )


def test_the_other_editors_are_told_of_a_first_yes(desk):
    first_yes(desk)

    told = mailed(desk, "first_yes")
    assert told == {desk.people.other_editor.email, desk.people.senior.email}


def test_with_the_call_back_on_record_one_editor_is_enough(desk):
    reference = desk.held("sports")
    desk.decide(reference, **{**NOTHING, **CALL})

    assert (desk.state(reference), desk.is_public(reference, desk.now)) == ("approved", True)
    assert desk.count(IdentityRecord) == 1


def test_half_a_call_back_is_refused_at_the_part_that_is_missing(desk):
    reference = desk.held("sports")

    with pytest.raises(Invalid) as refused:
        desk.decide(reference, **{**NOTHING, **CALL, "identity_source": ""})

    assert [issue.field for issue in refused.value.issues] == ["identity_source"]
    assert desk.state(reference) == "in_review"
    assert desk.count(IdentityRecord) == 0


def test_an_earlier_call_to_the_organisation_counts(desk):
    first = desk.held("sports")
    desk.decide(first, "reject", **CALL)
    second = desk.held("community")
    flag(desk, second, "first_release")

    desk.decide(second, **NOTHING)

    assert desk.state(second) == "approved"


def test_whoever_sets_that_flag_by_hand_asks_for_a_new_call(desk):
    first = desk.held("sports")
    desk.decide(first, "reject", **CALL)
    desk.now += timedelta(minutes=1)
    second, third = desk.held("community"), desk.held("business")
    for reference in (second, third):
        flag(desk, reference)
        set_flags(desk, reference, "first_release")

    desk.decide(second, **NOTHING)
    desk.decide(third, **CALL)

    assert (desk.state(second), desk.state(third)) == ("awaiting_second", "approved")


@pytest.mark.parametrize(
    ("flags", "record"),
    [
        (["minors"], "consent_note"),
        (["third_party"], "consent_note"),
        (["minors", "third_party"], "consent_note"),
        (["legal"], "check_note"),
        (["listed"], "check_note"),
        (["health"], "check_note"),
        (["political"], "check_note"),
        (["financial", "legal"], "check_note"),
    ],
)
def test_each_flag_asks_for_its_record(sqlite_desk, flags, record):
    desk = sqlite_desk
    alone, paired = desk.held("sports"), desk.held("community")
    for reference in (alone, paired):
        flag(desk, reference, *flags)

    desk.decide(alone, **{**NOTHING, record: "Seen."})
    other = {"consent_note": "check_note", "check_note": "consent_note"}[record]
    desk.decide(paired, **{**NOTHING, other: "Seen.", **CALL})

    assert (desk.state(alone), desk.state(paired)) == ("approved", "awaiting_second")
    with desk.portal.database.reading() as session:
        kept = session.query(CheckRecord).filter_by(edition_id=desk.edition(alone).id).one()
        assert (kept.note, kept.recorded_by_id) == ("Seen.", desk.people.editor.id)


def test_a_record_of_an_earlier_round_does_not_count_for_what_was_sent_since(desk):
    reference = desk.held("sports")
    flag(desk, reference, "legal")
    desk.decide(reference, "request_changes", check_note="Looked up in the court’s list.")
    desk.now += timedelta(minutes=1)
    desk.send(reference)
    desk.claim(reference)

    desk.decide(reference, **NOTHING)

    assert desk.count(CheckRecord) == 1
    assert desk.state(reference) == "awaiting_second"


def test_every_record_that_is_asked_for_has_to_be_there(desk):
    reference = desk.held("sports")
    flag(desk, reference, "minors", "legal", "first_release")

    desk.decide(reference, **{**RECORDED, "check_note": " "})

    assert desk.state(reference) == "awaiting_second"


def test_a_release_without_flags_needs_one_editor(desk):
    reference = desk.held("sports")
    flag(desk, reference)

    desk.decide(reference, **NOTHING)

    assert desk.state(reference) == "approved"


def test_flags_count_while_the_checks_still_run(desk):
    with desk.portal.work() as work:
        work.session.add(
            IdentityRecord(
                organisation_id=min(desk.people.member.memberships),
                person="B",
                number="1",
                source="S",
                recorded_by_id=desk.people.editor.id,
                recorded_at=desk.now,
            )
        )
        work.commit()
    reference = desk.held("sports", **COURT)
    assert desk.edition(reference).examined_at is None

    desk.decide(reference, **NOTHING)

    assert desk.state(reference) == "awaiting_second"
    assert "legal" in desk.edition(reference).flags


def test_a_second_editor_confirms_and_it_is_public_in_the_same_moment(desk):
    reference = first_yes(desk)

    live_from = endorse(desk, reference)

    assert live_from == desk.now
    assert (desk.state(reference), desk.is_public(reference, desk.now)) == ("approved", True)
    assert desk.facts(reference)[-2:] == ["confirmed", "went_live"]
    (row,) = desk.told("confirmed")
    assert row.not_before == desk.now + timedelta(minutes=10)
    assert mailed(desk, "confirmed") == {desk.people.member.email}


def test_the_first_editors_time_counts(desk):
    reference = first_yes(desk, publish_at="2026-03-26T07:00", publish_timezone="Asia/Singapore")
    desk.now += timedelta(hours=1)

    endorse(desk, reference)

    assert desk.release(reference).live_from.isoformat() == "2026-03-25T23:00:00+00:00"
    assert not desk.is_public(reference, desk.now + timedelta(days=1))


def test_both_editors_words_reach_the_sender(desk):
    reference = first_yes(desk, message="A fine text.")
    endorse(desk, reference, message="I agree.")

    with desk.portal.database.reading() as session:
        from portal.storage.queries import releases

        decision = releases.decision_that_stands(session, desk.edition(reference))
        assert (decision.message, decision.decided_by_id) == (
            "A fine text.\n\nI agree.",
            desk.people.other_editor.id,
        )


def test_a_second_editor_who_does_not_confirm_sends_it_back_and_tells_the_first(desk):
    reference = first_yes(desk)
    promise = desk.edition(reference).promise_at

    endorse(desk, reference, "dissent", message="Who paid for the study?")

    edition = desk.edition(reference)
    assert (edition.state, edition.promise_at, edition.due_at) == ("submitted", promise, promise)
    assert mailed(desk, "dissented") == {desk.people.editor.email}
    with desk.portal.database.reading() as session:
        assert session.query(Endorsement).one().ended_at == desk.now
    desk.claim(reference, by=desk.people.other_editor)


def test_not_confirming_needs_words(desk):
    reference = first_yes(desk)

    with pytest.raises(Invalid) as refused:
        endorse(desk, reference, "dissent", message="  ")

    assert [issue.field for issue in refused.value.issues] == ["message"]
    assert desk.state(reference) == "awaiting_second"


def test_an_answer_has_to_be_one(desk):
    reference = first_yes(desk)

    with pytest.raises(Invalid):
        endorse(desk, reference, "perhaps")


def test_only_another_editor_of_another_house_answers(desk):
    reference = first_yes(desk)
    before = desk.rows()

    for who, refusal in (
        ("editor", Conflict),
        ("insider", Conflict),
        ("member", NotFound),
        ("stranger", NotFound),
        ("admin", NotFound),
    ):
        with pytest.raises(refusal):
            endorse(desk, reference, by=getattr(desk.people, who))
    assert desk.rows() == before


def test_whoever_edited_the_text_is_no_second_editor(desk):
    reference = first_yes(desk)
    with desk.portal.work() as work:
        statement = update(Edition).values(edited_by_id=desk.people.other_editor.id)
        work.session.execute(statement.where(Edition.id == desk.edition(reference).id))
        work.commit()

    with pytest.raises(Conflict, match="You edited this text"):
        endorse(desk, reference)
    endorse(desk, reference, by=desk.people.senior)
    assert desk.state(reference) == "approved"


def test_a_text_that_is_not_the_one_that_was_read_is_not_confirmed(desk):
    reference = first_yes(desk)

    with pytest.raises(Conflict, match="text changed"):
        endorse(desk, reference, revision_hash="0" * 64)
    assert desk.state(reference) == "awaiting_second"


def test_of_two_who_answer_at_once_one_wins(desk):
    reference = first_yes(desk)
    version = desk.version(reference)

    answers = at_once(
        [
            lambda: endorse(desk, reference, version=version),
            lambda: endorse(
                desk, reference, "dissent", by=desk.people.senior, message="No.", version=version
            ),
        ]
    )

    assert sum(isinstance(answer, Conflict) for answer in answers) == 1


def test_a_newsroom_of_one_takes_its_yes_back_and_records_the_call(desk):
    reference = first_yes(desk)
    desk.take(undoing.undo, reference, desk.people.editor)
    assert (desk.state(reference), desk.edition(reference).holder_id) == ("in_review", desk.people.editor.id)

    desk.decide(reference, **{**NOTHING, **CALL})

    assert desk.is_public(reference, desk.now)
    assert desk.facts(reference)[-4:] == ["first_yes", "decision_undone", "approved", "went_live"]


def test_a_first_yes_is_not_taken_back_once_somebody_answered(desk):
    reference = first_yes(desk)
    endorse(desk, reference)

    with pytest.raises(Conflict):
        desk.take(undoing.undo, reference, desk.people.editor)
    desk.take(undoing.undo, reference, desk.people.other_editor)
    assert desk.edition(reference).holder_id == desk.people.other_editor.id
    assert not desk.is_public(reference, desk.now)


def test_the_mail_about_a_first_yes_that_was_answered_is_not_sent(desk):
    from portal.actions.mailing import delivering
    from portal.storage.queries import mailing

    reference = first_yes(desk)
    (row,) = desk.told("first_yes")
    deliveries = notifying.relay(desk.portal, row.id, now=desk.now)
    endorse(desk, reference)

    with desk.portal.database.reading() as session:
        reasons = {
            delivering.reason_to_drop(session, mailing.occasion(session, each), now=desk.now)
            for each in deliveries
        }
    assert reasons == {"it is no longer waiting for a decision"}


def test_the_sender_may_withdraw_while_it_waits_and_the_first_yes_ends(desk):
    reference = first_yes(desk)
    desk.take(sending.withdraw, reference, desk.people.member)

    with desk.portal.database.reading() as session:
        assert session.query(Endorsement).one().ended_at == desk.now


def test_flags_are_added_without_a_word_and_taken_off_with_a_note(desk):
    reference = desk.held("sports")
    desk.examine(reference)
    stood, version = desk.edition(reference).flags, desk.version(reference)

    set_flags(desk, reference, *stood, "legal")
    assert set(desk.edition(reference).flags) == {*stood, "legal"}
    assert desk.version(reference) == version + 1
    with pytest.raises(Invalid) as refused:
        set_flags(desk, reference, *stood)
    assert [issue.field for issue in refused.value.issues] == ["note"]
    set_flags(desk, reference, *stood, note="It is about a football pitch.")

    assert desk.edition(reference).flags == stood
    assert desk.facts(reference)[-2:] == ["flags_changed", "flags_changed"]


def test_a_flag_that_is_not_on_the_list_is_refused(desk):
    reference = desk.held("sports")

    with pytest.raises(Invalid):
        set_flags(desk, reference, "boring", note="So dull.")


def test_flags_are_changed_before_the_checks_have_run_and_stay_so(desk):
    reference = desk.held("sports")
    set_flags(desk, reference, "health", note="The sender is known.")

    assert desk.examine(reference) is False
    assert desk.edition(reference).flags == ["health"]


def test_who_may_change_flags(desk):
    reference = desk.held("sports")

    set_flags(desk, reference, "legal", note="Known.", by=desk.people.other_editor)
    for who, refusal in (("insider", Conflict), ("member", NotFound), ("admin", NotFound)):
        with pytest.raises(refusal):
            set_flags(desk, reference, "health", note="Known.", by=getattr(desk.people, who))


def test_flags_of_a_decided_release_stay(desk):
    reference = desk.decided("reject", "sports")

    with pytest.raises(Conflict):
        set_flags(desk, reference, "health")


def found_on(desk, reference):
    return desk.edition(reference).flags


def reworded(desk, reference, **fields):
    """By the editor who holds it, and looked at by the checks."""
    desk.take(editing_text.edit, reference, desk.people.editor, posted=fields, material=False)
    desk.examine(reference)


def sent_again(desk, reference, page, **fields):
    """By its sender, after changes were asked; held and looked at."""
    desk.decide(reference, "request_changes")
    desk.save(reference, page, fields)
    desk.send(reference)
    desk.claim(reference)
    desk.examine(reference)


def test_what_editors_say_of_flags_stands_when_the_checks_look_again(desk):
    reference = desk.held("sports", **COURT)
    desk.examine(reference)
    assert found_on(desk, reference) == ["first_release", "legal"]
    set_flags(desk, reference, "first_release", "political", note="The court is a tennis court.")

    reworded(desk, reference, headline="High Court hears a lawsuit about the rovers’ pitch")
    assert found_on(desk, reference) == ["first_release", "political"]

    sent_again(desk, reference, "news", summary="The court case about the pitch goes on this week in Ipoh.")
    assert found_on(desk, reference) == ["first_release", "political"]


def test_the_checks_add_a_flag_that_is_new_in_a_changed_text(sqlite_desk):
    desk = sqlite_desk
    reference = desk.held("sports")
    desk.examine(reference)
    set_flags(desk, reference, note="We know them.")

    desk.take(editing_text.edit, reference, desk.people.editor, posted=COURT, material=False)
    with acting(desk.portal, desk.people.editor, reference, now=desk.now) as act:
        assert second_pair.missing(act) == ("check",)
    desk.examine(reference)

    assert found_on(desk, reference) == ["legal"]


def test_only_the_sender_takes_a_flag_out_by_changing_the_text(sqlite_desk):
    desk = sqlite_desk
    reference = desk.held("sports", **COURT)
    desk.examine(reference)
    harmless = {"headline": "The rovers train on a new pitch"}

    reworded(desk, reference, **harmless)
    assert found_on(desk, reference) == ["first_release", "legal"]

    sent_again(desk, reference, "news", **COURT)
    sent_again(desk, reference, "news", **harmless)
    assert found_on(desk, reference) == ["first_release"]
