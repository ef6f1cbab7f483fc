"""A story that was pasted with its tracked changes and comments, and addresses as people type them."""

from __future__ import annotations

from tests.rigs import sending
from tests.rigs.plain_browser import PlainBrowser
from tests.rules.examples import EXAMPLES
from tests.text.test_left_out import WORD

SAID = "We left out 2 deleted passages and 1 comment. Look once more."


def test_what_was_left_out_is_said_next_to_the_story_and_reaches_nobody(
    sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = sending.draft(sender)
    page = sender.open(f"/desk/releases/{reference}/edit/story")
    story = "".join(f"<p>{part}</p>" for part in EXAMPLES["business"]["body"].split("\n\n"))
    page = sender.fill("/edit/story", {"body": story + WORD, "body_format": "html"}, button="go on to")
    assert page.url.split("#")[0].endswith("/edit/story")
    assert SAID in page.text
    assert "INTERNAL" not in page.text
    assert "announced the plan for fifty homes" in page.text

    page = sender.open(f"/desk/releases/{reference}/edit/check")
    assert SAID in page.text
    sending.press_send(sender)
    page = sending.claim(editor, reference)
    assert "announced the plan for fifty homes" in page.text
    assert "INTERNAL" not in page.text
    assert "We left out" not in page.text


def test_looking_once_more_and_saving_goes_on(sender: PlainBrowser) -> None:
    reference = sending.draft(sender)
    sender.open(f"/desk/releases/{reference}/edit/story")
    sender.fill("/edit/story", {"body": WORD, "body_format": "html"}, button="go on to")
    page = sender.fill("/edit/story", {}, button="go on to")

    assert page.url.endswith("/edit/contact")
    assert "We left out" not in sender.open(f"/desk/releases/{reference}/edit/story").text


def test_addresses_are_completed_in_every_field_and_others_are_named(sender: PlainBrowser) -> None:
    reference = sending.draft(sender, "event")
    sender.open(f"/desk/releases/{reference}/edit/contact")
    sender.fill("/edit/contact", {"contact_site": "facebook.com/hlaingthar"}, button="Save and check")
    page = sender.open(f"/desk/releases/{reference}/edit/contact")
    assert page.form("/edit/contact").value("contact_site") == "https://facebook.com/hlaingthar"

    page = sender.fill("/edit/contact", {"contact_email": "ü@example.org"}, button="Save and check")
    assert "not supported yet" in page.text

    sender.open(f"/desk/releases/{reference}/edit/facts")
    sender.fill("/edit/facts", {"ticket_url": "Https://မြန်မာ.example/t?fbclid=x"}, button="go on to")
    page = sender.open(f"/desk/releases/{reference}/edit/facts")
    assert page.form("/edit/facts").value("ticket_url") == "https://xn--7idjb0f4ck.example/t"
