"""When a release runs: asked in the sender's own time, said back in three, moved by editors, lifted by its sender."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.rigs import sending
from tests.rigs.desk import RECORDED
from tests.rigs.plain_browser import PlainBrowser
from tests.rigs.running_portal import RunningPortal

SENDER = "dewi@selatbiru.example"
WISH = {"release_at": "2026-03-25T07:00", "release_timezone": "Asia/Jakarta"}
OUTLETS = (
    "/",
    "/releases/",
    "/releases/?kind=business",
    "/releases/?place=indonesia-surabaya",
    "/feeds/all.rss",
    "/feeds/all.atom",
    "/feeds/all.json",
    "/feeds/business.json",
    "/feeds/place-indonesia.rss",
    "/search?q=Kalianget",
    "/sitemap.xml",
    "/news-sitemap.xml",
)


def scheduled(sender: PlainBrowser, editor: PlainBrowser, timing: str) -> str:
    reference = sending.sent(sender, timing=timing, **WISH)
    sending.claim(editor, reference)
    asked = editor.page.form("/decide", button="Record the").names
    sending.approve(editor, **{name: words for name, words in RECORDED.items() if name in asked})
    return reference


def shows(site: RunningPortal, reference: str) -> set[str]:
    """The outlets in which a stranger finds it."""
    stranger = site.visitor()
    found = {address for address in OUTLETS if reference in stranger.raw(address)[2].decode()}
    return found | ({"page"} if stranger.open(f"/releases/{reference}").status == 200 else set())


def test_the_zone_of_the_place_is_offered_and_the_time_is_said_in_three(sender: PlainBrowser) -> None:
    reference = sending.start(sender, "business")
    news = sending.answers_on("business", "news", city="Naypyitaw", country="MM")
    sender.fill("/edit/news", news, button="go on to")
    contact = sender.open(f"/desk/releases/{reference}/edit/contact").form("/edit/contact")
    assert contact.value("release_timezone") == "Asia/Yangon"
    assert "release_fold" not in contact.names
    contact.fill({"timing": "embargo", "release_at": "2026-03-25T06:00"})
    page = sender.send(contact, "Save and check")
    assert (
        "Wed 25 Mar 2026, 06:00 in Yangon (GMT+6:30)That is Wed 25 Mar 2026, 07:30 in Singapore (GMT+8)"
        " and Tue 24 Mar 2026, 23:30 UTC."
    ) in page.text


def test_a_time_that_comes_twice_is_asked_about_on_the_contact_page(sender: PlainBrowser) -> None:
    wish = {"timing": "schedule", "release_at": "2026-10-25T01:30", "release_timezone": "Europe/Dublin"}
    reference = sending.draft(sender, **wish)
    assert ("release_at", "EMBARGO") in sender.page.issues
    sending.press_send(sender)
    assert sender.page.status == 422
    contact = sender.open(f"/desk/releases/{reference}/edit/contact")
    assert "The earlier one: 01:30 GMT+1" in contact.text
    sender.fill("/edit/contact", {"release_fold": "later"}, button="Save and check")
    assert "Sun 25 Oct 2026, 01:30 UTC" in sender.page.text
    sending.press_send(sender)
    assert sender.page.url.endswith("/receipt")


@pytest.mark.parametrize("timing", ["schedule", "embargo"])
def test_with_every_process_dead_it_shows_in_its_minute_in_every_outlet(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser, timing: str
) -> None:
    reference = scheduled(sender, editor, timing)
    site.set_time(datetime.fromisoformat("2026-03-25T07:59:59+08:00"))
    assert shows(site, reference) == set()
    site.set_time(datetime.fromisoformat("2026-03-25T08:00:00+08:00"))
    assert shows(site, reference) == {*OUTLETS, "page"}
    site.move(minutes=5)
    site.tick()
    site.log_in(sender, SENDER)
    assert sending.status(sender, reference).facts.count("went_live") == 1
    assert shows(site, reference) == {*OUTLETS, "page"}
    site.set_time(datetime.fromisoformat("2026-03-25T07:00:00+08:00"))
    assert shows(site, reference) == {*OUTLETS, "page"}, "a clock that steps back hides nothing"


def test_an_editor_moves_the_time_and_the_sender_is_told(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = scheduled(sender, editor, "embargo")
    sending.review(editor, reference)
    earlier = {"publish_at": "2026-03-25T06:00", "publish_timezone": "Asia/Singapore"}
    page = editor.fill("/reschedule", earlier)
    assert (page.status, ("publish_at", "EMBARGO") in page.issues) == (422, True)
    assert page.form("/reschedule").value("publish_at") == "2026-03-25T06:00"
    page = editor.fill("/reschedule", {"publish_at": "2026-03-26T09:00"})
    assert (page.status, page.facts[0]) == (200, "rescheduled")
    letter = site.letter(SENDER, "new time")
    assert reference in letter.subject
    assert "26 Mar 2026, 08:00 GMT+7" in letter.text  # by the clock of its place
    assert "26 Mar 2026, 08:00 GMT+7" in sending.status(sender, reference).text


def test_an_editor_is_asked_which_of_two_hours_is_meant(sender: PlainBrowser, editor: PlainBrowser) -> None:
    reference = scheduled(sender, editor, "schedule")
    sending.review(editor, reference)
    twice = {"publish_at": "2026-10-25T01:30", "publish_timezone": "Europe/Dublin"}
    assert editor.fill("/reschedule", twice).status == 422
    page = editor.fill("/reschedule", {"publish_fold": "later"})
    assert (page.status, page.facts[0]) == (200, "rescheduled")
    assert "25 Oct 2026, 09:30 GMT+8" in page.text


def test_an_editor_takes_it_off_its_time_with_words(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = scheduled(sender, editor, "schedule")
    sending.review(editor, reference)
    refused = editor.fill("/reschedule", {"unschedule": "y"})
    assert (refused.status, ("message", "WRITING") in refused.issues) == (422, True)
    page = editor.fill("/reschedule", {"unschedule": "y", "message": "Is the date right?"})
    assert (page.main["data-state"], page.main["data-publication"]) == ("submitted", "hidden")
    letter = site.letter(SENDER, "not at its time")
    assert reference in letter.subject
    assert "Is the date right?" in letter.text
    site.set_time(datetime.fromisoformat("2026-03-25T08:30:00+08:00"))
    site.tick()
    assert shows(site, reference) == set()


def test_a_sender_lifts_the_embargo(site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser) -> None:
    reference = scheduled(sender, editor, "embargo")
    assert shows(site, reference) == set()
    sending.status(sender, reference)
    page = sender.fill("/lift-embargo", {"message": "The minister spoke already."})
    assert page.facts[:2] == ["went_live", "embargo_lifted"]
    assert shows(site, reference) == {*OUTLETS, "page"}
    site.tick()
    told = [letter for letter in site.letters() if "embargo lifted" in letter.subject.lower()]
    assert [reference in letter.subject for letter in told] == [True]
    assert "The minister spoke already." in told[0].text


def test_there_is_no_such_button_for_a_schedule(sender: PlainBrowser, editor: PlainBrowser) -> None:
    reference = scheduled(sender, editor, "schedule")
    page = sending.status(sender, reference)
    assert not any(form.action.endswith("/lift-embargo") for form in page.forms)
    fields = {name: page.form("/message").value(name) for name in ("csrf_token", "version")}
    assert sender.post(f"/desk/releases/{reference}/lift-embargo", fields).status == 409
