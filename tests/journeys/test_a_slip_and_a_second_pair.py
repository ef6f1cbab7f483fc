"""An editor's slip is undone before anybody was mailed; a flagged release gets its second yes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import EDITOR, SENDER
from tests.rigs import sending
from tests.rigs.plain_browser import PlainBrowser
from tests.rigs.running_portal import RunningPortal, running_portal

OTHER = "malee@post.example"
SLIP = "This message was for another release."


@pytest.fixture
def site(tmp_path: Path, sqlite_template: Path) -> Iterator[RunningPortal]:
    with running_portal(tmp_path, sqlite_template, mail_hold_minutes=10) as running:
        yield running


def subjects(site: RunningPortal, to: str) -> list[str]:
    return [letter.subject.partition(":")[0] for letter in site.letters(to)]


def test_a_slip_is_undone_on_the_item_and_nobody_was_told(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    site.tick()
    sending.claim(editor, reference)
    queue = sending.ask_for_changes(editor, "HYPE", SLIP)
    assert "Mail leaves 11:10. Undo until then." in queue.text

    site.move(minutes=9)
    site.tick()
    assert SLIP in sending.status(sender, reference).text
    assert "11:10" not in sender.page.text
    assert "Mail leaves 11:10. Undo until then." in sending.review(editor, reference).text
    editor.fill("/undo", button="Undo until 11:10")

    assert editor.went[0] == (303, f"/newsroom/releases/{reference}?done=undo")
    assert editor.page.main["data-state"] == "in_review"
    status = sending.status(sender, reference)
    assert SLIP not in status.text
    assert [fact for fact in status.facts if fact in ("decision_undone", "changes_requested")] == [
        "decision_undone",
        "changes_requested",
    ]
    site.move(hours=2)
    site.tick()
    assert "Changes asked" not in subjects(site, SENDER)


def test_what_was_public_is_gone_in_the_moment_of_the_undo(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = sending.published(sender, editor)
    reader = site.visitor()
    assert reader.open(f"/releases/{reference}").status == 200

    editor.fill("/undo")

    assert reader.open(f"/releases/{reference}").status == 404
    assert reference not in reader.open("/feeds/all.json").html
    assert (editor.page.main["data-state"], editor.page.main["data-publication"]) == ("in_review", "hidden")


def test_after_the_hold_the_mail_has_left_and_the_page_says_when(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = sending.published(sender, editor)
    late = editor.page.form("/undo")
    site.tick()
    assert "Approved" not in subjects(site, SENDER)
    site.move(minutes=10)
    site.tick()

    assert subjects(site, SENDER)[-1] == "Approved"
    refused = editor.send(late)
    assert (refused.status, refused.main["data-state"]) == (409, "approved")
    assert "the mail has left" in refused.alert
    assert "Undo until" not in refused.text
    assert f"Mailed to {SENDER}" in sending.status(sender, reference).text


def test_undo_is_refused_once_the_sender_has_acted(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    site.tick()
    sending.claim(editor, reference)
    sending.ask_for_changes(editor, "HYPE", "Say it plainly.")
    undoing = editor.page.form("/undo")
    sending.status(sender, reference)
    sender.fill("/message", {"message": "What is hype in it?"})
    site.tick()

    refused = editor.send(undoing)

    assert refused.status == 409
    assert "Dewi Anggraini wrote to the desk" in refused.alert
    assert "Changes asked" in subjects(site, SENDER)


def test_a_first_release_gets_its_second_yes(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser, other_editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    site.tick()
    held = sending.claim(editor, reference)
    assert "Approve: first yes; a second editor confirms" in held.text
    assert "First yes given" in editor.fill("/decide", button="Approve: first yes").text
    site.tick()

    assert "A second editor will confirm" in sending.status(sender, reference).text
    assert site.letter(OTHER, "second yes").to == OTHER
    assert "Second yes needed" not in subjects(site, EDITOR)
    assert "first by An Phan" in other_editor.open("/newsroom").text
    page = sending.review(other_editor, reference)
    assert page.main["data-state"] == "awaiting_second"
    assert "Needs a second yes, first by An Phan" in page.text
    assert not [form for form in sending.review(editor, reference).forms if form.action.endswith("/endorse")]

    other_editor.fill("/endorse", button="Confirm: goes public now")
    assert "Mail leaves 11:10. Undo until then." in other_editor.page.text
    assert site.visitor().open(f"/releases/{reference}").status == 200
    site.move(minutes=11)
    site.tick()
    letter = site.letter(SENDER, "approved by two editors")
    assert "An Phan and Malee Srisai approved" in letter.text


def test_a_second_editor_says_no_and_the_first_one_is_told(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser, other_editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    site.tick()
    sending.claim(editor, reference)
    editor.fill("/decide", button="Approve: first yes")
    sending.review(other_editor, reference)

    empty = other_editor.fill("/endorse", button="Do not confirm")
    assert (empty.status, "Write to the first editor why not." in empty.text) == (422, True)
    other_editor.fill("/endorse", {"message": "Who says this is theirs?"}, button="Do not confirm")
    site.tick()

    assert "Who says this is theirs?" in site.letter(EDITOR, "not confirmed").text
    status = sending.status(sender, reference)
    assert (status.main["data-state"], "Who says this is theirs?" in status.text) == ("submitted", False)
    assert "Who says this is theirs?" in sending.review(editor, reference).text


def test_flags_are_taken_off_with_a_note_and_the_button_follows(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    site.tick()
    sending.claim(editor, reference)
    assert "first release of this sender" in editor.page.text

    refused = editor.fill("/flags", {"flags": ""})
    assert (refused.status, "Say in a note why the flag does not apply." in refused.text) == (422, True)
    editor.fill("/flags", {"flags": "", "note": "I know them."})

    assert "Approve: goes public now" in editor.page.text
    assert "I know them." in editor.page.text
    assert "I know them." not in sending.status(sender, reference).text
