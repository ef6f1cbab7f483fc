"""By Chromium: a press that comes twice, the page after each act, and near copies of two houses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.rigs import sending
from tests.rigs.plain_browser import PlainBrowser
from tests.rigs.running_portal import RunningPortal, running_portal
from tests.rigs.screen import Screen

pytestmark = pytest.mark.browser
SENDER, EDITOR, SENIOR = "dewi@selatbiru.example", "an.phan@post.example", "malee@post.example"
Entry = Callable[[str], Screen]


@pytest.fixture
def site(tmp_path: Path, sqlite_template: Path) -> Iterator[RunningPortal]:
    """With the minutes in which a decision can be undone, whose note is looked at."""
    with running_portal(tmp_path, sqlite_template, mail_hold_minutes=10) as running:
        yield running


@pytest.fixture
def screen_of(chromium: Any, site: RunningPortal) -> Iterator[Entry]:
    """The screen of whoever logs in with an address."""
    with ExitStack() as screens:

        def logged_in(address: str) -> Screen:
            shown = Screen(chromium, site)
            screens.callback(shown.context.close)
            shown.log_in(address)
            return shown

        yield logged_in


def press_twice(screen: Screen, words: str) -> None:
    """As a hurried hand does on a slow line: the form arrives twice, and the second answer is the one that is seen."""

    def twice(route: Any) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
        route.continue_()

    screen.page.route("**/*", twice)
    screen.press(words)
    screen.page.unroute("**/*")
    assert screen.page.locator("main [data-severity=blocking], main .errors, main [role=alert]").count() == 0


def facts(screen: Screen, reference: str, room: str = "desk") -> Counter[str]:
    """How often each fact stands in what has happened."""
    screen.open(f"/{room}/releases/{reference}")
    found = screen.page.locator("[data-fact]").all()
    return Counter(str(each.get_attribute("data-fact")) for each in found)


def test_each_step_of_a_sender_and_an_editor_pressed_twice_is_one(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser, screen_of: Entry
) -> None:
    dewi, an = screen_of(SENDER), screen_of(EDITOR)
    dewi.open("/submit")
    press_twice(dewi, "Business")
    dewi.open("/desk")
    assert dewi.page.locator("main").inner_text().count("No headline yet") == 1

    reference = dewi.write("business")
    dewi.fill(sending.DECLARED)
    press_twice(dewi, "Send to the editors")
    assert dewi.page.url.endswith("/receipt") or "already" in dewi.page.url
    dewi.open(f"/desk/releases/{reference}")
    dewi.page.locator("#message").fill("Please call before noon.")
    press_twice(dewi, "Send the message to the desk")
    press_twice(dewi, "Take it back to edit")
    told = facts(dewi, reference)
    assert [told[fact] for fact in ("submitted", "message_sent", "recalled")] == [1, 1, 1]

    dewi.open(f"/desk/releases/{reference}/edit/check")
    dewi.send()
    an.open(f"/newsroom/releases/{reference}")
    press_twice(an, "Read and decide")
    an.page.locator("[name=note]:visible").first.fill("Called twice.")
    press_twice(an, "Keep the note")
    assert an.page.locator("main").inner_text().count("Called twice.") == 1
    an.page.locator("#to-sender").fill("Who is the captain?")
    press_twice(an, "Send the message to Selat Biru Ferries")
    an.open(f"/newsroom/releases/{reference}")
    an.page.get_by_role("link", name="Ask for changes").first.click()
    an.page.locator("#asks [name=reasons][value=FACTS]").evaluate("each => { each.checked = true }")
    an.page.locator("#ask-message").fill("Say what the ferry costs.")
    press_twice(an, "Ask Selat Biru Ferries for changes")
    assert "Changes asked" in an.page.inner_text("main")
    note, undo, see, head = (
        an.page.locator(f"main {each}").first.bounding_box()
        for each in (".note", ".note .btn", ".note .acts > a", "h1")
    )
    assert abs(undo["y"] + undo["height"] / 2 - see["y"] - see["height"] / 2) < 6, (
        "what one may press stands in a line"
    )
    assert head["y"] - note["y"] - note["height"] > 16, "the heading is not glued to what happened"
    told = facts(an, reference, "newsroom")
    assert [told[fact] for fact in ("claimed", "message_answered", "changes_requested")] == [1, 1, 1]
    site.tick()
    about = [letter for letter in site.letters(SENDER) if "Who is the captain?" in letter.text]
    assert len(about) == 1

    dewi.open(f"/desk/releases/{reference}")
    dewi.page.get_by_text("Withdraw the release").first.click()
    press_twice(dewi, "Withdraw it for good")
    assert facts(dewi, reference)["withdrawn"] == 1
    assert dewi.complaints == an.complaints == []


Act = tuple[str, dict[str, str], str, str]
ENDS: list[Act] = [
    (
        "Notice: keep the text",
        {"notice_kind": "postponed"},
        "Set the notice now",
        "“Postponed” stands on the page since 11:00.",
    ),
    ("Archive: out of the lists", {"expires_at": "2026-04-06"}, "Set this day", "Leaves the lists on 6 Apr 2026"),
    ("Take down: off the site", {"message": "A court asks."}, "Take it down now", "Taken down 11:00"),
    ("Put back: public again", {"message": "The court agrees."}, "Put it back on the site now", "Public again"),
    ("", {"message": "Thank you."}, "Send the message to", "Sent to Selat Biru Ferries at 11:00."),
]  # fmt: skip


@pytest.mark.parametrize("width", [390, 1280])
def test_every_act_after_publication_ends_on_a_page_whose_first_words_say_it(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser, screen_of: Entry, width: int
) -> None:
    reference = sending.published(sender, editor)
    site.editor(SENIOR, name="Malee Srisai", role="senior")
    malee = screen_of(SENIOR)
    malee.page.set_viewport_size({"width": width, "height": 844})
    for panel, values, button, says in ENDS:
        malee.open(f"/newsroom/releases/{reference}")
        form = malee.page.locator(
            "form", has=malee.page.get_by_role("button", name=button, include_hidden=True)
        )
        if panel:
            malee.page.locator("summary", has_text=panel).click()
        for name, value in values.items():
            field = form.locator(f"[name={name}]")
            if field.evaluate("each => each.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        form.get_by_role("button", name=button).click()
        malee.page.wait_for_load_state()
        done = malee.page.locator("[data-done]")
        assert says in done.inner_text()
        assert "by mail" in done.inner_text(), "who is told"
        box = done.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 844, "it is read without scrolling"
    assert malee.complaints == []


def test_editors_see_a_near_copy_of_another_house_and_no_sender_learns_of_it(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser, screen_of: Entry
) -> None:
    first = sending.sent(sender)
    site.tick()
    other = site.member("lina@cepat.example", name="Lina Hartono", organisation="Cepat Cargo")
    second = sending.sent(other, headline="Cepat Cargo starts a night ferry to Kalianget on 1 May")
    site.tick()

    an = screen_of(EDITOR)
    for one, twin, house in ((first, second, "Cepat Cargo"), (second, first, "Selat Biru Ferries")):
        an.open(f"/newsroom/releases/{one}")
        copy = an.page.locator("[data-code=DUPLICATE]").inner_text()
        assert f"{house}, another organisation" in copy
        assert "The sender is not told of it." in copy
        an.page.locator("[data-code=DUPLICATE] a").click()
        an.page.wait_for_url(f"**/newsroom/releases/{twin}")

    lina = screen_of("lina@cepat.example")
    for page in (f"/desk/releases/{second}", f"/desk/releases/{second}/receipt", "/desk"):
        lina.open(page)
        shown = lina.page.content()
        assert first not in shown
        assert "ear copy" not in shown
    assert all(first not in letter.text + letter.html for letter in site.letters("lina@cepat.example"))
    assert an.complaints == lina.complaints == []
