"""The same by Chromium, with scripts on: what only a browser shows, such as a paste, the keyboard and the policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import feedparser
import pytest

from portal.rules.kinds import KINDS
from portal.text import body, measure, plain
from tests.rigs import sending
from tests.rigs.people import PASSWORD
from tests.rigs.plain_browser import PlainBrowser
from tests.rigs.running_portal import RunningPortal
from tests.rigs.screen import PASTE, Screen
from tests.rigs.sources import CORPUS
from tests.rules.examples import EXAMPLES
from tests.text.test_left_out import WORD

pytestmark = pytest.mark.browser
SENDER, EDITOR = "dewi@selatbiru.example", "an.phan@post.example"
PASTED = CORPUS / "pasted" / "01-word-bullets.html"
COUNT = """([written, text]) => {
    const area = document.querySelector('textarea[name=body]'), line = document.querySelector('[data-counts=body]');
    area.value = text;
    for (const each of document.querySelectorAll('[name=body_format]')) each.checked = each.value === written;
    area.dispatchEvent(new Event('input', {bubbles: true}));
    return line.textContent }"""


@pytest.fixture
def screen(chromium: Any, site: RunningPortal) -> Iterator[Screen]:
    shown = Screen(chromium, site)
    yield shown
    shown.context.close()
    assert shown.complaints == []


@pytest.fixture
def newsroom(chromium: Any, site: RunningPortal, editor: PlainBrowser) -> Iterator[Screen]:
    """The editor's screen."""
    shown = Screen(chromium, site)
    shown.log_in(EDITOR)
    yield shown
    shown.context.close()
    assert shown.complaints == []


def registered(screen: Screen) -> None:
    screen.open("/account/register")
    screen.fill(
        {
            "name": "Dewi Anggraini",
            "email": SENDER,
            "password": PASSWORD,
            "organisation": "Selat Biru Ferries",
        }
    )
    screen.press("Register and mail me the link")
    screen.open(screen.site.letter(SENDER, "confirm").link)
    screen.press(f"Confirm {SENDER}")
    screen.log_in(SENDER)


COUNTED = [
    (
        "text",
        "The ferry – late again – can't run on Monday.\n\nIt sails at 05:30, see https://post.example/a.",
    ),
    ("text", "雅加达与巴淡之间的新渡轮将于周一启航。" * 13),
    ("text", "新しいフェリーは月曜日に出航します。"),
    ("text", "เรือเฟอร์รี่ลำใหม่ออกเดินทางวันจันทร์"),
    ("text", "ရန်ကုန်မြို့ ပို့ဆောင်ရေး"),
    ("text", "ເຮືອຂ້າມຟາກ ໃໝ່"),
    ("text", "ဢွၼ်ႇတၢင်း တႆး ၵႂႃႇမႃး"),  # Shan, whose letters stand in the extended block
    ("text", "រដ្ឋមន្ត្រី\u200bបាន\u200bបើក ផ្សារ"),  # with U+200B between the words
    ("text", "བོད་ཀྱི་སྐད་ཡིག་དང་རིག་གནས།"),
    ("text", "ꆈꌠꁱꂷ ꊨꏦ"),
    ("text", "ᥖᥭᥰᥘᥫᥴ ᦅᦱᧄᦺᦑ ᨣᩤᩴᨾᩮᩬᩥᨦ ꦧꦱꦗꦮ"),
    ("text", "ㄅㄆㄇ コーヒー ｺｰﾋｰ 人々 〇"),
    ("text", "iPhone发布会 2026年3月 ราคา500บาท, Samsung’s 갤럭시 출시"),
    ("text", "Two steps:\n\n1. Buy a ticket\n2. Board\n\n- first\n- last\n\nENDS"),
    (
        "text",
        "The company that runs the night ferry between the two har-\nbours will sail on Monday.\n\n###\n\nAbout us",
    ),
    (
        "markdown",
        "## Le bac\n\nIl part **lundi**, voir [notre page](https://post.example/a).\n\n- un\n- deux",
    ),
    ("markdown", "1. See [the page](<https://post.example/a_(b)>)\n2. Ask\\* *us*\n\n-30-"),
    ("html", '<p>New <b>fer</b>ry</p><p>It sails. <a href="https://post.example/a">Our site</a></p>'),
    (
        "html",
        "<ol><li>Buy</li><li>Board<ul><li>early</li></ul></li></ol><p>It <del>did</del> sails</p><p>ENDS</p>",
    ),
    (
        "html",
        "<table><tr><td>2025</td><td>12,450 homes</td></tr><tr><td>2026</td><td>13,000</td></tr></table>",
    ),
]


def test_the_browser_counts_words_as_the_server_does(screen: Screen) -> None:
    registered(screen)
    screen.open("/submit")
    screen.page.locator("button[name=kind][value=community]").click()
    screen.open(screen.page.url.replace("/edit/news", "/edit/story").removeprefix(screen.site.home))

    told, wanted = [], []
    for written_as, text in COUNTED:
        told.append(screen.page.evaluate(COUNT, [written_as, text]))
        story = body.body_html(text, written_as)
        words, links = measure.word_count(plain.html_to_text(story)), measure.link_count(story)
        wanted.append(f"{words} word{'' if words == 1 else 's'}" + (f", {links} link" if links else ""))

    assert told == wanted


def test_a_stranger_pastes_from_word_and_the_list_stands_on_the_site(
    site: RunningPortal, screen: Screen, newsroom: Screen
) -> None:
    if not PASTED.is_file():
        pytest.skip("the corpus of pasted texts is not beside the project")
    registered(screen)
    reference = screen.write("business")
    screen.open(f"/desk/releases/{reference}/edit/story")
    screen.paste(PASTED.read_text(encoding="utf-8"))
    assert screen.page.locator(".rich li").all_inner_texts() == [
        "Wider ramp: 9 metres",
        "New mooring rings & lighting",
        "Step-free route to the café",
    ]
    screen.press("Save and go on to")
    screen.press("Save and check")
    screen.send()
    assert "/receipt" in screen.page.url

    newsroom.open(f"/newsroom/releases/{reference}")
    assert "Checks running" in newsroom.page.inner_text("main")
    newsroom.press("Read and decide")
    newsroom.page.get_by_text("Ask for changes", exact=True).click()
    newsroom.page.locator("#asks [name=reasons][value=FACTS]").check()
    newsroom.page.locator("#asks [name=message]").fill("Say what the ramp cost.")
    newsroom.press("Ask Selat Biru Ferries for changes")
    assert "Changes asked" in newsroom.page.inner_text("main")

    screen.open(f"/desk/releases/{reference}")
    assert "Say what the ramp cost." in screen.page.inner_text("main")
    screen.page.get_by_role("link", name="Make the changes").click()
    screen.fill({"summary": "The ramp cost £1.2 million and is nine metres wide."})
    screen.press("Save and go on to")
    screen.open(f"/desk/releases/{reference}/edit/check")
    screen.send()

    newsroom.open(f"/newsroom/releases/{reference}")
    newsroom.press("Read and decide")
    newsroom.approve()
    assert "Approved and published" in newsroom.page.inner_text("main")

    reader = Screen(newsroom.context.browser, site)
    reader.open(f"/releases/{reference}")
    assert reader.page.locator(".prose ul li").all_inner_texts()[:2] == [
        "Wider ramp: 9 metres",
        "New mooring rings & lighting",
    ]
    assert reader.page.get_by_role("link", name="the Trust’s website").get_attribute("href") == (
        "https://harbourtrust.example/slipway"
    )
    assert reader.complaints == []
    assert reader.context.cookies() == []
    reader.context.close()
    _, _, body = site.visitor().raw("/feeds/all.rss")
    assert "<li>Wider ramp: 9 metres</li>" in feedparser.parse(body).entries[0].content[0].value


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "business"])
def test_each_other_kind_is_written_sent_and_approved(
    site: RunningPortal, sender: PlainBrowser, screen: Screen, newsroom: Screen, kind: str
) -> None:
    screen.log_in(SENDER)
    reference = screen.write(kind)
    screen.send()
    assert "We have your release" in screen.page.inner_text("main")
    newsroom.open(f"/newsroom/releases/{reference}")
    newsroom.press("Read and decide")
    newsroom.approve()
    screen.open(f"/releases/{reference}")
    assert screen.page.inner_text("h1") == EXAMPLES[kind]["headline"]


def test_a_release_is_sent_with_the_keyboard_alone(
    site: RunningPortal, sender: PlainBrowser, screen: Screen
) -> None:
    reference = sending.draft(sender)
    screen.open(f"/account/login?next=/desk/releases/{reference}/edit/check")
    keys = Keys(screen.page)
    keys.to("[name=email]")
    keys.type(SENDER)
    keys.to("[name=password]")
    keys.type(PASSWORD)
    screen.page.keyboard.press("Enter")
    screen.page.wait_for_url("**/edit/check")
    for name in sending.DECLARED:
        keys.to(f"[name={name}]")
        screen.page.keyboard.press("Space")
    keys.to("button:has-text('Send to the editors')")
    screen.page.keyboard.press("Enter")
    screen.page.wait_for_url("**/receipt")
    assert reference in screen.page.inner_text("main")


class Keys:
    """A person without a mouse: what has the focus is always in sight."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def to(self, selector: str) -> None:
        """Tab until it is reached."""
        wanted = self.page.locator(f"main {selector}").first
        for _ in range(200):
            if wanted.evaluate("each => each === document.activeElement"):
                assert wanted.evaluate(IN_SIGHT), f"{selector} has the focus and is hidden"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {selector}")

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)


IN_SIGHT = """each => { const box = each.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return !!top && (each.contains(top) || top.contains(each) || !!top.closest('label')) }"""


def test_leaving_with_unsaved_words_asks_first(sender: PlainBrowser, screen: Screen) -> None:
    reference = sending.start(sender, "business")
    screen.log_in(SENDER)
    screen.open(f"/desk/releases/{reference}/edit/news")
    screen.page.locator("[name=headline]").press_sequentially("Words")
    asked: list[str] = []
    screen.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    screen.page.get_by_role("link", name="My releases").click()
    screen.page.wait_for_url("**/desk")
    assert asked == ["beforeunload"]


def test_deletions_comments_tables_and_numbers_survive_a_paste(sender: PlainBrowser, screen: Screen) -> None:
    reference = sending.start(sender, "business")
    screen.log_in(SENDER)
    screen.open(f"/desk/releases/{reference}/edit/story")
    more = (
        "<p>10<sup>6</sup> m</p><ol start=3 type=a><li>c</li></ol>"
        "<table><tr><td>2025</td><td>12,450 homes</td></tr></table>"
        "<p>In 2025<a class=sdfootnoteanc href='#sdfootnote1sym'>1</a> 10<span style='position:relative;top:-5pt'>6</span>"
        " <q>yes</q> 漢<ruby>字<rt>じ</rt></ruby> ok<a href='file:///C:/clip.htm#_msocom_9'>[JS9]</a></p>"
    )
    screen.paste(WORD + more)
    assert screen.page.locator(".rich del").count() == 3
    assert (
        screen.page.eval_on_selector(".rich ol", "list => getComputedStyle(list).listStyleType")
        == "lower-alpha"
    )
    screen.press("Save and go on to")
    assert screen.page.url.split("#")[0].endswith("/edit/story")
    assert "We left out 2 deleted passages and 1 comment. Look once more." in screen.page.inner_text("main")
    assert screen.page.locator("textarea[name=body]").input_value() == (
        "The council today announced the plan for fifty homes.\n\n10⁶ m\n\nc.  c\n\n2025: 12,450 homes"
        "\n\nIn 2025¹ 10⁶ “yes” 漢字（じ） ok"
    )
    assert screen.complaints == []


@pytest.mark.parametrize(
    ("html", "blocked"),
    [("<p>plain <span>words</span></p>", ""), ("<p><b>plain</b> words</p>", "**/story.js*")],
)
def test_a_paste_without_marks_or_without_its_script_is_its_plain_words(
    sender: PlainBrowser, screen: Screen, html: str, blocked: str
) -> None:
    reference = sending.start(sender, "business")
    screen.log_in(SENDER)
    if blocked:
        screen.page.route(blocked, lambda route: route.abort())
    screen.open(f"/desk/releases/{reference}/edit/story")
    screen.page.evaluate(PASTE, ["textarea[name=body]", html])
    screen.page.get_by_text("2 words", exact=True).wait_for()
    assert screen.page.locator("textarea[name=body]").input_value() == "plain words"
    assert screen.page.locator(".rich").count() == 0
    if blocked:
        assert screen.complaints == ["Failed to load resource: net::ERR_FAILED"]
        screen.complaints.clear()


def test_a_pasted_story_stays_rich_after_saving_and_can_go_back_to_text(
    sender: PlainBrowser, screen: Screen
) -> None:
    if not PASTED.is_file():
        pytest.skip("the corpus of pasted texts is not beside the project")
    reference = sending.start(sender, "business")
    screen.log_in(SENDER)
    screen.open(f"/desk/releases/{reference}/edit/story")
    screen.paste(PASTED.read_text(encoding="utf-8"))
    screen.press("Edit as plain text")
    assert "- Wider ramp: 9 metres" in screen.page.locator("textarea[name=body]").input_value()
    assert screen.page.locator("[name=body_format][value=text]").is_checked()
