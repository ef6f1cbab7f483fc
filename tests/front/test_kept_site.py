"""What readers get from a portal that keeps its answers: nothing that has changed, nothing that is not due, nothing of
somebody else's."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import brotli
import psycopg
import pytest
from sqlalchemy import text

from portal.commands.serving.server import listen
from portal.commands.web import serve_pages
from portal.front.door import Door
from portal.front.front import Front
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.public_marks import PostgresqlMark
from portal.storage.unit_of_work import UnitOfWork
from portal.web.access import access_of
from portal.web.public.kept import READS
from tests import builders
from tests.builders import NOON
from tests.rigs.kept_site import KeptSite, kept_site
from tests.rigs.people import StandingClock
from tests.rigs.public_statements import furnish, kept_addresses
from tests.rigs.running_server import heard, opened, run_apart


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(NOON)


@pytest.fixture
def site(settings: Settings, database: Database, clock: StandingClock) -> Iterator[KeptSite]:
    furnish(database)
    with kept_site(settings, database, clock) as served:
        yield served


def said(database: Database, statement: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(statement))


def test_every_page_is_made_once_and_then_given_from_what_is_kept(site: KeptSite) -> None:
    addresses = kept_addresses(site.app)
    first = [site.ask(address) for address in addresses]
    made = site.results()["miss"]
    again = [site.ask(address) for address in addresses]

    assert site.results()["miss"] == made
    assert [(each.status, each.body) for each in again] == [(each.status, each.body) for each in first]
    for one, other in zip(first, again, strict=True):
        assert {
            name: value for name, value in one.headers.items() if name not in ("date", "x-request-id")
        } == {name: value for name, value in other.headers.items() if name not in ("date", "x-request-id")}
        assert one.headers["x-request-id"] != other.headers["x-request-id"]


def test_what_is_kept_is_what_the_application_says(site: KeptSite) -> None:
    """Byte for byte, and header for header but for those that only a server knows."""
    client = site.app.test_client()
    for address in kept_addresses(site.app):
        site.ask(address)
        kept, plain = site.ask(address), client.get(address)
        assert (kept.status, kept.body) == (plain.status_code, plain.data), address
        told = {name.lower(): value for name, value in plain.headers.items() if name != "X-Request-Id"}
        assert told.items() <= kept.headers.items(), address


def test_the_table_names_every_page_that_may_be_kept_and_no_other(site: KeptSite) -> None:
    assert {access_of(site.app, endpoint) for endpoint in READS} == {"anyone"}
    opened = {endpoint_of(site, address) for address in kept_addresses(site.app)}
    assert opened | {"static"} == set(READS)


def endpoint_of(site: KeptSite, address: str) -> str:
    return site.app.url_map.bind("localhost").match(address.partition("?")[0])[0]


@pytest.mark.parametrize("asked", ["utm_source=letter", "x=1&y=2", "session=abc", "q2=mill"])
def test_what_no_page_reads_changes_nothing_and_takes_no_room(site: KeptSite, asked: str) -> None:
    for address in kept_addresses(site.app):
        plain = site.ask(address)
        made = site.results()["miss"]
        other = site.ask(address + ("&" if "?" in address else "?") + asked)
        assert (other.status, other.body) == (plain.status, plain.body), address
        assert site.results()["miss"] == made, address


def test_a_redirect_takes_the_whole_query_along(site: KeptSite) -> None:
    bare = next(
        path
        for path in kept_addresses(site.app)
        if path.startswith("/releases/SEAP") and path.count("/") == 2
    )
    first, second = site.ask(f"{bare},"), site.ask(f"{bare},?utm_source=x")

    assert (first.status, second.status) == (301, 301)
    assert "utm_source" not in first.headers["location"]
    assert second.headers["location"].endswith("?utm_source=x")
    assert "utm_source" not in site.ask(f"{bare},").headers["location"]


def test_cookies_and_tongues_of_one_reader_are_not_told_to_whoever_makes_it(site: KeptSite) -> None:
    plain = site.ask("/")
    for number, header in enumerate(
        ("cookie", "authorization", "accept_language", "x_original_url", "forwarded")
    ):
        address = f"/releases/?after={number}x"
        one = site.ask(address, **{header: "portal_session=abc; x=<script>"})
        assert "set-cookie" not in one.headers
        assert one.body == site.ask(address).body
    assert "set-cookie" not in plain.headers


def test_packed_in_part_and_unchanged(site: KeptSite) -> None:
    whole = site.ask("/")
    packed, squeezed = site.ask("/", accept_encoding="br, gzip"), site.ask("/", accept_encoding="gzip")
    known = site.ask("/", if_none_match=packed.headers["etag"])
    part = site.ask("/", range="bytes=0-14")
    head = site.ask("/", "HEAD")

    assert brotli.decompress(packed.body) == gzip.decompress(squeezed.body) == whole.body
    assert (known.status, known.body) == (304, b"")
    assert (part.status, part.body) == (206, whole.body[:15])
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(whole.body)))


def test_forms_are_packed_too(site: KeptSite) -> None:
    login = site.ask("/account/login", accept_encoding="br")

    assert b"password" in brotli.decompress(login.body)
    assert login.headers["cache-control"] == "no-store"


HOLD = "INSERT INTO clock_hold (id, kind, since, why) VALUES (1, 'clock', '2026-03-24 03:20:00', 'a jump')"


@pytest.mark.parametrize("changes", ["kill", "correction", "name"])
def test_a_change_shows_on_the_very_next_request(site: KeptSite, database: Database, changes: str) -> None:
    page = next(
        path
        for path in kept_addresses(site.app)
        if path.startswith("/releases/SEAP") and path.count("/") == 3
    )
    addresses = ("/", "/releases/", "/feeds/all.rss", "/feeds/all.json", page, "/sitemap.xml")
    before = {address: site.ask(address).body for address in addresses}
    reference = page.split("/")[2]
    statement = {
        "kill": f"UPDATE releases SET publication = 'killed', removed_at = live_from WHERE reference = '{reference}'",
        "correction": "UPDATE revisions SET headline = 'Corrected by hand', excerpt = 'Another'",
        "name": "UPDATE organisations SET name = 'Another house'",
    }[changes]

    said(database, statement)

    for address in addresses[:5]:
        assert site.ask(address).body != before[address], address


def test_what_is_due_shows_on_the_dot_and_not_before(
    site: KeptSite, database: Database, clock: StandingClock
) -> None:
    with UnitOfWork(database) as work:
        row = builders.scheduled_release(
            work, headline="Embargoed words", live_from=NOON + timedelta(seconds=10)
        )
        work.commit()
        address = f"/releases/{row.reference}"
    for seconds in (0, 5, 9.99):
        clock.moment = NOON + timedelta(seconds=seconds)
        assert "Embargoed words" not in site.ask("/").text
        assert site.ask(address).status == 404

    clock.moment = NOON + timedelta(seconds=10)

    assert "Embargoed words" in site.ask("/").text
    assert site.ask(address).status == 301


def test_a_hold_hides_what_is_due_and_its_end_shows_it(site: KeptSite, database: Database) -> None:
    with UnitOfWork(database) as work:
        builders.due_release(work, headline="Due and not recorded", at=NOON - timedelta(minutes=1))
        work.commit()
    assert "Due and not recorded" in site.ask("/").text

    said(database, HOLD)
    assert "Due and not recorded" not in site.ask("/").text
    said(database, "DELETE FROM clock_hold")
    assert "Due and not recorded" in site.ask("/").text


def test_the_numbers_tell_what_became_of_requests(site: KeptSite) -> None:
    tag = site.ask("/").headers["etag"]
    site.ask("/")
    site.ask("/", if_none_match=tag)

    numbers = site.ask("/metrics").text
    assert 'portal_page_cache_total{result="hit"} 1.0' in numbers
    assert 'portal_page_cache_total{result="unchanged"} 1.0' in numbers
    assert 'portal_page_cache_total{result="miss"} 1.0' in numbers


def test_a_host_that_is_not_ours_gets_nothing_that_is_kept(site: KeptSite) -> None:
    site.ask("/")

    assert site.ask("/", host="evil.example").status == 400
    assert site.ask("/").status == 200


def test_without_room_nothing_is_kept(settings: Settings, database: Database, clock: StandingClock) -> None:
    furnish(database)
    with kept_site(replace(settings, page_cache_mb=0), database, clock) as served:
        assert served.ask("/").status == 200
        assert served.ask("/", if_none_match=served.ask("/").headers["etag"]).status == 304
        assert served.results() == {}


def test_what_fails_for_one_reader_is_told_to_that_reader_alone(
    site: KeptSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Front.answer

    def fails(front, kept, headers, **more):
        if "range" in headers:
            raise ValueError
        return whole(front, kept, headers, **more)

    monkeypatch.setattr(Front, "answer", fails)
    monkeypatch.setattr(Door, "_is_trusted", lambda _door, host: 1 / (host != "fails"))

    assert site.ask("/", Host="fails").status == 500
    assert site.ask("/", Range="bytes=0-1").status == 500  # whoever makes it
    assert site.ask("/").status == 200
    assert site.ask("/", Range="bytes=0-1").status == 500  # whoever is given what is kept
    assert site.ask("/").status == 200


def test_a_mark_that_cannot_be_read_is_told_whatever_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args, **_more):
        raise RuntimeError

    monkeypatch.setattr(psycopg, "connect", fails)

    async def asked() -> list[int | None]:
        mark, told = PostgresqlMark("postgresql://nowhere.invalid/x"), []
        for _ in range(2):
            answered = asyncio.get_running_loop().create_future()
            mark.tell(answered.set_result)
            told.append(await asyncio.wait_for(answered, 10))
        mark.close()
        return told

    assert run_apart(asked()) == [None, None]


def test_an_address_that_is_taken_is_told_in_a_sentence(
    settings: Settings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with listen("127.0.0.1", 0) as taken:
        taken.listen()
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SystemExit):
            serve_pages(replace(settings, database_url=database.url, bind=bind))

    said = capsys.readouterr()
    assert f"Cannot listen at {bind}: Address already in use." in said.err + said.out


def test_a_name_is_listened_at() -> None:
    with listen("localhost", 0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"


def test_nobody_waits_for_the_answers_of_others_without_end(
    site: KeptSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every answer is out of date when it comes; six who ask for it at once all get one."""
    kitchen = site.running.server._kitchen
    assert kitchen is not None
    monkeypatch.setattr(kitchen.front, "look", lambda _key, _mark: None)
    alone = site.running.server._ask_for_one
    asked: list[int] = []

    def counted(connection: Any, request: Any) -> None:
        asked.append(1)
        alone(connection, request)

    monkeypatch.setattr(site.running.server, "_ask_for_one", counted)
    head = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    links = [opened(site.running.address, head) for _ in range(6)]

    assert [heard(link).startswith("HTTP/1.1 200 ") for link in links] == [True] * 6
    assert len(asked) >= 1
