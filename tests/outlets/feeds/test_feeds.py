"""Feeds as programs read them: parsed back, with ids that never change and addresses that are whole."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import feedparser
import pytest

from portal.outlets.feeds import atom, json_feed, rss
from portal.outlets.feeds.entries import Feed, entry, plain_title
from portal.outlets.public_release import whole
from portal.storage.unit_of_work import UnitOfWork
from tests import builders

BASE = "https://post.example"
PUBLISHED = datetime(2026, 3, 24, 3, 20, tzinfo=UTC)
FORMS = {"rss": rss, "atom": atom}
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def feed_with(sqlite_database):
    """A feed of one release for each mapping of values."""

    def made(*releases, correct_after=None):
        with UnitOfWork(sqlite_database) as work:
            rows = [builders.published_release(work, at=PUBLISHED, **values) for values in releases]
            for row in rows if correct_after else ():
                row.updated_at = PUBLISHED + correct_after
            work.commit()
            return [entry(whole(row), BASE) for row in rows]

    return made


def feed_of(entries):
    return Feed(
        "Post: all releases",
        "Every release",
        f"{BASE}/",
        f"{BASE}/feeds/all.xml",
        f"{BASE}/icon.png",
        entries,
    )


@pytest.mark.parametrize("form", FORMS)
def test_feedparser_reads_every_part_back(feed_with, form):
    [made] = entries = feed_with({"summary": "Eleven villages will mill their own rice."})

    parsed = feedparser.parse(FORMS[form].write(feed_of(entries)))

    [item] = parsed.entries
    assert not parsed.bozo
    assert parsed.feed.title == "Post: all releases"
    assert parsed.feed.link == f"{BASE}/"
    assert [link.href for link in parsed.feed.links if link.rel == "self"] == [f"{BASE}/feeds/all.xml"]
    assert item.title == "Farmers’ co-operative opens its own rice mill"
    assert item.id == made.id
    assert item.link == made.url
    assert item.author == "Lotus Basin Rice Growers"
    assert item.summary == "BATTAMBANG, Cambodia – Eleven villages will mill their own rice."
    assert "<strong>BATTAMBANG, Cambodia –</strong> Eleven villages" in item.content[0].value
    assert "PRESS RELEASE – supplied by Lotus Basin Rice Growers" in item.content[0].value
    assert item.published_parsed[:5] == (2026, 3, 24, 3, 20)
    assert (parsed.feed.image.href if form == "rss" else parsed.feed.logo) == f"{BASE}/icon.png"


def test_an_rss_guid_is_opaque_and_no_address(feed_with):
    entries = feed_with({})

    written = rss.write(feed_of(entries)).decode()

    assert f'<guid isPermaLink="false">{entries[0].id}</guid>' in written
    assert entries[0].id.startswith("urn:uuid:")
    assert written.index(
        "<description>Eleven" if "<description>Eleven" in written else "<description>BATT"
    ) < (written.index("<content:encoded>"))


def test_a_correction_moves_updated_and_never_published(feed_with):
    entries = feed_with({}, correct_after=timedelta(hours=2))

    [item] = feedparser.parse(atom.write(feed_of(entries))).entries
    found = json.loads(json_feed.write(feed_of(entries)))["items"][0]

    assert (item.published, item.updated) == ("2026-03-24T03:20:00+00:00", "2026-03-24T05:20:00+00:00")
    assert (found["date_published"], found["date_modified"]) == (
        "2026-03-24T03:20:00Z",
        "2026-03-24T05:20:00Z",
    )


def test_an_rss_item_says_its_language_and_when_it_changed(feed_with):
    entries = feed_with({"language": "my"}, correct_after=timedelta(hours=2))

    [item] = ET.fromstring(rss.write(feed_of(entries))).iterfind("channel/item")

    assert item.findtext("{http://purl.org/dc/elements/1.1/}language") == "my"
    assert item.findtext("{http://www.w3.org/2005/Atom}updated") == "2026-03-24T05:20:00+00:00"
    assert item.findtext("pubDate") == "Tue, 24 Mar 2026 03:20:00 +0000"


def test_json_feed_has_what_the_format_asks_for(feed_with):
    [made] = entries = feed_with({"language": "my"})

    found = json.loads(json_feed.write(feed_of(entries)))

    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert (found["icon"], found["favicon"]) == (f"{BASE}/icon.png", f"{BASE}/icon.png")
    assert found["feed_url"] == f"{BASE}/feeds/all.xml"
    assert found["items"][0]["id"] == made.id
    assert found["items"][0]["language"] == "my"
    assert found["items"][0]["authors"] == [{"name": made.supplier, "url": made.supplier_url}]


TITLES = {
    "rss": "A]]> ‹script›alert(1)‹/script› & ‹img src=x onerror=alert(1)",
    "atom": "A]]> <script>alert(1)</script> & <img src=x onerror=alert(1)",
}


@pytest.mark.parametrize("form", FORMS)
def test_hostile_and_unwritable_characters_leave_the_feed_well_formed(feed_with, form):
    odd = "A\x0b]]>\ufffe <script>alert(1)</script> & <img src=x onerror=alert(1)"
    entries = feed_with(
        {"headline": odd, "summary": odd, "subheadline": odd, "city": odd, "contact_name": odd}
    )

    parsed = feedparser.parse(FORMS[form].write(feed_of(entries)), sanitize_html=False)

    assert not parsed.bozo
    assert parsed.entries[0].title == TITLES[form]
    assert "<script" not in parsed.entries[0].content[0].value
    assert "<img" not in parsed.entries[0].content[0].value


def test_a_title_of_characters_that_cannot_be_written_falls_back_to_the_reference(feed_with):
    [made] = feed_with({"headline": "\ufffe\x0b"})

    assert made.title.startswith("SEAP-2026-")


@pytest.mark.parametrize(
    ("typed", "in_rss"),
    [
        ("Profit <b up, loss <c down", "Profit ‹b up, loss ‹c down"),
        ("Profit < 5 and loss > 3", "Profit < 5 and loss > 3"),
        ("I <3 Yangon", "I <3 Yangon"),
        ("Ferries <<i>script>alert(1)", "Ferries <‹i›script>alert(1)"),
        ("<Kinta Rovers> win", "‹Kinta Rovers› win"),
        ("x </b> y <!-- z", "x ‹/b› y ‹!-- z"),
        ("R&D, AT&amp;T", "R&D, AT&amp;T"),
    ],
)
def test_all_words_of_a_title_and_a_name_stay(feed_with, typed, in_rss):
    """Plain text in Atom and JSON; in RSS, whose readers may take a title for HTML, without angles around words."""
    entries = feed_with({"headline": typed, "city": f"{typed} Town"})
    whole_feed = replace(
        feed_of([replace(each, supplier=typed) for each in entries]), title=typed, description=typed
    )

    in_json = json.loads(json_feed.write(whole_feed))
    read = {form: ET.fromstring(writer.write(whole_feed)) for form, writer in FORMS.items()}

    [item] = in_json["items"]
    assert [in_json["title"], item["title"], item["authors"][0]["name"]] == [typed] * 3
    assert item["tags"][1].startswith(typed)
    assert [each.text for each in read["atom"].iter(f"{ATOM}title")] == [typed] * 2
    assert read["atom"].find(f".//{ATOM}author/{ATOM}name").text == typed
    assert read["atom"].findall(f".//{ATOM}category")[1].get("term").startswith(typed)
    assert {each.text for each in read["rss"].iter("title")} == {in_rss}
    assert read["rss"].find(".//channel/description").text == in_rss
    assert read["rss"].find(".//item/{http://purl.org/dc/elements/1.1/}creator").text == in_rss
    assert read["rss"].findall(".//item/category")[1].text.startswith(in_rss)


def test_a_name_is_one_line():
    assert plain_title(" Lotus\n Basin\x0b ") == "Lotus Basin"


@pytest.mark.parametrize(
    ("kind", "word"), [("cancelled", "Cancelled"), ("postponed", "Postponed"), ("outdated", "Out of date")]
)
def test_what_is_off_says_so_before_its_title(sqlite_database, kind, word):
    with UnitOfWork(sqlite_database) as work:
        row = builders.published_release(work, at=PUBLISHED)
        row.notice_kind, row.notice_at = kind, PUBLISHED
        work.commit()
        made = entry(whole(row), BASE)

    assert made.title == f"{word}: Farmers’ co-operative opens its own rice mill"


def test_a_right_to_left_story_says_so(feed_with):
    [made] = feed_with({"language": "ar", "headline": "افتتاح مكتبة جديدة"})

    assert '<div lang="ar" dir="rtl">' in made.content_html


def test_lines_of_facts_and_quotes_stay_lines(feed_with):
    [made] = feed_with(
        {"jobs": "8 now\n4 in <May>", "quotes-0-text": "Our rice.\nOur mill.", "quotes-0-speaker": "Sok"}
    )

    assert "Jobs: 8 now<br>4 in &lt;May&gt;</li>" in made.content_html
    assert "<blockquote><p>Our rice.<br>Our mill.</p><p>Sok</p></blockquote>" in made.content_html


def test_every_address_in_an_entry_is_whole(feed_with):
    [made] = feed_with({})

    assert made.url.startswith(f"{BASE}/releases/SEAP-2026-")
    assert 'href="/' not in made.content_html


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_feed_is_the_same_at_every_asking(form):
    empty = feed_of([])

    assert not feedparser.parse(FORMS[form].write(empty)).bozo
    assert b"1970" in FORMS[form].write(empty)
