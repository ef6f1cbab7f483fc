"""Public answers are the same for all: no cookie, no session, short lives, conditional requests."""

from datetime import timedelta

import pytest

from tests import builders


@pytest.fixture
def database(sqlite_database):
    """What a page says does not depend on the database; once is enough."""
    return sqlite_database


PAGES = ("/", "/releases/", "/releases/?kind=business", "/newsletter", "/help/reasons", "/feeds/all.rss")


@pytest.fixture
def row(saving, now):
    with saving() as work:
        return builders.published_release(work, at=now - timedelta(hours=1))


def addresses(row):
    return [*PAGES, f"/releases/{row.reference}/{row.slug}", f"/organisations/{row.organisation.slug}"]


def test_no_public_answer_sets_a_cookie_or_depends_on_one(reader, row):
    for address in addresses(row):
        answer = reader.get(address)

        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_caches_keep_an_answer_for_a_second_at_most(reader, row):
    for address in addresses(row):
        assert (
            reader.get(address).headers["Cache-Control"]
            == "public, max-age=0, s-maxage=1, stale-while-revalidate=0"
        )


def test_no_cache_keeps_an_answer_past_the_next_release(reader, saving, row, now):
    with saving() as work:
        builders.scheduled_release(work, live_from=now + timedelta(seconds=0.5))

    for address in ("/", "/releases/", "/feeds/all.atom", f"/releases/{row.reference}"):
        assert (
            reader.get(address).headers["Cache-Control"]
            == "public, max-age=0, s-maxage=0, stale-while-revalidate=0"
        )


def test_the_same_etag_is_answered_with_304_and_no_body(reader, row):
    for address in addresses(row):
        etag = reader.get(address).headers["ETag"]

        again = reader.get(address, headers={"If-None-Match": etag})

        assert not etag.startswith("W/")
        assert again.status_code == 304
        assert again.data == b""
        assert again.headers["ETag"] == etag


def test_head_is_answered_like_get_without_the_body(reader, row):
    for address in addresses(row):
        answer, head = reader.get(address), reader.head(address)

        assert head.status_code == 200
        assert head.data == b""
        assert head.headers["Content-Length"] == str(len(answer.data))
        assert head.headers["ETag"] == answer.headers["ETag"]


def test_unknown_query_keys_change_nothing(reader, row):
    for address in ("/", "/releases/", "/feeds/all.json", f"/organisations/{row.organisation.slug}"):
        odd = reader.get(address, query_string={"page": "2", "utm_source": "x", "format": "json"})

        assert odd.data == reader.get(address).data


def test_another_host_in_the_request_is_not_written_into_a_page(reader, row):
    for address in addresses(row):
        answer = reader.get(address, headers={"X-Forwarded-Host": "evil.example", "X-Original-URL": "/evil"})

        assert b"evil" not in answer.data
        assert b"localhost" not in answer.data


def test_every_public_page_carries_the_house_policy(reader, row):
    for address in addresses(row):
        assert "script-src 'self'" in reader.get(address).headers["Content-Security-Policy"]
