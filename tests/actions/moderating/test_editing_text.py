"""An editor's wording is a revision of its own; a material one waits for the sender, and silence is agreement."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.actions.moderating import editing_text, reading, reservations
from portal.actions.submitting import sending, signing_off
from portal.rules.refusals import Conflict, Invalid, NotFound
from portal.storage.queries import releases
from tests.rigs.desk import Desk

NEW = {"headline": "Selat Biru Ferries opens a second Batam route"}
OLD = "Said by the sender"


def edited(desk: Desk, *, material: bool = False, posted: dict[str, str] | None = None) -> str:
    reference = desk.held("business")
    edit(desk, reference, material=material, posted=posted)
    return reference


def edit(desk: Desk, reference: str, *, material: bool = False, posted=None, by=None, **more) -> None:
    desk.take(
        editing_text.edit,
        reference,
        by or desk.people.editor,
        posted=posted or NEW,
        material=material,
        **more,
    )


def answer(desk: Desk, reference: str, word: str, **more) -> None:
    by = more.pop("by", desk.people.member)
    desk.take(signing_off.answer, reference, by, answer=word, **more)


def versions(desk: Desk, reference: str) -> list[tuple[int, str]]:
    with desk.portal.database.reading() as session:
        return [(each.number, each.headline) for each in releases.revisions(session, desk.release(reference))]


def test_an_edit_is_a_new_revision_and_the_sender_s_stays_as_it_was(desk):
    reference = desk.held("business")
    before = desk.edition(reference).revision

    edit(desk, reference)

    edition = desk.edition(reference)
    assert [number for number, _ in versions(desk, reference)] == [2, 1]
    assert versions(desk, reference)[1][1] == before.headline
    assert (edition.state, edition.holder_id) == ("in_review", desk.people.editor.id)
    assert (
        edition.revision.headline
        == edition.draft["values"]["headline"]
        == edition.headline
        == NEW["headline"]
    )
    assert edition.revision.hash != before.hash
    assert (edition.edited_by_id, edition.edited_materially) == (desk.people.editor.id, False)
    assert edition.sender_revision_id == before.id
    assert desk.facts(reference)[-1] == "text_edited"
    assert desk.told("text_edited") == []


def test_a_decision_on_the_text_before_the_edit_loses(sqlite_desk):
    reference = sqlite_desk.held("business")
    verdict = sqlite_desk.verdict(reference, "reject")
    edit(sqlite_desk, reference)

    with pytest.raises(Conflict):
        reading.decide(
            sqlite_desk.portal,
            sqlite_desk.people.editor,
            reference,
            verdict,
            version=sqlite_desk.version(reference),
            now=sqlite_desk.now,
        )


def test_only_the_holder_edits_and_only_what_is_held(sqlite_desk):
    reference = sqlite_desk.held("business")
    waiting = sqlite_desk.sent("business")

    for who, refusal in ((sqlite_desk.people.other_editor, Conflict), (sqlite_desk.people.member, NotFound)):
        with pytest.raises(refusal):
            edit(sqlite_desk, reference, by=who)
    with pytest.raises(Conflict):
        edit(sqlite_desk, waiting)
    with pytest.raises(Conflict):
        edit(sqlite_desk, reference, version=1)


def test_an_edit_that_changes_nothing_is_no_version(sqlite_desk):
    reference = sqlite_desk.held("business")
    before = sqlite_desk.rows()

    with pytest.raises(Invalid):
        edit(
            sqlite_desk,
            reference,
            posted={"headline": sqlite_desk.values(reference)["headline"], "ticker": ""},
        )

    assert sqlite_desk.rows() == before


def test_an_editor_may_not_put_in_what_would_stop_a_sender(sqlite_desk):
    reference = sqlite_desk.held("business")

    with pytest.raises(Invalid) as refused:
        edit(sqlite_desk, reference, posted={"headline": "", "effective_date": "soon"})

    assert {issue.field for issue in refused.value.issues} == {"headline", "effective_date"}
    assert [number for number, _ in versions(sqlite_desk, reference)] == [1]


def test_the_sender_s_wish_and_declarations_are_not_the_editor_s_to_write(sqlite_desk):
    reference = sqlite_desk.held("business", timing="embargo", release_at="2026-09-01T10:00")
    wish = sqlite_desk.edition(reference).wish_at

    edit(sqlite_desk, reference, posted={**NEW, "timing": "immediate", "declare_facts": ""})

    assert sqlite_desk.values(reference)["timing"] == "embargo"
    assert sqlite_desk.values(reference)["declare_facts"] == "y"
    assert sqlite_desk.edition(reference).wish_at == wish is not None


def test_a_material_edit_waits_two_days_for_the_sender(desk):
    reference = edited(desk, material=True)

    edition = desk.edition(reference)
    assert (edition.state, edition.holder_id) == ("awaiting_signoff", None)
    assert edition.signoff_due_at == desk.now + timedelta(days=2)
    assert edition.ladder_next_at is None
    assert desk.facts(reference)[-1] == "signoff_asked"
    assert len(desk.told("signoff_asked")) == 1


def test_agreeing_puts_it_in_the_queue_kept_for_its_editor_for_one_claim(desk):
    reference = edited(desk, material=True)
    desk.now += timedelta(hours=30)

    answer(desk, reference, "accept", message="Fine.")

    edition = desk.edition(reference)
    assert (edition.state, edition.revision.headline) == ("submitted", NEW["headline"])
    assert (edition.kept_for_id, edition.kept_until) == (
        desk.people.editor.id,
        desk.now + timedelta(minutes=20),
    )
    assert edition.promise_at == desk.now + timedelta(hours=4)
    with pytest.raises(Conflict, match="kept for"):
        desk.claim(reference, by=desk.people.other_editor)
    desk.claim(reference)
    assert desk.edition(reference).edited_materially


def test_after_the_time_anybody_takes_it(sqlite_desk):
    reference = edited(sqlite_desk, material=True)
    answer(sqlite_desk, reference, "accept")
    sqlite_desk.now += timedelta(minutes=20)

    sqlite_desk.claim(reference, by=sqlite_desk.people.other_editor)

    assert sqlite_desk.edition(reference).kept_for_id is None


def test_objecting_makes_the_sender_s_own_text_current_and_keeps_the_editor_s_readable(desk):
    reference = desk.sent("business")
    desk.examine(reference)
    desk.claim(reference)
    own = desk.edition(reference).revision
    edit(desk, reference, material=True)

    answer(desk, reference, "object", message="That is not so.")

    edition = desk.edition(reference)
    assert (edition.state, edition.revision_id, edition.headline) == ("submitted", own.id, own.headline)
    assert edition.draft == own.content
    assert edition.examined_at is not None
    assert [number for number, _ in versions(desk, reference)] == [2, 1]
    assert edition.kept_for_id == desk.people.editor.id
    assert (edition.edited_by_id, edition.edited_materially) == (None, False)
    assert desk.told("objected")[0].user_id == desk.people.editor.id


def test_two_days_of_silence_count_as_agreed_once(desk):
    reference = edited(desk, material=True)
    assert signing_off.lapse_signoffs(desk.portal, now=desk.now + timedelta(days=2, seconds=-1)) == 0

    later = desk.now + timedelta(days=2)
    assert signing_off.lapse_signoffs(desk.portal, now=later) == 1
    assert signing_off.lapse_signoffs(desk.portal, now=later) == 0

    edition = desk.edition(reference)
    assert (edition.state, edition.revision.headline) == ("submitted", NEW["headline"])
    assert edition.promise_at == later + timedelta(hours=4)
    assert desk.facts(reference)[-1] == "signoff_lapsed"
    with pytest.raises(Conflict):
        answer(desk, reference, "object")


def test_an_answer_is_one_of_two_words_of_the_sender_s_side(sqlite_desk):
    reference = edited(sqlite_desk, material=True)

    with pytest.raises(Invalid):
        answer(sqlite_desk, reference, "perhaps")
    with pytest.raises(NotFound):
        answer(sqlite_desk, reference, "accept", by=sqlite_desk.people.stranger)
    with pytest.raises(NotFound):
        answer(sqlite_desk, reference, "accept", by=sqlite_desk.people.editor)
    assert sqlite_desk.state(reference) == "awaiting_signoff"


def test_a_sender_may_withdraw_instead_of_answering(desk):
    reference = edited(desk, material=True)

    desk.take(sending.withdraw, reference, desk.people.member)

    assert (desk.state(reference), desk.edition(reference).signoff_due_at) == ("withdrawn", None)


def test_the_checks_look_at_the_changed_text_and_tell_nobody_again(desk):
    reference = desk.sent("business")
    desk.examine(reference)
    desk.claim(reference)
    edit(desk, reference)

    assert desk.examine(reference)

    assert desk.facts(reference)[-1] == "examined_again"
    assert len(desk.told("examined")) == 1


def test_what_the_sender_sends_again_is_the_sender_s_own(sqlite_desk):
    reference = edited(sqlite_desk)
    sqlite_desk.decide(reference, "request_changes")
    sqlite_desk.save(reference, "news", {"headline": OLD + " once more about its second route"})

    sqlite_desk.send(reference)

    edition = sqlite_desk.edition(reference)
    assert (edition.edited_by_id, edition.sender_revision_id) == (None, None)
    assert edition.revision.number == 3


def test_a_reservation_is_read_without_changing_anything(sqlite_desk):
    reference = edited(sqlite_desk, material=True)
    answer(sqlite_desk, reference, "accept")
    with sqlite_desk.portal.database.reading() as session:
        case = releases.find(session, reference)
        found = [
            reservations.reservation(session, case, person, now=sqlite_desk.now, zone="Asia/Singapore")
            for person in (sqlite_desk.people.editor, sqlite_desk.people.senior)
        ]

    assert [bool(each.barred) for each in found] == [False, True]
    assert "11:40 GMT+8" in found[1].barred
