"""The way of a release through the pages, for visitors with and without an account of the newsroom."""

from __future__ import annotations

from collections.abc import Mapping

from portal.rules.kinds import KINDS, fields_of
from tests.rigs.plain_browser import PlainBrowser
from tests.rigs.web_page import Page
from tests.rules.examples import EXAMPLES

PAGES = ("news", "facts", "story", "contact")
DECLARED = {"declare_authorised": "y", "declare_facts": "y", "declare_rights": "y"}
RECORDS = {
    "identity_person": "Bambang Hartanto",
    "identity_number": "+62 31 555 0100",
    "identity_source": "the harbour office’s own list",
    "consent_note": "Signed forms seen.",
    "check_note": "Compared with the public register.",
}


def start(sender: PlainBrowser, kind: str) -> str:
    """Choose a kind; the reference of the new draft."""
    sender.open("/submit")
    sender.fill("/submit", button=KINDS[kind].says)
    assert sender.went[0][0] == 303
    return sender.page.url.split("/")[-3]


def answers_on(kind: str, page: str, **changes: str) -> dict[str, str]:
    """What the example of a kind says on one page."""
    names = {field.name for field in fields_of(kind, page, 3)}
    example = {**EXAMPLES[kind], **changes}
    return {name: value for name, value in example.items() if name in names and name != "body_format"}


def write(sender: PlainBrowser, reference: str, kind: str, **changes: str) -> Page:
    """Fill the four pages one after the other by their own buttons; the check page."""
    sender.open(f"/desk/releases/{reference}/edit/news")
    for page in PAGES:
        assert sender.page.url.endswith(f"/edit/{page}"), (sender.page.url, sender.page.alert)
        onwards = "Save and check" if page == "contact" else "Save and go on to"
        sender.fill(f"/edit/{page}", answers_on(kind, page, **changes), button=onwards)
    return sender.page


def press_send(sender: PlainBrowser, declared: Mapping[str, str] = DECLARED) -> Page:
    """Tick and send on the check page in front."""
    return sender.fill("/submit", declared)


def draft(sender: PlainBrowser, kind: str = "business", **changes: str) -> str:
    reference = start(sender, kind)
    write(sender, reference, kind, **changes)
    return reference


def sent(sender: PlainBrowser, kind: str = "business", **changes: str) -> str:
    reference = draft(sender, kind, **changes)
    press_send(sender)
    assert sender.page.url.endswith("/receipt"), (sender.page.url, sender.page.alert)
    return reference


def status(sender: PlainBrowser, reference: str) -> Page:
    return sender.open(f"/desk/releases/{reference}")


def review(editor: PlainBrowser, reference: str) -> Page:
    return editor.open(f"/newsroom/releases/{reference}")


def claim(editor: PlainBrowser, reference: str) -> Page:
    review(editor, reference)
    return editor.fill("/claim")


def approve(editor: PlainBrowser, **answers: str) -> Page:
    """On the review page in front, with every record that it asks for; at a time, or as the sender wished."""
    asked = editor.page.form("/decide", button="Record the").names
    records = {name: words for name, words in RECORDS.items() if name in asked}
    button = "at the time above" if answers.get("publish_at") else "and publish"
    return editor.fill("/decide", {**records, **answers}, button=button)


def ask_for_changes(editor: PlainBrowser, reasons: str, message: str) -> Page:
    """`reasons` are codes with a bar between them."""
    return editor.fill("/decide", {"reasons": reasons, "message": message}, button="for changes")


def reject(editor: PlainBrowser, reason: str, message: str) -> Page:
    return editor.fill("/decide", {"reasons": reason, "message": message}, button="Do not publish")


def published(sender: PlainBrowser, editor: PlainBrowser, kind: str = "business", **changes: str) -> str:
    reference = sent(sender, kind, **changes)
    claim(editor, reference)
    approve(editor)
    return reference
