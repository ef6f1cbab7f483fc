"""No early byte and no early hint: every route, asked in every form, by those who may know of nothing hidden."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

import pytest
from werkzeug.exceptions import HTTPException

from portal.storage.tables import Base, Release
from portal.web.access import access_of
from portal.web.public import feeds, pages
from tests.rigs.people import cheap_hashes
from tests.rigs.request_forms import Asked, requests_for
from tests.rigs.two_worlds import two_worlds, with_gone_ones

NOBODY, FOREIGN = 0, 1
FIXED = ("static", "robots", "security_txt", "newsletter", "reason", "icon", "manifest")


@pytest.fixture
def worlds(settings, sqlite_database, tmp_path, now, monkeypatch):
    cheap_hashes(monkeypatch)
    for where, name, size in ((pages, "FRONT_PAGE", 5), (pages, "LIST_PAGE", 3), (feeds, "ITEMS", 4)):
        monkeypatch.setattr(where, name, size)  # short pages go on to a next one all the same, and are quick
    with two_worlds(settings, sqlite_database.url, tmp_path, now) as made:
        yield made


def all_requests(worlds, canaries, asker):
    """Each request once, with the canary that it is about."""
    return {
        asked: canary
        for turn, canary in enumerate(canaries)
        for asked in requests_for(worlds.with_them, canary, asker.token, turn=turn)
    }


@pytest.mark.parametrize("who", [NOBODY, FOREIGN], ids=["nobody", "a member of another house"])
def test_every_route_answers_as_if_the_hidden_releases_had_never_been_made(worlds, who):
    asker = worlds.askers[who]
    requests = all_requests(worlds, worlds.canaries, asker)

    differing = [
        f"{canary.state}: {asked}: {difference}"
        for asked, canary in requests.items()
        if (difference := worlds.difference(asker, asked, canary))
    ]

    assert {canary.state for canary in requests.values()} == {canary.state for canary in worlds.canaries}
    assert len(requests) > 2000
    assert differing == []


def test_no_word_of_what_was_killed_or_taken_down_is_left_on_any_route(worlds, now):
    canaries = with_gone_ones(worlds, now)

    singing = [
        f"{canary.state}: {asked}"
        for asker in worlds.askers
        for asked, canary in all_requests(worlds, canaries, asker).items()
        if canary.sings_in(worlds.answer(worlds.with_them, asker, asked).everything)
        and canary.token not in asked.path + str(asked.headers)
    ]

    assert singing == []


def test_looking_at_any_route_changes_no_row(worlds):
    """GET, HEAD and OPTIONS are inert, also for those who could act: a session's last use is all that is noted."""
    askers = (*worlds.askers, worlds.editor)
    before = rows(worlds)

    answers = [
        worlds.answer(worlds.with_them, asker, asked).status
        for asker in askers
        for asked in all_requests(worlds, worlds.canaries[3:4], asker)
        if asked.method != "POST"
    ]

    assert answers.count(200) > 60
    assert rows(worlds) == before


def rows(worlds):
    """Everything that is kept, but for sessions."""
    with worlds.with_them.extensions["portal"].database.reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(table.select().order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
            if table.name != "sessions"
        }


def test_the_walk_sees_a_leak(worlds, now):
    """The rig itself: a hidden release that is made public differs in status, lists, feeds and ETags."""
    hidden = next(canary for canary in worlds.canaries if canary.state == "scheduled")
    with worlds.with_them.extensions["portal"].work() as work:
        work.session.get_one(Release, hidden.row_id).went_live_at = now
        work.commit()
    addresses = ("/", f"/releases/{hidden.reference}", "/releases/", "/feeds/all.json", "/feeds/all.atom")

    seen = [
        address
        for address in addresses
        if worlds.difference(worlds.askers[NOBODY], Asked("GET", address), hidden)
        and worlds.difference(worlds.askers[NOBODY], Asked("HEAD", address), hidden)
    ]

    assert seen == list(addresses)
    assert hidden.sings_in(
        worlds.answer(worlds.with_them, worlds.askers[NOBODY], Asked("GET", "/")).everything
    )


def test_whatever_is_no_public_page_is_kept_by_nobody(worlds, now):
    """Public answers live until the next known change and carry no cookie; every other one is `no-store`."""
    with worlds.with_them.extensions["portal"].work() as work:
        due = next(canary for canary in worlds.canaries if canary.state == "scheduled")
        work.session.get_one(Release, due.row_id).live_from = now + timedelta(seconds=17)
        work.commit()
    requests = all_requests(worlds, worlds.canaries[:1], worlds.askers[FOREIGN])

    wrong = [
        f"{asked}: {why}"
        for asker in worlds.askers
        for asked in requests
        if (why := kept_too_long(worlds, asker, asked))
    ]

    assert wrong == []


def kept_too_long(worlds, asker, asked):
    answer = worlds.answer(worlds.with_them, asker, asked)
    control = answer.header("Cache-Control")
    if control == "no-store":
        return ""
    endpoint = endpoint_of(worlds.with_them, asked)
    if endpoint and access_of(worlds.with_them, endpoint) != "anyone":
        return f"{control} on a page that is not for all"
    if answer.header("Set-Cookie") or "cookie" in answer.header("Vary").lower():
        return "it is kept and knows its visitor"
    if answer.status not in (200, 206, 301, 304):
        return f"a {answer.status} that is kept"
    shows_no_release = not endpoint or any(word in endpoint for word in FIXED)
    if shows_no_release or seconds_kept(control) <= 17:
        return ""
    return f"{control} goes past the next change (a page that shows no release joins FIXED)"


def endpoint_of(app, asked):
    try:
        return app.url_map.bind("localhost").match(unquote(asked.path.partition("?")[0]))[0]
    except HTTPException:
        return ""


def seconds_kept(control):
    """The longest life that any cache may give it."""
    ages = [int(part.partition("=")[2]) for part in control.split(", ") if "age=" in part]
    return max(ages)
