"""What search engines are told: all that is public, well-formed, and nothing else."""

from datetime import timedelta
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select

from portal.actions.releases import mapping
from portal.storage.queries import sitemap
from portal.storage.tables import DigestDelivery, DigestIssue, Release, SitemapPart
from tests import builders

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}


def read(answer):
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    return ET.fromstring(answer.data)


def locations(answer):
    return [found.text for found in read(answer).iterfind(".//s:loc", NAMES)]


def address_of(row):
    return f"https://post.example/releases/{row.reference}/{row.slug}"


@pytest.fixture
def small_parts(monkeypatch):
    """Three addresses to a file."""
    monkeypatch.setattr(sitemap, "PART", 3)
    monkeypatch.setattr(sitemap.part, "__defaults__", (3,))
    monkeypatch.setattr(sitemap.beginnings, "__defaults__", (3,))
    monkeypatch.setattr(sitemap.next_beginning, "__defaults__", (3,))


def test_a_small_site_is_one_file_with_the_last_change_of_each_release(reader, saving, now):
    with saving() as work:
        first = builders.published_release(work, at=now - timedelta(days=40))
        changed = builders.published_release(work, at=now - timedelta(days=2))
        changed.updated_at = now - timedelta(hours=3)

    answer = reader.get("/sitemap.xml")

    houses = [
        f"/organisations/{slug}" for slug in sorted({first.organisation.slug, changed.organisation.slug})
    ]
    lists = ["/", "/releases/", "/releases/?kind=business", "/releases/?place=cambodia"]
    pages = [
        f"https://post.example{path}" for path in [*lists, "/releases/?place=cambodia-battambang", *houses]
    ]
    assert locations(answer) == [*pages, address_of(first), address_of(changed)]
    assert [found.text for found in read(answer).iterfind(".//s:lastmod", NAMES)] == [
        "2026-02-12T03:20:00Z",
        "2026-03-24T00:20:00Z",
    ]


def test_a_large_site_is_an_index_of_parts_without_gaps_or_doubles(reader, saving, now, small_parts):
    with saving() as work:
        house, sender = builders.organisation(work), builders.user(work)
        rows = [
            builders.published_release(
                work, house=house, sender=sender, at=now - timedelta(minutes=60 - number // 2)
            )
            for number in range(8)
        ]

    index = reader.get("/sitemap.xml")
    parts = locations(index)
    found = [locations(reader.get(part.removeprefix("https://post.example"))) for part in parts]

    assert read(index).tag.endswith("sitemapindex")
    assert [len(part) for part in found] == [9, 3, 2]  # the first has the front page and the lists
    assert [address for part in found for address in part][6:] == [address_of(row) for row in rows]


def kept_parts(portal, now):
    mapping.keep_parts(portal, now=now)
    with portal.database.reading() as session:
        return list(session.scalars(select(SitemapPart.release_id).order_by(SitemapPart.id)))


def test_a_kept_part_stays_as_it_is_while_releases_come_and_go(reader, app, saving, now, small_parts):
    """Each part holds all that is public between two places: none is lost where some come back or are removed."""
    with saving() as work:
        house, sender = builders.organisation(work), builders.user(work)
        rows = [
            builders.published_release(
                work, house=house, sender=sender, at=now - timedelta(minutes=60 - number)
            )
            for number in range(10)
        ]
        rows[1].publication, rows[1].removed_at = "taken_down", now
    assert kept_parts(app.extensions["portal"], now) == [rows[3].id, rows[6].id]

    with saving() as work:
        back, gone = work.session.get(Release, rows[1].id), work.session.get(Release, rows[4].id)
        back.publication, back.removed_at = "live", None
        gone.publication, gone.removed_at = "killed", now

    parts = locations(reader.get("/sitemap.xml"))
    found = [locations(reader.get(part.removeprefix("https://post.example"))) for part in parts]
    assert [[address for address in part if "/releases/SEAP" in address] for part in found] == [
        [address_of(row) for row in rows[:4]],
        [address_of(row) for row in rows[5:7]],
        [address_of(row) for row in rows[7:]],
    ]
    assert kept_parts(app.extensions["portal"], now) == [rows[3].id, rows[6].id]


def test_what_is_not_recorded_as_public_begins_no_part(app, saving, now, small_parts):
    with saving() as work:
        for number in range(4):
            builders.due_release(work, at=now - timedelta(minutes=60 - number))

    assert kept_parts(app.extensions["portal"], now) == []


def test_an_index_has_no_part_without_an_address(reader, saving, now, small_parts):
    with saving() as work:
        for number in range(6):
            builders.published_release(work, at=now - timedelta(minutes=number))

    assert len(locations(reader.get("/sitemap.xml"))) == 2


def test_every_list_that_shows_something_is_named_and_no_other(reader, saving, now):
    with saving() as work:
        event = builders.published_release(work, kind="event", city="Ipoh", country="MY")
        left = builders.published_release(work, kind="sports", country="SG", city="Singapore")
        left.expires_at = now - timedelta(hours=1)
        builders.scheduled_release(work, kind="business", live_from=now + timedelta(hours=1))
        builders.submitted_release(work, kind="appointment", country="VN", city="Hue")
        gone = builders.published_release(work, kind="community", country="TH", city="Trang")
        gone.publication, gone.removed_at = "killed", now
        for day, sent in (("2026-03-22", True), ("2026-03-23", False)):
            issue = DigestIssue(date=day, due_at=now, closed_at=now, queued_at=now)
            work.session.add(issue)
            work.session.flush()
            if sent:
                letter = {"issue_id": issue.id, "subscriber_id": 1, "nonce": "n", "next_at": now}
                work.session.add(DigestDelivery(**letter, state="sent", sent_at=now))

    found = [
        address.removeprefix("https://post.example") for address in locations(reader.get("/sitemap.xml"))
    ]

    assert [path for path in found if "?" in path or "/organisations/" in path or "/newsletter/" in path] == [
        "/releases/?kind=event",
        "/releases/?place=malaysia",
        "/releases/?place=malaysia-ipoh",
        f"/organisations/{event.organisation.slug}",
        "/newsletter/issues/2026-03-22",
    ]


def test_a_part_that_was_never_ours_is_the_whole(reader, saving):
    with saving() as work:
        builders.published_release(work)

    assert reader.get("/sitemap.xml?after=xyz").data == reader.get("/sitemap.xml").data


def test_the_news_sitemap_holds_two_days_and_says_what_google_asks(reader, saving, now):
    with saving() as work:
        row = builders.published_release(
            work, headline="Rice & <mills>", language="zh-Hant", at=now - timedelta(hours=47)
        )
        builders.published_release(work, at=now - timedelta(hours=49))

    url = read(reader.get("/news-sitemap.xml")).find("s:url", NAMES)
    said = {found.tag.partition("}")[2]: found.text for found in url.iter()}

    assert said["loc"] == address_of(row)
    assert said["name"] == "South East Asia Post"
    assert said["language"] == "zh-tw"
    assert said["publication_date"] == "2026-03-22T04:20:00Z"
    assert said["title"] == "Rice & <mills>"


def test_without_news_the_file_is_empty_and_stays(reader):
    assert locations(reader.get("/news-sitemap.xml")) == []


def test_neither_file_moves_when_something_hidden_is_made(reader, saving, now):
    files = ("/sitemap.xml", "/news-sitemap.xml")
    with saving() as work:
        builders.published_release(work)
    before = [(reader.get(file).data, reader.get(file).headers["ETag"]) for file in files]

    with saving() as work:
        builders.draft_release(work)
        builders.submitted_release(work)
        builders.scheduled_release(work, live_from=now + timedelta(hours=1))
        gone = builders.published_release(work)
        gone.publication, gone.removed_at = "killed", now

    assert [(reader.get(file).data, reader.get(file).headers["ETag"]) for file in files] == before


def test_a_scheduled_release_is_on_both_in_its_minute(reader, saving, clock, now):
    with saving() as work:
        row = builders.scheduled_release(work, live_from=now + timedelta(seconds=0.5))
    files = ("/sitemap.xml", "/news-sitemap.xml")
    before = [reader.get(file) for file in files]

    clock.instant = now + timedelta(seconds=0.5)

    assert [row.reference in answer.text for answer in before] == [False, False]
    assert [answer.headers["Cache-Control"] for answer in before] == [
        "public, max-age=0, s-maxage=0, stale-while-revalidate=0"
    ] * 2
    assert [row.reference in reader.get(file).text for file in files] == [True, True]


def test_robots_may_read_how_to_send_news_and_nothing_that_people_write(reader):
    robots = RobotFileParser()
    robots.parse(reader.get("/robots.txt").text.splitlines())
    site = "https://post.example"

    open_to_all = ("/", "/submit", "/releases/", "/newsletter", "/help/reasons")
    assert [page for page in open_to_all if not robots.can_fetch("Bot", site + page)] == []
    closed = (
        "/desk",
        "/desk/releases/SEAP-2026-22222/edit/news",
        "/submit/quick/event",
        "/newsroom",
        "/account/login",
    )
    assert [page for page in closed if robots.can_fetch("Bot", site + page)] == []


def test_robots_are_told_of_both(reader):
    lines = reader.get("/robots.txt").text.splitlines()

    assert [line for line in lines if line.startswith("Sitemap:")] == [
        "Sitemap: https://post.example/sitemap.xml",
        "Sitemap: https://post.example/news-sitemap.xml",
    ]
