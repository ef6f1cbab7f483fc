"""Feeds as programs read them: parsed back, with ids that never change and addresses that are whole."""

import json
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

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


@pytest.mark.parametrize("form", FORMS)
def test_hostile_and_unwritable_characters_leave_the_feed_well_formed(feed_with, form):
    odd = "A\x0b]]>\ufffe <script>alert(1)</script> & <img src=x onerror=alert(1)"
    entries = feed_with(
        {"headline": odd, "summary": odd, "subheadline": odd, "city": odd, "contact_name": odd}
    )

    parsed = feedparser.parse(FORMS[form].write(feed_of(entries)), sanitize_html=False)

    assert not parsed.bozo
    assert parsed.entries[0].title == "A]]> alert(1) &"
    assert "<script" not in parsed.entries[0].content[0].value
    assert "<img" not in parsed.entries[0].content[0].value


def test_a_title_that_was_nothing_but_tags_falls_back_to_the_reference(feed_with):
    [made] = feed_with({"headline": "<b></b>"})

    assert made.title.startswith("SEAP-2026-")


def test_mathematics_in_a_title_is_no_tag():
    assert plain_title("Profit < 5 and loss > 3") == "Profit < 5 and loss > 3"


def test_a_tag_that_only_appears_when_another_is_taken_out_does_not_stand_in_a_title():
    assert plain_title("Ferries <<i>script>alert(1)") == "Ferries script>alert(1)"


def test_a_right_to_left_story_says_so(feed_with):
    [made] = feed_with({"language": "ar", "headline": "افتتاح مكتبة جديدة"})

    assert '<div lang="ar" dir="rtl">' in made.content_html


def test_every_address_in_an_entry_is_whole(feed_with):
    [made] = feed_with({})

    assert made.url.startswith(f"{BASE}/releases/SEAP-2026-")
    assert 'href="/' not in made.content_html


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_feed_is_the_same_at_every_asking(form):
    empty = feed_of([])

    assert not feedparser.parse(FORMS[form].write(empty)).bozo
    assert b"1970" in FORMS[form].write(empty)
