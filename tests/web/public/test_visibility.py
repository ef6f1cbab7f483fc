"""What is not public is on no public address, and asking for it tells nothing."""

import re
from datetime import timedelta

import pytest

from portal.web.access import access_of
from tests import builders

CANARY = "Canary"
HIDDEN = {
    "draft": builders.draft_release,
    "submitted": builders.submitted_release,
    "rejected": builders.rejected_release,
    "changes_requested": builders.changes_requested_release,
    "withdrawn": builders.withdrawn_release,
}


def hidden_everywhere(work, now):
    """One release in every state that is not public, and the organisation that has nothing else."""
    house = builders.organisation(work, name=f"{CANARY} House", slug="canary-house")
    text = {"headline": f"{CANARY} headline", "summary": f"{CANARY} summary", "city": f"{CANARY}ville"}
    more = {"house": house, "body_html": f"<p>{CANARY} story</p>", "country": "BT", **text}
    rows = [make(work, **more) for make in HIDDEN.values()]
    claimed = builders.claimed_release(work, editor=builders.user(work, role="editor"), **more)
    later = builders.scheduled_release(work, kind="event", live_from=now + timedelta(hours=3), **more)
    return [*rows, claimed, later]


def public_addresses(app, rows):
    """Every public GET address of the url map, with every value that could open something hidden."""
    for rule in app.url_map.iter_rules():
        if access_of(app, rule.endpoint) != "anyone" or rule.endpoint == "static":
            continue
        for row in rows:
            yield from _addresses(str(rule), row)


def _addresses(rule, row):
    feeds = ("all", row.kind, "place-bhutan", "place-bhutan-canaryville", f"org-{row.organisation.slug}")
    for which in feeds if "<which>" in rule else ("",):
        for form in ("rss", "atom", "json") if "/feeds/" in rule else ("",):
            address = rule.replace("<which>", which).replace("<any(rss, atom, json):form>", form)
            address = re.sub("<reference>", row.reference, address)
            address = address.replace("/organisations/<slug>", f"/organisations/{row.organisation.slug}")
            yield re.sub("<[^>]*>", row.slug or "canary-headline", address)


def test_no_public_address_shows_a_canary(app, reader, saving, now):
    with saving() as work:
        rows = hidden_everywhere(work, now)
        builders.published_release(work)
    addresses = set(public_addresses(app, rows))
    queries = ("?kind=event", "?place=bhutan", "?org=canary-house", "?q=story", "?after=xyz", "?page=2")
    addresses |= {f"/releases/{query}" for query in queries}

    leaks = [
        address
        for address in sorted(addresses)
        for method in ("get", "head")
        if "canary" in seen(getattr(reader, method)(address))
    ]

    assert len(addresses) > 30
    assert leaks == []


def seen(answer):
    return (answer.get_data().decode("utf-8", "replace") + str(answer.headers)).lower()


@pytest.mark.parametrize("state", [*HIDDEN, "scheduled"])
def test_a_hidden_reference_is_answered_like_one_that_never_existed(reader, saving, now, state):
    with saving() as work:
        row = (
            builders.scheduled_release(work, live_from=now + timedelta(hours=1))
            if state == "scheduled"
            else HIDDEN[state](work)
        )

    for path in ("/releases/{}", "/releases/{}/any-words", f"/releases/{{}}/{row.slug}"):
        hidden = reader.get(path.format(row.reference))
        unknown = reader.get(path.format("SEAP-2026-ZZZZZ"))

        assert hidden.status_code == unknown.status_code == 404
        assert without_request_id(hidden) == without_request_id(unknown)


def without_request_id(answer):
    request_id = answer.headers["X-Request-Id"]
    headers = sorted((name, value) for name, value in answer.headers if name != "X-Request-Id")
    return headers, answer.text.replace(request_id, "")


def test_a_404_is_kept_by_nobody(reader):
    assert reader.get("/releases/SEAP-2026-ZZZZZ").headers["Cache-Control"] == "no-store"


def test_a_scheduled_release_appears_in_its_minute_without_any_worker(reader, saving, clock, now):
    with saving() as work:
        row = builders.scheduled_release(work, live_from=now + timedelta(minutes=5))
    address = f"/releases/{row.reference}/{row.slug}"
    before = reader.get(address).status_code

    clock.instant = now + timedelta(minutes=5)

    assert before == 404
    assert reader.get(address).status_code == 200
    assert row.reference in reader.get("/").text
    assert row.feed_id in reader.get("/feeds/all.rss").text


def test_a_clock_that_steps_back_hides_nothing_that_went_live(reader, saving, clock, now):
    with saving() as work:
        row = builders.published_release(work, at=now)

    clock.instant = now - timedelta(days=1)

    assert reader.get(f"/releases/{row.reference}/{row.slug}").status_code == 200


def test_nothing_of_a_public_feed_moves_when_something_hidden_is_made(reader, saving, now):
    addresses = [
        f"/feeds/{which}.{form}" for which in ("all", "business") for form in ("rss", "atom", "json")
    ]
    with saving() as work:
        builders.published_release(work, at=now - timedelta(days=1))
    before = [everything(reader.get(address)) for address in addresses]

    with saving() as work:
        hidden_everywhere(work, now)

    assert [everything(reader.get(address)) for address in addresses] == before


def everything(answer):
    return without_request_id(answer)


def test_an_organisation_without_public_releases_has_no_page_and_no_feed(reader, saving):
    with saving() as work:
        house = builders.organisation(work, slug="quiet-house")
        builders.submitted_release(work, house=house)

    for address in ("/organisations/quiet-house", "/feeds/org-quiet-house.rss", "/releases/?org=quiet-house"):
        assert reader.get(address).status_code == 404


@pytest.mark.parametrize(
    "odd", ["/releases/%00", "/organisations/%00", "/feeds/place-%00.rss", "/releases/?place=%00"]
)
def test_odd_characters_in_an_address_are_a_404(reader, odd):
    assert reader.get(odd).status_code == 404
