"""The main job, for each kind, by a browser without scripts: from a stranger to the site and its feeds."""

from __future__ import annotations

import json
import re
from email.utils import parsedate_to_datetime

import feedparser
import pytest

from portal.rules.kinds import KINDS
from tests.rigs import sending
from tests.rigs.plain_browser import PlainBrowser
from tests.rigs.running_portal import RunningPortal
from tests.rules.examples import EXAMPLES

SENDER, EDITOR = "dewi@selatbiru.example", "an.phan@post.example"
ASKED = "Say in the first sentence who decided it."
FURTHER = "The board decided it on Monday, with one vote against."


@pytest.mark.parametrize("kind", KINDS)
def test_a_release_of_each_kind_goes_from_a_stranger_to_the_site_and_its_feeds(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser, kind: str
) -> None:
    headline = EXAMPLES[kind]["headline"]
    reference = sent_with_a_receipt(site, sender, kind)
    changes_are_asked(site, sender, editor, reference)
    it_is_mended_and_sent_again(site, sender, reference, kind)
    it_is_approved(site, sender, editor, reference)
    it_is_read(site, reference, headline)
    it_stands_in_every_feed(site, reference, kind, headline)
    every_step_was_mailed_under_a_subject_of_its_own(site, reference)


CLOCKS = ((9, "30", "GMT+6:30"), (10, "00", "GMT+7"), (11, "00", "GMT+8"))


def sent_with_a_receipt(site: RunningPortal, sender: PlainBrowser, kind: str) -> str:
    reference = sending.start(sender, kind)
    assert "Not sent yet" in sender.page.text
    check = sending.write(sender, reference, kind)
    assert "Nothing stops the release from being sent" in check.text
    refused = sending.press_send(sender, {"declare_authorised": "y"})
    assert refused.status == 422
    assert {"declare_facts", "declare_rights"} <= {field for field, _code in refused.issues}
    assert refused.form("/submit").value("declare_authorised") == "y"
    receipt = sending.press_send(sender)
    assert sender.went == [(303, f"/desk/releases/{reference}/receipt")]
    assert reference in receipt.text
    # By the clock of the release's country: received at 3:00 of universal time, a decision within four hours.
    clocks = {(f"{hour:02}:{minute}", f"{hour + 4:02}:{minute}", zone) for hour, minute, zone in CLOCKS}
    assert any(
        f"24 Mar 2026, {sent} {zone}" in receipt.text and f"24 Mar 2026, {due} {zone}" in receipt.text
        for sent, due, zone in clocks
    )
    site.move(minutes=5)
    assert reference in site.letter(SENDER, reference).subject
    return reference


def changes_are_asked(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser, reference: str
) -> None:
    assert reference in site.letter(EDITOR, reference).subject
    queue = editor.open("/newsroom")
    assert reference in queue.text
    sending.review(editor, reference)
    assert sending.status(sender, reference).main["data-state"] == "submitted"
    held = sending.claim(editor, reference)
    assert held.main["data-state"] == "in_review"
    assert "An editor is reading it" in sending.status(sender, reference).text
    site.move(minutes=5)
    unexplained = sending.ask_for_changes(editor, "WEAK_LEAD|HYPE", "")
    assert (unexplained.status, "message" in {field for field, _code in unexplained.issues}) == (422, True)
    done = sending.ask_for_changes(editor, "WEAK_LEAD|HYPE", ASKED)
    assert "Changes asked" in done.text
    page = sending.status(sender, reference)
    assert page.main["data-state"] == "changes_requested"
    assert ASKED in page.text
    assert {"WEAK_LEAD", "HYPE"} <= {code for _field, code in page.issues}
    letter = site.letter(SENDER, "changes")
    assert ASKED in letter.text
    assert ASKED in letter.html
    assert "WEAK_LEAD" in letter.text
    assert site.settings.base_url in letter.text
    assert SENDER in sending.status(sender, reference).marks("data-mailed-to")


def it_is_mended_and_sent_again(site: RunningPortal, sender: PlainBrowser, reference: str, kind: str) -> None:
    site.move(minutes=5)
    story = sender.open(f"/desk/releases/{reference}/edit/story")
    form = story.form("/edit/story")
    form.fill(body=form.value("body") + f"\n\n{FURTHER}")
    sender.send(form, "go on to")
    sender.fill("/edit/contact", button="Save and check")
    assert sender.page.url.endswith("/edit/check")
    sending.press_send(sender)
    assert sender.page.url.endswith("/receipt")


def it_is_approved(site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser, reference: str) -> None:
    site.move(minutes=5)
    site.tick()
    review = sending.claim(editor, reference)
    assert FURTHER in review.text
    assert "<ins>" in review.html
    assert site.visitor().open(f"/releases/{reference}").status == 404
    done = sending.approve(editor)
    assert "Approved and published" in done.text
    site.letter(SENDER, "approved")
    page = sending.status(sender, reference)
    assert (page.main["data-state"], page.main["data-publication"]) == ("approved", "live")
    assert page.facts[-1] == "draft_started"
    assert [fact for fact in page.facts if fact in ("submitted", "changes_requested", "approved")] == [
        "approved",
        "submitted",
        "changes_requested",
        "submitted",
    ]


def it_is_read(site: RunningPortal, reference: str, headline: str) -> None:
    reader = site.visitor()
    page = reader.open(f"/releases/{reference}")
    assert reader.went[0][0] == 301
    assert page.main == {"id": "main", "data-ref": reference, "data-publication": "live"} | {
        name: value for name, value in page.main.items() if not name.startswith("data-") and name != "id"
    }
    for words in (headline, FURTHER, "PRESS RELEASE – supplied by Selat Biru Ferries", reference):
        assert words in page.text
    assert len(reader.cookies) == 0
    for address in ("/", "/releases/", "/organisations/selat-biru-ferries"):
        assert headline in reader.open(address).text


def it_stands_in_every_feed(site: RunningPortal, reference: str, kind: str, headline: str) -> None:
    for which in ("all", kind, "org-selat-biru-ferries"):
        rss, atom = (parsed(site, f"/feeds/{which}.{form}") for form in ("rss", "atom"))
        _, _, body = site.visitor().raw(f"/feeds/{which}.json")
        items = json.loads(body)["items"]
        assert (rss.version, atom.version) == ("rss20", "atom10")
        assert [entry.title for feed in (rss, atom) for entry in feed.entries] == [headline, headline]
        assert rss.entries[0].id == atom.entries[0].id == items[0]["id"]
        assert items[0]["title"] == headline
        for link in (rss.entries[0].link, atom.entries[0].link, items[0]["url"]):
            assert f"/releases/{reference}/" in link
        assert FURTHER in atom.entries[0].content[0].value
        assert parsedate_to_datetime(rss.entries[0].published) == site.now


def parsed(site: RunningPortal, address: str) -> feedparser.FeedParserDict:
    status, headers, body = site.visitor().raw(address)
    assert status == 200
    feed = feedparser.parse(body, response_headers={"content-type": headers["Content-Type"]})
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def every_step_was_mailed_under_a_subject_of_its_own(site: RunningPortal, reference: str) -> None:
    site.tick()
    about = [
        letter
        for letter in site.letters()
        if "release" in letter.subject.lower() or reference in letter.subject
    ]
    assert [letter.subject for letter in about if reference not in letter.subject] == []
    mine = [letter.subject for letter in about if letter.to == SENDER]
    assert len(mine) >= 4
    steps = {re.sub(r"\(.*?\)", "", subject) for subject in mine}
    assert len(steps) == len(mine) - 1, mine  # the receipt came twice: it was sent twice
