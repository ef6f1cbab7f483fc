"""axe-core on every page that a visitor, a member and an editor can reach: phone and desk, light and dark.

Nothing serious or critical, and no sideways scrolling at 320 px.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.web.static_files import FOLDER
from tests.rigs import furnished, furnished_daily
from tests.rigs.furnished import Furnished, Seen
from tests.rigs.running_portal import RunningPortal, running_portal

pytestmark = pytest.mark.browser
CHECKER = Path(FOLDER) / "vendor" / "axe.min.js"
BAD = ("serious", "critical")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WHOLE = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
LOOKS = (("light", 390, WHOLE), ("dark", 390, COLOURS), ("dark", 1280, WHOLE), ("light", 1280, COLOURS))
NARROWEST = 320

OPEN_ALL = """() => document.querySelectorAll('details').forEach(each => {
    each.removeAttribute('name'); each.open = true })"""
FIND = """async options => (await axe.run(document, options)).violations.map(each =>
    ({id: each.id, impact: each.impact, where: each.nodes.map(node => node.target.join(' ')).slice(0, 3)}))"""
WIDER = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""

SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-block-end: 2em !important }"""
# The pages allow no styles of strangers; a sheet made by a script is what a reader's own style sheet amounts to.
SPACE_OUT = """rules => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet] }"""
# Every run of words by the boxes of its lines: held against the boxes that clip it, the window, and the words of others.
CRAMPED = r"""() => {
    const called = box => box.tagName.toLowerCase() + (box.id ? '#' + box.id : '') + (box.classList[0] ? '.' + box.classList[0] : '')
        + ' "' + box.textContent.trim().slice(0, 30) + '"';
    const clips = box => /hidden|clip/.test(getComputedStyle(box).overflowX + getComputedStyle(box).overflowY);
    const scrolls = box => /auto|scroll/.test(getComputedStyle(box).overflowX);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const lines = [], wrong = new Set();
    while (walker.nextNode()) {
        const words = walker.currentNode, own = words.parentElement;
        if (!words.data.trim() || !own.checkVisibility() || own.closest('.hide, .skip, option, script, style')) continue;
        const range = document.createRange();
        range.selectNodeContents(words);
        const boxes = [...range.getClientRects()].filter(each => each.width > 1 && each.height > 1);
        let inside = false;
        for (let box = own; box && box !== document.body; box = box.parentElement) {
            inside = inside || scrolls(box);
            if (!clips(box)) continue;
            const frame = box.getBoundingClientRect();
            if (boxes.some(each => each.right > frame.right + 1 || each.bottom > frame.bottom + 4 || each.left < frame.left - 1))
                wrong.add('cut: ' + called(own));
        }
        if (inside) continue;
        if (boxes.some(each => each.right > innerWidth + 1 || each.left < -1)) wrong.add('out: ' + called(own));
        // Letters stand in the middle of their line; a line's own box may reach into the next where it is set tight.
        for (const each of boxes) lines.push({own, top: each.top + each.height * .3, bottom: each.bottom - each.height * .3,
            left: each.left + 1, right: each.right - 1});
    }
    for (const [place, one] of lines.entries()) for (const other of lines.slice(place + 1)) {
        if (one.own === other.own) continue;
        if (one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)
            wrong.add('overlapping: ' + called(one.own) + ' and ' + called(other.own));
    }
    return [...wrong] }"""

NOWHERE = """() => [...document.querySelectorAll('a[href^="#"]')].map(each => each.hash.slice(1))
    .filter(id => id && !document.getElementById(decodeURIComponent(id)))"""


@pytest.fixture(scope="module")
def checker() -> str:
    if not CHECKER.is_file():
        pytest.skip("axe-core is not there: npm is missing or could not fetch it (make test does)")
    return CHECKER.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[RunningPortal]:
    with running_portal(tmp_path_factory.mktemp("portal"), sqlite_template) as running:
        yield running


@pytest.fixture(scope="module")
def found(site: RunningPortal) -> Furnished:
    made = furnished.furnish(site)
    furnished_daily.furnish_daily(made)
    return made


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def faults(page: Any, found: Furnished, seen: Seen, checker: str) -> list[str]:
    """What a checker, a narrow phone and the links within it say about one page."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(found.site.home + seen.address)
    if seen.act:
        seen.act(page)
        page.wait_for_load_state()
    page.evaluate(OPEN_ALL)
    page.evaluate(checker)
    wrong = [f"{seen.name}: a link to #{name}, which is not there" for name in page.evaluate(NOWHERE)]
    for scheme, width, options in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        wrong += [
            f"{seen.name} {scheme} {width}: {each['id']} at {each['where']}"
            for each in page.evaluate(FIND, options)
            if each["impact"] in BAD
        ]
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    wider = page.evaluate(WIDER)
    return wrong + ([f"{seen.name}: {wider} px wider than a narrow phone"] if wider > 0 else [])


def all_faults(page: Any, found: Furnished, pages: list[Seen], checker: str) -> list[str]:
    return [each for seen in pages if not seen.like for each in faults(page, found, seen, checker)]


def test_what_visitors_see_is_accessible(page: Any, found: Furnished, checker: str) -> None:
    pages = [*furnished.for_visitors(found), *furnished_daily.for_visitors(found)]
    assert all_faults(page, found, pages, checker) == []


def test_what_members_see_is_accessible(page: Any, found: Furnished, checker: str) -> None:
    furnished.log_in(page, found, "member")
    assert [
        each for seen in furnished.for_members(found) for each in faults(page, found, seen, checker)
    ] == []


def test_what_editors_see_is_accessible(page: Any, found: Furnished, checker: str) -> None:
    furnished.log_in(page, found, "editor")
    pages = [*furnished.for_editors(found), *furnished_daily.for_editors(found)]
    assert all_faults(page, found, pages, checker) == []


def test_what_administrators_see_of_the_daily_e_mail_is_accessible(
    page: Any, found: Furnished, checker: str
) -> None:
    furnished.log_in(page, found, "admin")
    pages = furnished_daily.for_administrators(found)
    assert all_faults(page, found, pages, checker) == []


def test_an_empty_desk_an_empty_queue_and_an_empty_site_are_accessible(
    page: Any, chromium: Any, tmp_path: Path, sqlite_template: Path, checker: str
) -> None:
    with running_portal(tmp_path, sqlite_template) as empty:
        bare = furnished.bare(empty)
        wrong = faults(page, bare, Seen("empty-front", "/"), checker)
        for role, address in (("member", "/desk"), ("editor", "/newsroom")):
            own = chromium.new_context().new_page()
            furnished.log_in(own, bare, role)
            wrong += faults(own, bare, Seen(f"empty-{role}", address), checker)
            own.context.close()
        assert wrong == []


def test_the_checker_finds_what_is_wrong(page: Any, checker: str) -> None:
    page.set_content("<html lang='en'><title>A page</title><main><h1>A page</h1><img src='data:,'></main>")
    page.evaluate(checker)
    assert "image-alt" in [each["id"] for each in page.evaluate(FIND, WHOLE)]


def cramped(page: Any, found: Furnished, seen: Seen) -> list[str]:
    """What is cut off, lies on something else or sticks out when a reader spaces the text as WCAG 2.2 lets them (1.4.12)."""
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    page.goto(found.site.home + seen.address)
    page.evaluate(OPEN_ALL)
    page.evaluate(SPACE_OUT, SPACING)
    wider = page.evaluate(WIDER)
    sideways = [f"{seen.name}: {wider} px wider than a narrow phone"] if wider > 0 else []
    return [*sideways, *(f"{seen.name}: {each}" for each in page.evaluate(CRAMPED))]


def test_text_that_readers_space_out_is_neither_cut_nor_overlapping(
    page: Any, chromium: Any, found: Furnished
) -> None:
    releases = [Seen(f"release {language}", address) for language, address in sorted(found.slugs.items())]
    wrong = [each for seen in (Seen("front", "/"), *releases) for each in cramped(page, found, seen)]
    desk = chromium.new_context().new_page()
    furnished.log_in(desk, found, "editor")
    wrong += cramped(desk, found, Seen("newsletter desk", furnished_daily.ROOM))
    desk.context.close()
    assert wrong == []


def test_what_is_cut_or_overlaps_is_found(page: Any) -> None:
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    page.set_content(
        "<div style='height:20px;overflow:hidden'><p id=cut>Words that do not fit into the box around them</p></div>"
        "<p id=under>Below</p><p id=over style='margin-top:-4rem'>Above</p>"
        "<p id=out style='width:500px'>Wide, and set on a line of five hundred pixels that runs out of the window</p>"
    )
    page.evaluate(SPACE_OUT, SPACING)
    told = " ".join(page.evaluate(CRAMPED))
    assert page.evaluate(WIDER) > 0
    assert all(word in told for word in ("cut: p#cut", "p#over", "out: p#out"))
