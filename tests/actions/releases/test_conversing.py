"""Both sides write to each other, the other side is told, and notes are no part of it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from portal.actions.moderating import reading
from portal.actions.releases import conversing
from portal.actions.submitting import sending
from portal.rules.facts import FACTS
from portal.rules.refusals import Conflict, Invalid, NotFound
from portal.storage.tables import Message

PROJECT = Path(__file__).parents[3]


def test_what_both_sides_write_is_kept_in_order_and_mailed(desk):
    reference = desk.sent()

    conversing.write_to_desk(
        desk.portal, desk.people.member, reference, message="Is it read today?", now=desk.now
    )
    conversing.write_to_sender(
        desk.portal, desk.people.editor, reference, message="  By noon. ", now=desk.now
    )

    with desk.portal.database.reading() as session:
        written = [(row.side, row.body) for row in session.query(Message).order_by(Message.id)]
    assert written == [("sender", "Is it read today?"), ("desk", "By noon.")]
    assert desk.facts(reference)[-2:] == ["message_sent", "message_answered"]
    assert len(desk.told("message_sent")) == len(desk.told("message_answered")) == 1


def test_a_message_moves_neither_version_nor_state(desk):
    reference = desk.sent()
    version = desk.version(reference)

    conversing.write_to_desk(desk.portal, desk.people.owner, reference, message="Hello", now=desk.now)

    assert (desk.version(reference), desk.state(reference)) == (version, "submitted")


def test_who_only_wrote_is_not_named_as_the_one_who_changed_it(sqlite_desk):
    desk = sqlite_desk
    reference = desk.sent()
    version = desk.version(reference)
    desk.claim(reference)
    conversing.write_to_sender(
        desk.portal, desk.people.other_editor, reference, message="Soon.", now=desk.now
    )

    with pytest.raises(Conflict, match="changed after you opened") as refused:
        desk.take(sending.withdraw, reference, desk.people.member, version=version)
    assert (refused.value.winner.name, refused.value.winner.fact) == (desk.people.editor.name, "claimed")
    assert FACTS["message_answered"].told_of("Priya Raman") == "Priya Raman wrote to the sender."


def test_an_answer_of_the_holder_renews_the_claim(desk):
    reference = desk.held()
    desk.now += timedelta(minutes=15)

    conversing.write_to_sender(desk.portal, desk.people.editor, reference, message="Soon.", now=desk.now)

    assert desk.edition(reference).claim_expires_at == desk.now + timedelta(minutes=20)


def test_an_empty_or_endless_message_and_a_wrong_side_change_nothing(desk):
    reference = desk.sent()
    before = desk.rows()
    cases = (
        (conversing.write_to_desk, desk.people.member, "  ", Invalid),
        (conversing.write_to_desk, desk.people.member, "x" * 5_001, Invalid),
        (conversing.write_to_desk, desk.people.stranger, "Hello", NotFound),
        (conversing.write_to_desk, desk.people.editor, "Hello", NotFound),
        (conversing.write_to_sender, desk.people.member, "Hello", NotFound),
        (conversing.write_to_sender, desk.people.admin, "Hello", NotFound),
        (conversing.write_to_sender, desk.people.insider, "Hello", Conflict),
    )
    for write, actor, message, refusal in cases:
        with pytest.raises(refusal):
            write(desk.portal, actor, reference, message=message, now=desk.now)

    assert desk.rows() == before


def test_a_note_tells_nobody(desk):
    reference = desk.sent()
    told = desk.rows()["outbox"]

    reading.add_note(
        desk.portal, desk.people.editor, reference, note="The phone rings unheard.", now=desk.now
    )

    assert desk.rows()["outbox"] == told
    assert desk.facts(reference)[-1] == "submitted"


def test_no_mail_template_asks_for_notes():
    # The daily e-mail has notes of its own: its corrections, written for readers. It knows no internal ones.
    folder = PROJECT / "templates" / "email"
    files = [file for file in folder.rglob("*.*") if file.parent.name != "daily"]

    found = [str(file) for file in files if re.search(r"{[{%][^}]*\bnotes?\b", file.read_text("utf-8"))]

    assert len(files) > 30
    assert found == []


def test_what_the_desk_never_had_is_nobodys_there(desk) -> None:
    """Neither side writes about it, and no step of the newsroom reaches it."""
    reference = desk.draft()
    cast, now = desk.people, desk.now

    with pytest.raises(Conflict, match="Send it first"):
        conversing.write_to_desk(desk.portal, cast.member, reference, message="Hello", now=now)
    for person in (cast.editor, cast.senior):
        with pytest.raises(NotFound):
            conversing.write_to_sender(desk.portal, person, reference, message="Hello", now=now)
        with pytest.raises(NotFound):
            desk.claim(reference, by=person)
    assert "message_answered" not in desk.facts(reference)


def test_what_was_taken_back_is_still_known_there(desk) -> None:
    reference = desk.sent()
    desk.take(sending.recall, reference, desk.people.member)

    conversing.write_to_desk(desk.portal, desk.people.member, reference, message="A moment.", now=desk.now)
    conversing.write_to_sender(desk.portal, desk.people.editor, reference, message="Fine.", now=desk.now)

    assert desk.facts(reference)[-2:] == ["message_sent", "message_answered"]
