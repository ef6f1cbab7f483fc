"""What a sender may do after sending, and what the desk answers: each step is seen on both sides and mailed."""

from __future__ import annotations

from datetime import datetime

from tests.rigs import sending
from tests.rigs.plain_browser import PlainBrowser
from tests.rigs.running_portal import RunningPortal

SENDER, EDITOR = "dewi@selatbiru.example", "an.phan@post.example"


def test_a_release_is_taken_back_mended_and_sent_again(site: RunningPortal, sender: PlainBrowser) -> None:
    reference = sending.sent(sender)
    sending.status(sender, reference)
    sender.fill("/recall")
    assert sender.page.main["data-state"] == "draft"
    site.letter(SENDER, reference)
    sender.open(f"/desk/releases/{reference}/edit/news")
    sender.fill("/edit/news", {"city": "Sumenep"}, button="go on to")
    sender.open(f"/desk/releases/{reference}/edit/check")
    sending.press_send(sender)
    assert sender.page.url.endswith("/receipt")
    assert sending.status(sender, reference).facts[:3] == ["submitted", "recalled", "submitted"]


def test_an_editor_is_asked_to_give_it_back_and_does(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    sending.claim(editor, reference)
    sending.status(sender, reference)
    sender.fill("/ask-back")
    assert sender.page.main["data-state"] == "in_review"
    assert reference in site.letter(EDITOR, "back").subject
    sending.review(editor, reference)
    editor.fill("/hand-back")
    page = sending.status(sender, reference)
    assert page.main["data-state"] == "draft"
    assert [fact for fact in page.facts if fact != "examined"][:3] == ["handed_back", "asked_back", "claimed"]
    assert reference in site.letter(SENDER, reference).subject


def test_a_withdrawn_release_stays_on_the_desk_and_the_editors_are_told(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    site.tick()
    sending.status(sender, reference)
    sender.fill("/withdraw", {"message": "The date moved."})
    assert sender.page.main["data-state"] == "withdrawn"
    assert site.letter(SENDER, "withdr") != site.letter("duty@post.example", "withdr")
    assert reference in sender.open("/desk").text
    assert reference not in editor.open("/newsroom").text


def test_a_new_release_starts_from_an_old_text(sender: PlainBrowser) -> None:
    reference = sending.sent(sender)
    sending.status(sender, reference)
    sender.fill("/withdraw")
    sender.fill("/clone")
    assert sender.page.url.endswith("/edit/news")
    fresh = sender.page.url.split("/")[-3]
    assert fresh != reference
    assert sender.page.form("/edit/news").value("headline").startswith("Selat Biru Ferries starts")


def test_messages_go_both_ways_by_page_and_by_mail(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    sending.status(sender, reference)
    sender.fill("/message", {"message": "May the picture follow tomorrow?"})
    assert "May the picture follow" in sender.page.text
    asked = site.letter("duty@post.example", reference)
    assert "May the picture follow tomorrow?" in asked.text
    assert "May the picture follow" in sending.review(editor, reference).text
    editor.fill("/message", {"message": "Yes, by noon."})
    assert "Yes, by noon." in sending.status(sender, reference).text
    answered = site.letter(SENDER, reference)
    assert "Yes, by noon." in answered.text
    assert answered.subject != asked.subject


def test_a_note_of_the_newsroom_reaches_no_sender(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    sending.review(editor, reference)
    editor.fill("/note", {"note": "Canary: called the harbour office."})
    assert "Canary" in editor.page.text
    sending.claim(editor, reference)
    sending.reject(editor, "ADVERT", "This is an advertisement.")
    site.tick()
    assert "Canary" not in sending.status(sender, reference).html
    assert [letter.subject for letter in site.letters() if "Canary" in letter.text + letter.html] == []


def test_a_rejection_names_its_reason_and_helps(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    review = sending.claim(editor, reference)
    assert review.form("/decide", button="Do not publish").value("reasons") == ""
    refused = editor.fill("/decide", button="Do not publish")
    assert {field for field, _ in refused.issues} == {"reasons", "message"}
    assert "Choose at least one reason." in refused.alert
    sending.reject(editor, "ADVERT", "We print news, and this is an offer.")
    page = sending.status(sender, reference)
    assert page.main["data-state"] == "rejected"
    assert "We print news, and this is an offer." in page.text
    letter = site.letter(SENDER, reference)
    assert "We print news, and this is an offer." in letter.text
    assert sender.follow("About ADVERT").status == 200
    assert site.visitor().open(f"/releases/{reference}").status == 404


def test_a_set_time_is_kept_to_the_minute(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    sending.published(sender, editor, "community")  # a first release asks for more than a yes
    wish = {"timing": "schedule", "release_at": "2026-03-25T07:00", "release_timezone": "Asia/Jakarta"}
    reference = sending.draft(sender, **wish)
    assert "On a yes it goes public 25 Mar 2026, 07:00 GMT+7" in sender.page.text
    sending.press_send(sender)
    sending.claim(editor, reference)
    assert "it goes public 25 Mar 2026, 08:00 GMT+8 by your yes alone" in editor.page.text
    assert "It goes public 25 Mar 2026, 08:00 GMT+8" in sending.approve(editor).text
    assert "25 Mar 2026, 07:00 GMT+7" in sending.status(sender, reference).text  # by the clock of its place
    site.set_time(datetime.fromisoformat("2026-03-25T07:59:59+08:00"))
    site.tick()
    assert site.visitor().open(f"/releases/{reference}").status == 404
    assert reference not in site.visitor().open("/feeds/all.atom").html
    site.set_time(datetime.fromisoformat("2026-03-25T08:00:00+08:00"))
    assert site.visitor().open(f"/releases/{reference}").status == 200
    assert reference in site.visitor().open("/feeds/all.atom").html
    assert reference in site.letter(SENDER, "public").subject
    site.log_in(sender, SENDER)
    assert sending.status(sender, reference).facts[0] == "went_live"


def test_nobody_waits_unseen_when_the_promise_is_broken(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    site.tick()
    for _ in range(30):
        site.move(minutes=15)
        site.tick()
    late = [letter for letter in site.letters(SENDER) if reference in letter.subject]
    assert len(late) == 2  # the receipt, and one honest notice of delay
    assert len([each for each in site.letters("duty@post.example") if reference in each.subject]) >= 2
    assert len([each for each in site.letters(EDITOR) if reference in each.subject]) >= 2
    assert "promise_missed" in sending.status(sender, reference).facts


def test_a_claim_runs_out_and_another_editor_goes_on(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser, other_editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    sending.claim(editor, reference)
    assert "is reading it until" in sending.review(other_editor, reference).text
    site.move(minutes=21)
    site.tick()
    sending.claim(other_editor, reference)
    assert "Approved" in sending.approve(other_editor).text
    assert sending.status(sender, reference).main["data-publication"] == "live"


def test_every_subject_tells_its_step(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    sending.status(sender, reference)
    sender.fill("/recall")
    sent_again(site, sender, reference)
    sending.claim(editor, reference)
    sending.status(sender, reference)
    sender.fill("/ask-back")
    sending.review(editor, reference)
    editor.fill("/hand-back")
    sent_again(site, sender, reference)
    sending.claim(editor, reference)
    sending.ask_for_changes(editor, "HYPE", "Cut the praise.")
    sent_again(site, sender, reference)
    sending.review(editor, reference)
    editor.fill("/message", {"message": "Thank you."})
    sending.claim(editor, reference)
    sending.approve(editor)
    site.tick()
    subjects = [letter.subject for letter in site.letters(SENDER) if "Confirm" not in letter.subject]
    assert [subject for subject in subjects if reference not in subject] == []
    told = [subject.split(":")[0] for subject in subjects]
    assert {words: told.count(words) for words in told} == {
        "Received": 4,  # it was sent four times
        "Taken back to edit": 1,
        "Given back to edit": 1,
        "Changes asked": 1,
        "The desk wrote to you": 1,
        "Approved": 1,
    }


def sent_again(site: RunningPortal, sender: PlainBrowser, reference: str) -> None:
    """As it stands; what was to be mailed about the step before has left."""
    site.tick()
    sender.open(f"/desk/releases/{reference}/edit/check")
    sending.press_send(sender)
    assert sender.page.url.endswith("/receipt")
    site.tick()
