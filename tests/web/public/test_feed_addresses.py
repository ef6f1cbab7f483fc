"""Where the feeds stand, what each holds, and how a poller is spared."""

from dataclasses import replace
from datetime import timedelta

import feedparser
import pytest

from portal.app import create_app
from portal.storage.unit_of_work import silent
from tests import builders


def ids(answer):
    return [item.id for item in feedparser.parse(answer.data).entries]


@pytest.mark.parametrize(
    ("form", "content_type"),
    [
        ("rss", "application/rss+xml; charset=utf-8"),
        ("atom", "application/atom+xml; charset=utf-8"),
        ("json", "application/feed+json"),
    ],
)
def test_each_form_says_what_it_is_and_where_it_stands(reader, saving, form, content_type):
    with saving() as work:
        builders.published_release(work)

    answer = reader.get(f"/feeds/all.{form}")

    assert answer.headers["Content-Type"] == content_type
    assert f"https://post.example/feeds/all.{form}" in answer.text
    assert "localhost" not in answer.text


def test_each_feed_holds_its_own_releases(reader, saving):
    with saving() as work:
        one = builders.published_release(work, house=builders.organisation(work, slug="one"))
        two = builders.published_release(work, kind="sports", city="Ipoh", country="MY")

    assert ids(reader.get("/feeds/all.rss")) == [two.feed_id, one.feed_id]
    assert ids(reader.get("/feeds/sports.rss")) == [two.feed_id]
    assert ids(reader.get("/feeds/place-malaysia.atom")) == [two.feed_id]
    assert ids(reader.get("/feeds/place-malaysia-ipoh.atom")) == [two.feed_id]
    assert ids(reader.get("/feeds/org-one.rss")) == [one.feed_id]
    assert ids(reader.get("/feeds/event.rss")) == []


def test_a_feed_holds_the_newest_thirty(reader, saving, now):
    with saving() as work:
        house, sender = builders.organisation(work), builders.user(work)
        rows = [
            builders.published_release(work, house=house, sender=sender, at=now - timedelta(minutes=number))
            for number in range(33)
        ]

    assert ids(reader.get("/feeds/all.atom")) == [row.feed_id for row in rows[:30]]


@pytest.mark.parametrize("which", ["gossip", "place-atlantis", "org-nobody", "place-", "org-", "all.xml"])
def test_a_feed_that_does_not_exist_is_a_404(reader, which):
    assert reader.get(f"/feeds/{which}.rss").status_code == 404


def test_last_modified_is_when_the_newest_entry_changed(reader, saving, now):
    with saving() as work:
        builders.published_release(work, at=now - timedelta(hours=1))

    assert reader.get("/feeds/all.rss").headers["Last-Modified"] == "Tue, 24 Mar 2026 02:20:00 GMT"


def test_a_poller_that_has_the_newest_gets_a_304(reader, saving):
    with saving() as work:
        builders.published_release(work)
    first = reader.get("/feeds/all.rss")

    by_etag = reader.get("/feeds/all.rss", headers={"If-None-Match": first.headers["ETag"]})
    by_date = reader.get("/feeds/all.rss", headers={"If-Modified-Since": first.headers["Last-Modified"]})

    assert (by_etag.status_code, by_date.status_code) == (304, 304)


def test_a_poller_is_given_the_feed_when_something_was_added_or_taken_away(reader, saving, now):
    with saving() as work:
        builders.published_release(work, at=now - timedelta(hours=2))
        newest = builders.published_release(work, at=now - timedelta(hours=1))
    known = reader.get("/feeds/all.rss").headers

    with saving() as work:
        gone = work.session.merge(newest)
        gone.publication, gone.removed_at = "taken_down", now

    for name, value in (("If-None-Match", known["ETag"]), ("If-Modified-Since", known["Last-Modified"])):
        assert reader.get("/feeds/all.rss", headers={name: value}).status_code == 200


def test_ids_stay_when_headline_and_base_url_change(reader, saving, site_settings, clock):
    with saving() as work:
        row = builders.published_release(work)
        other = builders.submitted_release(work, headline="Another headline")
    before = ids(reader.get("/feeds/all.atom"))

    with saving() as work:
        corrected = work.session.merge(row)
        corrected.live_revision_id = work.session.merge(other).editions[0].revision_id
    moved = replace(site_settings, base_url="https://moved.example", allowed_hosts=("localhost",))
    after = create_app(moved, clock=clock, doorbell=silent).test_client().get("/feeds/all.atom")

    assert "Another headline" in after.text
    assert "https://moved.example/releases/" in after.text
    assert ids(after) == before == [row.feed_id]
