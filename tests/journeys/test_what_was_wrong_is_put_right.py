"""Corrections, an editor's wording, an appeal and changes that never come, by the pages and the mails of both sides."""

from __future__ import annotations

import json

import pytest

from tests.rigs import sending
from tests.rigs.plain_browser import PlainBrowser
from tests.rigs.running_portal import RunningPortal

SENDER, EDITOR = "dewi@selatbiru.example", "an.phan@post.example"
RECORDS = {
    "identity_person": "Dewi",
    "identity_number": "+62 21 555 0100",
    "identity_source": "Their website",
    "check_note": "Read their register entry.",
    "consent_note": "Seen.",
}
WHAT = "The release gave 120 jobs. It is 12."
WRONG = {"correction_kind": "material", "what": WHAT, "why": "A slip of ours."}
HEADLINE = "Selat Biru Ferries adds twelve jobs at its Batam quay"


def approve(editor: PlainBrowser) -> None:
    form = editor.page.form("/decide", button="Record the")
    sending.approve(editor, **{name: text for name, text in RECORDS.items() if name in form.names})


@pytest.fixture
def public(site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser) -> str:
    """The reference of a release that is public, its mails sent."""
    reference = sending.sent(sender)
    sending.claim(editor, reference)
    approve(editor)
    site.move(minutes=11)
    site.tick()
    return reference


def item(visitor: PlainBrowser, reference: str) -> dict[str, str]:
    _, _, body = visitor.raw("/feeds/all.json")
    return next(each for each in json.loads(body)["items"] if reference in each["url"])


def test_a_member_corrects_what_is_public_and_everybody_sees_when_and_what(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser, public: str
) -> None:
    before = item(site.visitor(), public)
    sending.status(sender, public)
    sender.fill("/correct", WRONG)
    assert sender.page.url.endswith(f"/desk/releases/{public}/edit/news")
    assert public in site.letter("duty@post.example", "begins a correction").subject
    sender.fill("/edit/news", {"headline": HEADLINE}, button="Save and go on to")
    sender.open(f"/desk/releases/{public}/edit/contact")
    assert "timing" not in sender.page.form("/edit/contact").names
    sender.open(f"/desk/releases/{public}/edit/check")
    assert "Nothing stops the correction from being sent." in sender.page.text
    sending.press_send(sender)
    assert "We have your correction" in sender.page.text
    assert "correction of" in site.letter(SENDER, "received").subject
    assert item(site.visitor(), public) == before
    assert "Correction: waiting" in sending.status(sender, public).text
    site.move(hours=1)
    sending.claim(editor, public)
    assert WHAT in editor.page.text
    assert "publish_at" not in editor.page.form("/decide", button="Record the").names
    assert editor.page.form("/decide", button="Do not publish the correction")
    approve(editor)
    assert "Correction approved and published" in editor.page.text

    after = item(site.visitor(), public)
    page = site.visitor().open(after["url"])
    assert (after["id"], after["url"], after["date_published"]) == (
        before["id"],
        before["url"],
        before["date_published"],
    )
    assert (after["title"], after["date_modified"] > before["date_modified"]) == (HEADLINE, True)
    assert WHAT in page.text
    assert "<strong>Correction, 24 Mar 2026" in after["content_html"]
    assert "Correction, 24 Mar 2026" in page.text
    assert "Corrected" in site.visitor().open("/").text
    site.move(minutes=11)
    assert WHAT in site.letter(SENDER, "corrected").text
    versions = sending.status(sender, public)
    assert versions.text.count("Public now") == 1
    assert HEADLINE not in sender.open(f"/desk/releases/{public}/versions/1").text


def test_an_editor_corrects_at_once_and_a_refused_form_keeps_its_words(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser, public: str
) -> None:
    sending.status(sender, public)
    sender.fill("/correct", WRONG)
    sending.review(editor, public)
    assert "is writing a correction" in editor.page.text
    editor.fill("/correct", {"correction_kind": "format", "what": "A comma.", "why": ""})
    assert editor.page.status == 422
    assert editor.page.form("/correct").value("what") == "A comma."
    editor.fill("/correct", {"why": "It was missing."})
    assert editor.went == [(303, f"/newsroom/releases/{public}")]
    assert editor.page.main["data-state"] == "in_review"
    site.tick()
    assert public in site.letter(SENDER, "correction closed").subject
    assert public in site.letter(SENDER, "corrects your release").subject
    approve(editor)
    assert "A comma." not in site.visitor().open(f"/releases/{public}").text


def test_a_second_correction_is_refused_with_every_word_kept(sender: PlainBrowser, public: str) -> None:
    sending.status(sender, public)
    form = sender.page.form("/correct")
    sender.fill("/correct", WRONG)
    sender.send(form.fill({**WRONG, "what": "Another slip."}))

    assert sender.page.status == 409
    assert "Another slip." in sender.page.html
    assert "You, in another tab, saved a change" in sender.page.alert


def test_a_material_edit_is_shown_word_by_word_and_waits_for_the_sender(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser, other_editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    sending.claim(editor, reference)
    editor.follow("Edit the text")
    editor.fill("/edit", {"headline": HEADLINE, "material": "y"})
    assert editor.page.main["data-state"] == "awaiting_signoff"
    letter = site.letter(SENDER, "sign-off")
    assert "{+" in letter.text
    page = sending.status(sender, reference)
    assert "<ins>" in page.html
    sender.fill("/signoff", {"message": "So it is."}, button="I agree")
    assert sender.page.main["data-state"] == "submitted"
    assert "So it is." in site.letter(EDITOR, "agreed by the sender").text
    sending.review(other_editor, reference)
    assert "kept for An Phan" in other_editor.page.text
    assert "kept for An Phan" in other_editor.open("/newsroom").text
    sending.claim(editor, reference)
    approve(editor)
    if editor.page.url.endswith(reference):  # a first yes: the one who edited cannot be the second
        assert "second" in editor.page.text


def test_an_objection_brings_the_senders_own_text_back(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    sending.claim(editor, reference)
    editor.open(f"/newsroom/releases/{reference}/edit")
    editor.fill("/edit", {"headline": HEADLINE, "material": "y"})
    sending.status(sender, reference)
    sender.fill("/signoff", {"message": "Not twelve."}, button="I object")

    assert HEADLINE not in sending.review(editor, reference).title
    assert HEADLINE in editor.open(f"/newsroom/releases/{reference}/versions/2").text
    assert "Not twelve." in site.letter(EDITOR, "objects").text


def test_silence_for_two_days_counts_as_agreed(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    sending.claim(editor, reference)
    editor.open(f"/newsroom/releases/{reference}/edit")
    editor.fill("/edit", {"headline": HEADLINE, "material": "y"})
    site.move(days=2)
    assert reference in site.letter(SENDER, "taken as agreed").subject
    assert reference in site.letter(EDITOR, "so agreed").subject
    site.log_in(editor, EDITOR)
    assert sending.review(editor, reference).main["data-state"] == "submitted"
    assert HEADLINE in editor.page.title


def test_a_no_is_appealed_once_and_read_by_another_editor(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser, other_editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    sending.claim(editor, reference)
    sending.reject(editor, "WEAK_LEAD", "There is no news in it.")
    sending.status(sender, reference)
    sender.fill("/appeal")
    assert sender.page.status == 422
    sender.fill("/appeal", {"message": "The quay opens in April."})
    assert sender.page.main["data-state"] == "submitted"
    assert reference in site.letter(SENDER, "we have your appeal").subject
    assert "The quay opens in April." in site.letter("malee@post.example", "appeal").text
    assert "Another editor" in sending.review(editor, reference).text
    sending.claim(other_editor, reference)
    sending.reject(other_editor, "WEAK_LEAD", "Still none.")
    assert "The answer is final" in sending.status(sender, reference).text


def test_changes_that_never_come_are_reminded_of_and_lapse(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    sending.claim(editor, reference)
    sending.ask_for_changes(editor, "WEAK_LEAD", "Say what is new.")
    site.move(days=8)
    first = site.letter(SENDER, "first reminder")
    site.move(days=5)
    second = site.letter(SENDER, "last reminder")
    site.move(days=3)
    assert reference in site.letter(SENDER, "lapsed").subject
    assert first.subject != second.subject
    site.log_in(sender, SENDER)
    page = sending.status(sender, reference)
    assert page.main["data-state"] == "expired"
    sender.fill("/clone")
    assert sender.page.url.endswith("/edit/news")
