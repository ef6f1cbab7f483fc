"""After a kill the next request finds a notice and not a byte of the text, on every public address."""

import json
from datetime import timedelta

import feedparser
import pytest

from portal.actions.moderating import undoing
from portal.actions.publishing import killing, removing
from portal.actions.publishing.killing import Kill
from portal.actions.submitting import drafting
from tests import builders
from tests.rules.examples import EXAMPLES

TOKEN = "qzxwvanary"
TEXT = {
    "headline": f"{TOKEN} carrier opens a route",
    "subheadline": f"{TOKEN} below it",
    "summary": f"{TOKEN} in short",
    "city": f"{TOKEN}ville",
    "body": EXAMPLES["event"]["body"] + f"\n\nAnd {TOKEN} said so.",
}
FORMS = ("rss", "atom", "json")
KILL = Kill("The fair was made up.", ["FACTS"], "The organiser told us so.", mail_readers=True)


@pytest.fixture
def house(database):
    from portal.storage.unit_of_work import UnitOfWork

    with UnitOfWork(database) as work:
        builders.published_release(work, headline="Another story stays")
        work.commit()


@pytest.fixture
def killed(desk, house):
    reference = published(desk)
    slug = desk.release(reference).slug
    desk.take(killing.kill, reference, desk.people.senior, sent=KILL)
    return reference, slug


def published(desk, kind="event", **changes):
    reference = desk.held(kind, **{**TEXT, **changes})
    desk.decide(reference)
    return reference


def feeds(desk, reference):
    release = desk.release(reference)
    names = ("all", release.kind, f"place-{release.country_slug}", f"org-{release.organisation.slug}")
    return [f"/feeds/{name}.{form}" for name in names for form in FORMS]


def addresses(desk, app, reference, slug):
    """Every public GET address, with every value that could open the release."""
    from portal.web.access import access_of

    release = desk.release(reference)
    house, place = release.organisation.slug, release.city_slug
    values = {"reference": reference, "slug": slug, "code": "FACTS"}
    found = set(feeds(desk, reference)) | {f"/feeds/place-{place}.{form}" for form in FORMS}
    found |= {f"/releases/{q}" for q in (f"?org={house}", f"?place={place}", "?kind=event", "?q=carrier")}
    found |= {f"/organisations/{house}", "/search?q=carrier", "/sitemap.xml", "/feeds/events.ics"}
    found |= {f"/releases/{reference}", f"/releases/{reference}/", f"/releases/{reference}/wrong-slug"}
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and access_of(app, rule.endpoint) == "anyone" and "<path" not in rule.rule:
            address = rule.rule
            for name, value in values.items():
                address = address.replace(f"<{name}>", value)
            found |= {address} if "<" not in address else set()
    return sorted(found)


def test_no_public_address_holds_a_byte_of_a_killed_text(app, desk, reader, killed):
    reference, slug = killed
    walked = addresses(desk, app, reference, slug)

    sings = [address for address in walked if TOKEN in everything(reader.get(address))]

    assert len(walked) > 30
    assert sings == []


def test_before_the_kill_the_same_walk_finds_the_text(app, desk, reader, house):
    reference = published(desk)
    walked = addresses(desk, app, reference, desk.release(reference).slug)

    assert len([address for address in walked if TOKEN in everything(reader.get(address))]) > 15


def everything(answer):
    return (answer.get_data().decode("utf-8", "replace") + str(answer.headers)).lower()


def test_every_address_of_it_answers_with_the_same_notice(reader, killed):
    reference, slug = killed
    answers = [reader.get(f"/releases/{reference}{end}") for end in ("", "/", "/wrong-slug", f"/{slug}")]
    answer = answers[0]

    assert [each.status_code for each in answers] == [200] * 4
    assert {each.text for each in answers} == {answer.text}
    assert 'data-publication="killed"' in answer.text
    assert f'data-ref="{reference}"' in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text
    assert "PRESS RELEASE – supplied by <bdi>Selat Biru Ferries</bdi>" in answer.text
    assert "What it said was wrong, or could not be confirmed." in answer.text
    assert "The organiser told us so." in answer.text
    assert "ld+json" not in answer.text
    assert "og:title" not in answer.text


def test_its_entry_stays_in_every_feed_under_its_id_as_a_notice(desk, reader, house):
    reference = published(desk)
    release = desk.release(reference)
    before = {path: reader.get(path) for path in feeds(desk, reference)}
    desk.now += timedelta(hours=1)
    desk.take(killing.kill, reference, desk.people.senior, sent=KILL)

    for path, was in before.items():
        now = reader.get(path)
        assert ids(path, now) == ids(path, was)
        assert release.feed_id in ids(path, now)
        assert f"Retracted: release {reference}, supplied by Selat Biru Ferries" in now.text
        assert now.headers["ETag"] != was.headers["ETag"]
        assert now.headers["Last-Modified"] != was.headers["Last-Modified"]


def ids(path, answer):
    if path.endswith("json"):
        return [item["id"] for item in json.loads(answer.text)["items"]]
    return [entry.id for entry in feedparser.parse(answer.text).entries]


def test_the_json_entry_is_canceled_and_its_first_time_stays(desk, reader, killed):
    reference, _ = killed
    items = json.loads(reader.get("/feeds/all.json").text)["items"]

    [item] = [item for item in items if item["id"] == desk.release(reference).feed_id]

    assert item["_portal"] == {"reference": reference, "pubstatus": "canceled"}
    assert item["url"].endswith(f"/releases/{reference}")
    assert item["date_published"] == "2026-03-24T03:20:00Z"
    assert [other["_portal"]["pubstatus"] for other in items if other is not item] == ["usable"]


def test_lists_the_organisation_and_the_dates_no_longer_have_it(desk, reader, killed):
    reference, _ = killed
    slug = desk.release(reference).organisation.slug

    city = desk.release(reference).city_slug
    assert reference not in reader.get("/").text + reader.get("/releases/").text
    assert reader.get(f"/feeds/place-{city}.rss").status_code == 404
    assert reader.get(f"/organisations/{slug}").status_code == 404
    assert "Another story stays" in reader.get(f"/releases/{reference}").text


def test_an_archived_killed_release_stands_in_no_feed(desk, reader, house):
    reference = published(desk)
    desk.take(removing.expire_on, reference, desk.people.editor, expires_at="2026-03-24")
    desk.take(killing.kill, reference, desk.people.senior, sent=KILL)

    assert desk.release(reference).feed_id not in reader.get("/feeds/all.atom").text
    assert reader.get(f"/releases/{reference}").status_code == 200


def test_after_the_kill_is_taken_back_the_old_address_has_the_text_again(desk, reader, killed):
    reference, slug = killed
    desk.take(removing.revert, reference, desk.people.senior, message="The organiser was wrong.")

    assert TOKEN in reader.get(f"/releases/{reference}/{slug}").text
    assert reader.get(f"/releases/{reference}").status_code == 301
    assert desk.release(reference).feed_id in reader.get("/feeds/all.rss").text


def test_what_is_taken_down_answers_410_and_leaves_lists_and_feeds_until_it_comes_back(
    app, desk, reader, house
):
    reference = published(desk)
    slug, feed_id = desk.release(reference).slug, desk.release(reference).feed_id
    page = f"/releases/{reference}/{slug}"
    known = reader.get(page).headers["ETag"]
    desk.take(removing.take_down, reference, desk.people.senior, message="Under query.")

    gone = reader.get(page, headers={"If-None-Match": known})
    walked = addresses(desk, app, reference, slug)
    assert gone.status_code == reader.get(f"/releases/{reference}").status_code == 410
    assert 'data-publication="taken_down"' in gone.text
    assert "s-maxage" in gone.headers["Cache-Control"]
    assert [address for address in walked if TOKEN in everything(reader.get(address))] == []
    assert feed_id not in reader.get("/feeds/all.rss").text

    desk.take(removing.put_back, reference, desk.people.senior, message="The query is answered.")
    assert reader.get(page).status_code == 200
    assert feed_id in reader.get("/feeds/all.rss").text


def test_a_poller_learns_of_an_entry_that_silently_left(desk, reader, house):
    """Not the newest one, so that the newest date in the feed stays what it was."""
    older = published(desk)
    desk.now += timedelta(minutes=5)
    newer = published(desk)
    answer = reader.get("/feeds/all.rss").headers
    known = [{"If-None-Match": answer["ETag"]}, {"If-Modified-Since": answer["Last-Modified"]}]
    polled = [reader.get("/feeds/all.rss", headers=header).status_code for header in known]
    assert polled == [304, 304]

    desk.now += timedelta(minutes=5)
    desk.take(removing.take_down, older, desk.people.senior, message="Under query.")

    for header in known:
        changed = reader.get("/feeds/all.rss", headers=header)
        assert changed.status_code == 200
        assert desk.release(newer).feed_id in changed.text


def test_a_notice_marks_page_lists_and_feeds_and_none_takes_it_off(desk, reader, house):
    reference = published(desk, headline="Looms fair in May")
    page = f"/releases/{reference}/{desk.release(reference).slug}"
    places = (
        page,
        "/",
        "/releases/?kind=event",
        "/feeds/event.rss",
        "/feeds/event.atom",
        "/feeds/event.json",
    )
    assert [path for path in places if "Cancelled" in reader.get(path).text] == []

    notice = {"kind": "cancelled", "text": "The hall burned down."}
    desk.take(removing.set_notice, reference, desk.people.editor, **notice)
    marked = [reader.get(path).text for path in places]
    assert [path for path, text in zip(places, marked, strict=True) if "Cancelled" not in text] == []
    assert "The hall burned down." in marked[0]
    assert TOKEN in marked[0]
    assert "EventCancelled" in marked[0]
    assert "Cancelled: Looms fair in May" in marked[3]
    assert 'property="og:title" content="Cancelled: Looms fair in May"' in marked[0]
    assert "<title>Cancelled: Looms fair in May" in marked[0]
    assert all(text.index("Cancelled:</span>") < text.index(">Looms fair in May") for text in marked[1:3])
    assert "Cancelled:</span>" in reader.get("/search?q=looms").text
    assert (
        "Cancelled:</span>" in reader.get(f"/organisations/{desk.release(reference).organisation.slug}").text
    )

    desk.take(removing.set_notice, reference, desk.people.editor, kind="none", text="")
    assert [path for path in places if "Cancelled" in reader.get(path).text] == []


def test_an_event_leaves_the_lists_the_day_after_it_ends_without_any_worker(desk, reader, clock, house):
    """It ends on 11 April in Vientiane, 17:00 UTC is the first minute of the 12th there."""
    times = {"starts_at": "2026-04-11T09:00", "ends_at": "2026-04-11T17:00", "timezone": "Asia/Vientiane"}
    reference = published(desk, **times)
    release = desk.release(reference)
    over = desk.now.replace(month=4, day=11, hour=17, minute=0)
    lists = ("/", "/releases/?kind=event", "/feeds/all.rss", "/feeds/event.json")

    clock.instant = over - timedelta(minutes=1)
    assert [path for path in lists if reference not in reader.get(path).text] == []
    assert (
        reader.get("/").headers["Cache-Control"] == "public, max-age=0, s-maxage=1, stale-while-revalidate=0"
    )
    known = reader.get("/feeds/event.rss").headers["Last-Modified"]
    clock.instant = over - timedelta(seconds=0.5)
    assert (
        reader.get("/").headers["Cache-Control"] == "public, max-age=0, s-maxage=0, stale-while-revalidate=0"
    )
    clock.instant = over
    assert [path for path in lists if reference in reader.get(path).text] == []
    assert reader.get("/feeds/all.rss", headers={"If-Modified-Since": known}).status_code == 200
    assert reader.get(f"/releases/{reference}/{release.slug}").status_code == 200


def test_strangers_find_nothing_on_the_desk_of_a_killed_release(desk, killed):
    from portal.rules.refusals import NotFound

    reference, _ = killed
    for who in (desk.people.stranger, desk.people.member):
        with pytest.raises(NotFound):
            desk.take(removing.revert, reference, who, message="Mine.")
    with pytest.raises(NotFound):
        drafting.clone(desk.portal, desk.people.stranger, reference, version=1, now=desk.now)


def test_a_reader_that_asks_by_date_alone_learns_that_an_approval_was_undone(desk, reader, clock, house):
    """Two went public in one second, so the newest date in the lists stays what it was when one leaves."""
    stays, undone = published(desk), published(desk)
    city = desk.release(undone).city_slug
    lists = [*feeds(desk, undone), f"/feeds/place-{city}.rss", "/feeds/events.ics"]
    known = {path: reader.get(path).headers["Last-Modified"] for path in lists}
    clock.instant = desk.now = desk.now + timedelta(minutes=3)

    desk.take(undoing.undo, undone, desk.people.editor)

    for path, date in known.items():
        answer = reader.get(path, headers={"If-Modified-Since": date})
        assert (answer.status_code, undone in answer.text, stays in answer.text) == (200, False, True), path
        again = {"If-Modified-Since": answer.headers["Last-Modified"]}
        assert reader.get(path, headers=again).status_code == 304, path


def test_a_second_approval_for_later_moves_no_feed_before_its_minute(desk, reader, clock, house):
    undone = published(desk)
    clock.instant = desk.now = desk.now + timedelta(minutes=3)
    desk.take(undoing.undo, undone, desk.people.editor)
    lists = (*(f"/feeds/{name}.{form}" for name in ("all", "event") for form in FORMS), "/feeds/events.ics")
    known = {path: reader.get(path).headers["ETag"] for path in lists}

    desk.decide(undone, publish_at="2026-03-25T09:00", publish_timezone="Asia/Singapore")

    assert {path: reader.get(path).headers["ETag"] for path in lists} == known
    clock.instant = desk.release(undone).live_from
    (entry,) = [each for each in reader.get("/feeds/event.json").json["items"] if undone in each["url"]]
    assert entry["date_modified"] == entry["date_published"] == "2026-03-25T01:00:00Z"
    assert f"{undone}/" in reader.get("/sitemap.xml").text.partition("2026-03-25T01:00:00Z")[0]


def test_an_approval_undone_before_its_minute_moves_no_date(desk, reader, house):
    lists = ("/feeds/all.rss", "/feeds/business.rss")
    known = {path: reader.get(path).headers["Last-Modified"] for path in lists}
    times = {"timing": "schedule", "release_at": "2026-03-25T09:00", "release_timezone": "Asia/Singapore"}
    reference = published(desk, "business", **times)

    desk.take(undoing.undo, reference, desk.people.editor)

    assert {path: reader.get(path).headers["Last-Modified"] for path in lists} == known
