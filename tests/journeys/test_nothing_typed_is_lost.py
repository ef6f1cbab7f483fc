"""Double clicks, second tabs, logins that run out, stale tokens, unreadable dates: the words are always still there."""

from __future__ import annotations

from tests.rigs import sending
from tests.rigs.people import PASSWORD
from tests.rigs.plain_browser import PlainBrowser
from tests.rigs.running_portal import RunningPortal
from tests.rigs.visitor import without_tokens

SENDER, EDITOR = "dewi@selatbiru.example", "an.phan@post.example"
WORDS = "Words that took an hour to write"


def test_a_double_click_and_a_second_tab_send_once_and_say_when(
    site: RunningPortal, sender: PlainBrowser
) -> None:
    reference = sending.draft(sender)
    one_tab = sender.page.form("/submit").fill(sending.DECLARED)
    other_tab = sender.open(f"/desk/releases/{reference}/edit/check").form("/submit").fill(sending.DECLARED)
    first = sender.send(one_tab)
    assert "Already sent" not in first.text
    site.move(minutes=7)
    for again in (sender.send(one_tab), sender.send(other_tab)):
        assert "Already sent at 24 Mar 2026, 10:00 GMT+7" in again.text
    status = sending.status(sender, reference)
    assert [fact for fact in status.facts if fact == "submitted"] == ["submitted"]
    site.tick()
    assert len([letter for letter in site.letters(SENDER) if reference in letter.subject]) == 1


def test_a_reload_of_the_receipt_says_the_same(sender: PlainBrowser) -> None:
    reference = sending.sent(sender)
    receipt = without_tokens(sender.page.text)
    assert without_tokens(sender.open(f"/desk/releases/{reference}/receipt").text) == receipt


def test_words_typed_after_the_login_ran_out_come_back_after_logging_in_again(
    site: RunningPortal, sender: PlainBrowser
) -> None:
    reference = sending.start(sender, "business")
    form = sender.page.form("/edit/news").fill(headline=WORDS, city="Surabaya")
    site.move(hours=9)
    login = sender.send(form, "go on to")
    assert "/account/login" in login.url
    back = site.log_in(sender, SENDER)
    assert back.url.endswith(f"/desk/releases/{reference}/edit/news")
    assert "We kept what you typed" in back.text
    kept = back.form("/edit/news")
    assert (kept.value("headline"), kept.value("city")) == (WORDS, "Surabaya")
    sender.send(kept, "go on to")
    assert sender.open(f"/desk/releases/{reference}/edit/news").form("/edit/news").value("headline") == WORDS
    assert "We kept what you typed" not in sender.page.text


def test_whoever_logged_out_elsewhere_before_sending_comes_back_to_the_check(
    site: RunningPortal, sender: PlainBrowser
) -> None:
    reference = sending.draft(sender)
    form = sender.page.form("/submit").fill(sending.DECLARED)
    sender.open("/desk")
    sender.fill("/logout")
    lost = sender.send(form)
    assert "Nothing was saved or sent yet" in lost.text
    assert "What you typed" not in lost.text

    back = sender.fill("/account/login", {"email": SENDER, "password": PASSWORD})
    assert sender.went == [(303, f"/desk/releases/{reference}/edit/check")]
    assert "You are logged in again. Nothing was sent yet." in back.text
    sending.press_send(sender)
    assert sender.page.url.endswith("/receipt")


def test_what_was_kept_is_for_the_same_person_only(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = sending.start(sender, "business")
    form = sender.page.form("/edit/news").fill(headline=WORDS)
    site.move(hours=9)
    sender.send(form, "go on to")
    stranger = site.member("sok@rovers.example", name="Sok Chenda", organisation="Kinta Rovers")
    assert stranger.open(f"/desk/releases/{reference}/edit/news").status == 404
    assert WORDS not in stranger.page.html


def test_a_stale_token_hands_the_words_back(sender: PlainBrowser) -> None:
    reference = sending.start(sender, "business")
    form = sender.page.form("/edit/news").fill(headline=WORDS)
    stale = [(name, "stale" if name == "csrf_token" else value) for name, value in form.entries()]
    page = sender.post(form.action, stale)
    assert page.status == 400
    assert WORDS in page.html
    sender.send(page.form("/edit/news"), page.form("/edit/news").buttons[0].words)
    assert sender.open(f"/desk/releases/{reference}/edit/news").form("/edit/news").value("headline") == WORDS


def test_two_tabs_with_different_words_lose_neither(sender: PlainBrowser) -> None:
    reference = sending.start(sender, "business")
    address = f"/desk/releases/{reference}/edit/news"
    one = sender.page.form("/edit/news").fill(headline="The words of the first tab")
    other = sender.open(address).form("/edit/news").fill(headline="Now the words of a second tab")
    sender.send(one, "go on to")
    page = sender.send(other, "go on to")
    assert page.status == 409
    assert "You, in another tab, saved a change (24 Mar 2026, 11:00 GMT+8)" in page.alert
    assert "headline" not in {field for field, _code in page.issues}  # that was said of the other words
    now = page.link("how it stands now (opens a new tab)")
    assert "The words of the first tab" in sender.open(now).text
    again = page.form("/edit/news")
    assert again.value("headline") == "Now the words of a second tab"
    sender.send(again, "go on to")
    assert sender.went[0][0] == 303
    assert sender.open(address).form("/edit/news").value("headline") == "Now the words of a second tab"


def test_a_date_that_cannot_be_read_is_saved_as_typed(sender: PlainBrowser) -> None:
    reference = sending.start(sender, "community")
    sender.open(f"/desk/releases/{reference}/edit/facts")
    page = sender.fill("/edit/facts", {"date": "next Friday", "place": "Zaygyo ward"}, button="go on to")
    assert page.status == 422
    assert "date" in {field for field, _code in page.issues}
    again = sender.open(f"/desk/releases/{reference}/edit/facts").form("/edit/facts")
    assert (again.value("date"), again.value("place")) == ("next Friday", "Zaygyo ward")
    check = sender.open(f"/desk/releases/{reference}/edit/check")
    assert "next Friday" in check.text
    assert "date" in {field for field, _code in check.issues}


def test_back_saves_as_continue_does(sender: PlainBrowser) -> None:
    reference = sending.start(sender, "business")
    sender.open(f"/desk/releases/{reference}/edit/story")
    sender.fill("/edit/story", {"body": WORDS}, button="go back")
    assert sender.went == [(303, f"/desk/releases/{reference}/edit/facts")]
    sender.fill("/edit/facts", {"product": "Night ferry"}, button="Save and leave")
    assert sender.went == [(303, "/desk")]
    for page, name, value in (("story", "body", WORDS), ("facts", "product", "Night ferry")):
        form = sender.open(f"/desk/releases/{reference}/edit/{page}").form(f"/edit/{page}")
        assert form.value(name) == value


def test_of_two_editors_one_decides_and_the_other_keeps_the_words(
    sender: PlainBrowser, editor: PlainBrowser, other_editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    one = sending.review(editor, reference).form("/claim")
    two = sending.review(other_editor, reference).form("/claim")
    held = editor.send(one)
    late = other_editor.send(two)
    assert late.status == 409
    assert "An Phan" in late.alert
    asking = held.form("/decide", button="for changes").fill(reasons="HYPE", message=WORDS)
    sending.approve(editor)
    refused = editor.send(asking, "for changes")
    assert refused.status == 409
    assert "You, in another tab, approved the release" in refused.alert
    assert WORDS in refused.text


def test_an_editor_whose_login_ran_out_keeps_the_message(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    form = sending.claim(editor, reference).form("/decide", button="for changes").fill(message=WORDS)
    site.move(hours=9)
    assert "/account/login" in editor.send(form, "for changes").url
    back = site.log_in(editor, EDITOR)
    assert back.url.endswith(f"/newsroom/releases/{reference}")
    assert WORDS in back.html


def test_a_message_to_the_desk_waits_for_a_new_login_too(site: RunningPortal, sender: PlainBrowser) -> None:
    reference = sending.sent(sender)
    form = sending.status(sender, reference).form("/message").fill(message=WORDS)
    site.move(hours=9)
    sender.send(form)
    back = site.log_in(sender, SENDER)
    assert "We kept what you typed" in back.text
    assert back.form("/message").value("message") == WORDS


def test_a_form_without_its_version_is_refused(sender: PlainBrowser) -> None:
    sending.start(sender, "business")
    form = sender.page.form("/edit/news").fill(headline=WORDS)
    without = [(name, value) for name, value in form.entries() if name != "version"]
    page = sender.post(form.action, without)
    assert page.status == 422
    assert WORDS in page.html
    assert "Nothing was saved." in page.alert


def test_a_sending_without_its_key_says_so(sender: PlainBrowser) -> None:
    reference = sending.start(sender, "business")
    sender.open(f"/desk/releases/{reference}/edit/check")
    form = sender.page.form("/submit")
    page = sender.post(form.action, [each for each in form.entries() if each[0] != "idempotency_key"])
    assert page.status == 422
    assert "This form came without its key." in page.alert


def test_a_story_that_is_too_large_is_refused_with_its_text(sender: PlainBrowser) -> None:
    reference = sending.start(sender, "business")
    sender.open(f"/desk/releases/{reference}/edit/story")
    form = sender.page.form("/edit/story").fill(body="Ferry times. " * 200_000)
    page = sender.send(form, "go on to")
    assert page.status == 413
    assert "Ferry times." in page.html
    assert "Nothing was saved." in page.alert
