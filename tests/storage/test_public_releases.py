"""What anybody may see at an instant, on both databases: lists, single releases, what is left of removed ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from portal.storage.queries import public_releases as public
from portal.storage.queries.cursors import cursor
from portal.storage.queries.public_releases import Event, Filter, Tombstone
from portal.storage.tables import ClockHold, Organisation, Place, Release
from portal.storage.unit_of_work import UnitOfWork
from tests import builders
from tests.builders import NOON

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def work(database: Any) -> Any:
    with UnitOfWork(database) as opened:
        yield opened


def hold(work: UnitOfWork) -> None:
    work.session.add(ClockHold(id=1, kind="clock", since=NOON, why="Time jumped."))
    work.session.flush()


def removed(work: UnitOfWork, publication: str = "killed", *, at: datetime = NOON, **more: Any) -> Release:
    row = builders.published_release(work, **more)
    row.publication, row.removed_at, row.removal_text = publication, at, "It was wrong."
    row.removal_reasons = ["FACTS"]
    work.session.flush()
    return row


def changed(work: UnitOfWork, row: Release, **columns: Any) -> Release:
    for name, value in columns.items():
        setattr(row, name, value)
    work.session.flush()
    return row


def shown(work: UnitOfWork, now: datetime = NOON, **chosen: Any) -> list[str]:
    return [row.reference for row in public.page(work.session, now, Filter(**chosen))]


@pytest.mark.parametrize(("at", "recorded", "held", "seen"), [
    (-MINUTE, False, False, True), (timedelta(), False, False, True), (SECOND, False, False, False),
    (-MINUTE, False, True, False), (-MINUTE, True, True, True), (MINUTE, True, False, True),
])  # fmt: skip
def test_a_release_is_public_from_its_minute_on_or_once_it_was(
    work: UnitOfWork, at: timedelta, recorded: bool, held: bool, seen: bool
) -> None:
    make = builders.published_release if recorded else builders.due_release
    row = make(work, at=NOON + at)
    if held:
        hold(work)

    assert public.is_visible(work.session, row, NOON) is seen
    assert public.visible_among(work.session, [row.id, row.id + 1], NOON) == (
        frozenset({row.id}) if seen else frozenset()
    )
    assert (public.one(work.session, NOON, row.reference) is not None) is seen
    assert shown(work) == ([row.reference] if seen else [])
    assert (public.organisation(work.session, NOON, row.organisation.slug) is not None) is seen
    assert (public.place(work.session, NOON, row.city_slug) is not None) is seen
    assert [place.slug for place in public.places(work.session, NOON)] == ([row.country_slug] if seen else [])
    assert len(public.newest_events(work.session, NOON, 9)) == 0


@pytest.mark.parametrize("publication", ["killed", "taken_down"])
def test_what_was_removed_is_public_nowhere(work: UnitOfWork, publication: str) -> None:
    row = removed(work, publication)

    assert public.one(work.session, NOON, row.reference) is None
    assert shown(work) == []
    assert public.is_visible(work.session, row, NOON) is False


def test_one_is_the_one_with_its_reference(work: UnitOfWork) -> None:
    rows = [builders.published_release(work) for _ in range(2)]

    found = public.one(work.session, NOON, rows[0].reference)
    assert found is rows[0]
    assert public.one(work.session, NOON, "SEAP-2026-NOPE") is None


def test_a_list_is_cut_at_its_size_with_one_more_and_begins_behind_its_cursor(work: UnitOfWork) -> None:
    rows = [builders.published_release(work, at=NOON - number * MINUTE) for number in (3, 1, 2, 2)]
    newest_first = [rows[1].id, rows[3].id, rows[2].id, rows[0].id]

    def ids(**more: Any) -> list[int]:
        return [row.id for row in public.page(work.session, NOON, Filter(), **more)]

    assert ids() == newest_first
    assert ids(size=1) == newest_first[:2]
    assert ids(size=3) == newest_first
    assert ids(after=cursor(NOON - 2 * MINUTE, rows[3].id)) == newest_first[2:]
    assert ids(after=cursor(NOON - 3 * MINUTE, rows[0].id)) == []
    assert ids(after="rubbish") == newest_first


def test_a_list_comes_without_the_texts_unless_they_are_asked_for(work: UnitOfWork) -> None:
    builders.published_release(work, headline="Farmers open a mill")
    work.session.flush()
    work.session.expunge_all()

    (bare,) = public.page(work.session, NOON, Filter())
    assert bare.headline == "Farmers open a mill"
    assert not work.session.identity_map.values(), "a list has no entity that could be asked for more"
    (whole,) = public.page_with_text(work.session, NOON, Filter())
    assert whole.live_revision is not None
    assert vars(whole.live_revision)["content"]["values"]["headline"] == "Farmers open a mill"
    work.session.expunge_all()
    one = public.one(work.session, NOON, whole.reference)
    assert one is not None
    assert {"organisation", "corrections", "live_revision"} <= vars(one).keys()
    assert "content" in vars(one.live_revision)


def test_a_list_holds_what_was_chosen(work: UnitOfWork) -> None:
    house = builders.organisation(work, name="Lotus Basin", slug="lotus")
    mill = builders.published_release(work, at=NOON - MINUTE, house=house)
    match = builders.published_release(work, at=NOON, kind="sports", city="Ipoh", country="MY")
    country, city = (work.session.get_one(Place, slug) for slug in (match.country_slug, match.city_slug))

    assert shown(work) == [match.reference, mill.reference]
    assert (
        shown(work, kind="sports")
        == shown(work, place=country)
        == shown(work, place=city)
        == [match.reference]
    )
    assert shown(work, kind="business") == shown(work, organisation="lotus") == [mill.reference]
    assert shown(work, kind="sports", organisation="lotus") == shown(work, organisation="nobody") == []
    elsewhere = builders.published_release(work, at=NOON, city="Kuantan", country="MY")
    assert shown(work, place=city) == [match.reference]
    assert shown(work, place=country) == [elsewhere.reference, match.reference]


@pytest.mark.parametrize(("left", "listed"), [(SECOND, True), (timedelta(), False), (-DAY, False)])
def test_what_has_ended_leaves_the_lists_and_stays_at_its_address(
    work: UnitOfWork, left: timedelta, listed: bool
) -> None:
    row = changed(work, builders.published_release(work), expires_at=NOON + left)

    assert shown(work) == ([row.reference] if listed else [])
    assert shown(work, include_archived=True) == [row.reference]
    assert public.one(work.session, NOON, row.reference) is row


def test_of_a_removed_release_these_columns_are_left(work: UnitOfWork) -> None:
    house = builders.organisation(work, name="Lotus Basin", slug="lotus")
    row = removed(work, at=NOON + MINUTE, house=house)

    expected = Tombstone(
        row.id,
        row.reference,
        row.feed_id,
        "business",
        "killed",
        NOON,
        NOON + MINUTE,
        "It was wrong.",
        ["FACTS"],
        "Lotus Basin",
        "lotus",
    )
    assert public.tombstone(work.session, row.reference) == expected
    assert public.tombstones(work.session, NOON, Filter(), 9) == [expected]
    assert public.tombstone(work.session, "SEAP-2026-NOPE") is None
    assert public.tombstone(work.session, builders.published_release(work).reference) is None


def test_feeds_show_the_newest_kills_of_what_they_list(work: UnitOfWork) -> None:
    house = builders.organisation(work, name="Lotus Basin", slug="lotus")
    mill = removed(work, at=NOON, house=house)
    match = removed(work, kind="sports", city="Ipoh", country="MY")
    changed(work, match, live_from=NOON + MINUTE)
    removed(work, "taken_down")
    country = work.session.get_one(Place, match.country_slug)

    def ids(size: int = 9, now: datetime = NOON, **chosen: Any) -> list[int]:
        return [each.id for each in public.tombstones(work.session, now, Filter(**chosen), size)]

    assert ids() == [match.id, mill.id]
    assert ids(1) == ids(kind="sports") == ids(place=country) == [match.id]
    assert ids(organisation="lotus") == [mill.id]
    assert ids(organisation="nobody") == ids(organisation="lotus", kind="sports") == []
    changed(work, mill, expires_at=NOON)
    assert ids() == [match.id]
    assert ids(now=NOON - SECOND) == [match.id, mill.id]
    assert ids(include_archived=True) == [match.id, mill.id]


def test_of_two_kills_of_one_minute_the_later_row_comes_first(work: UnitOfWork) -> None:
    rows = [removed(work) for _ in range(2)]

    found = public.tombstones(work.session, NOON, Filter(), 9)
    assert [each.id for each in found] == [rows[1].id, rows[0].id]


EARLIER = NOON - 5 * MINUTE


@pytest.mark.parametrize(("columns", "left"), [
    ({"publication": "killed", "removed_at": EARLIER}, EARLIER),
    ({"publication": "taken_down", "removed_at": EARLIER}, EARLIER),
    ({"expires_at": EARLIER}, EARLIER),
    ({"expires_at": NOON}, NOON),
    ({"expires_at": NOON + SECOND}, None),
    ({"publication": "hidden", "updated_at": EARLIER}, EARLIER),
    ({"publication": "hidden", "updated_at": None}, None),
    ({"updated_at": EARLIER}, None),
    ({"went_live_at": None, "live_from": NOON + MINUTE, "updated_at": EARLIER}, EARLIER),
    ({"went_live_at": None, "live_from": NOON + MINUTE, "updated_at": NOON}, NOON),
    ({"went_live_at": None, "live_from": NOON + DAY, "updated_at": NOON + MINUTE}, None),
    ({"went_live_at": None, "live_from": NOON, "updated_at": EARLIER}, None),
    ({"live_from": NOON + MINUTE, "updated_at": EARLIER}, None),  # recorded before the clock stepped back
    ({"went_live_at": None, "live_from": NOON + MINUTE, "expires_at": EARLIER, "updated_at": None}, None),
])  # fmt: skip
def test_a_list_knows_when_something_last_left_it(
    work: UnitOfWork, columns: dict[str, Any], left: datetime
) -> None:
    changed(work, builders.published_release(work, at=NOON - DAY), **columns)

    assert public.last_left(work.session, NOON, Filter()) == left
    assert public.last_left(work.session, NOON, Filter(kind="business")) == left
    assert public.last_left(work.session, NOON, Filter(kind="sports")) is None


def test_while_publishing_is_stopped_what_waits_has_left_too(work: UnitOfWork) -> None:
    changed(work, builders.due_release(work, at=NOON - DAY), updated_at=EARLIER)
    assert public.last_left(work.session, NOON, Filter()) is None

    hold(work)

    assert public.last_left(work.session, NOON, Filter()) == EARLIER


def test_the_latest_of_all_that_left_counts(work: UnitOfWork) -> None:
    assert public.last_left(work.session, NOON, Filter()) is None
    removed(work, at=EARLIER)
    changed(work, builders.published_release(work), expires_at=EARLIER + MINUTE)

    assert public.last_left(work.session, NOON, Filter()) == EARLIER + MINUTE


def test_who_followed_a_house_learns_of_its_kill(work: UnitOfWork) -> None:
    killed, public_one, none = (
        builders.organisation(work, name=name, slug=name) for name in ("killed", "public", "none")
    )
    removed(work, house=killed)
    builders.published_release(work, house=public_one)
    found: list[Organisation | None] = [
        public.organisation_in_feeds(work.session, NOON, each.slug) for each in (killed, public_one, none)
    ]

    assert found == [killed, public_one, None]
    assert public.organisation(work.session, NOON, "killed") is None


def test_a_country_stands_in_feeds_for_its_kill_and_a_city_does_not(work: UnitOfWork) -> None:
    row = removed(work, city="Ipoh", country="MY")

    country = public.place_in_feeds(work.session, NOON, row.country_slug)
    assert country is not None
    assert (country.slug, country.city) == (row.country_slug, "")
    assert public.place_in_feeds(work.session, NOON, row.city_slug) is None
    assert public.place_in_feeds(work.session, NOON, "nowhere") is None
    builders.published_release(work, city="Ipoh", country="MY")
    city = public.place_in_feeds(work.session, NOON, row.city_slug)
    assert city is not None
    assert city.city == "Ipoh"


def test_a_place_is_there_where_news_of_it_is_public(work: UnitOfWork) -> None:
    row = builders.published_release(work, city="Ipoh", country="MY")
    builders.published_release(work, city="Luang Prabang", country="LA")
    slugs = [public.place(work.session, NOON, slug) for slug in (row.country_slug, row.city_slug, "nowhere")]

    assert [place and (place.country, place.city) for place in slugs] == [("MY", ""), ("MY", "Ipoh"), None]
    assert [place.country for place in public.places(work.session, NOON)] == ["LA", "MY"]
    changed(work, row, publication="hidden")
    assert public.place(work.session, NOON, row.city_slug) is None
    assert public.place(work.session, NOON, row.country_slug) is None
    assert [place.country for place in public.places(work.session, NOON)] == ["LA"]


def test_dates_show_the_newest_events_as_they_were_typed(work: UnitOfWork) -> None:
    builders.published_release(work)
    rows = [
        builders.published_release(work, at=NOON - number * MINUTE, kind="event", headline=f"Fair {number}")
        for number in (1, 0, 1)
    ]
    changed(work, builders.published_release(work, kind="event"), expires_at=NOON)

    found = public.newest_events(work.session, NOON, 9)

    assert found[0] == Event(
        rows[1].reference,
        "fair-0",
        "Fair 0",
        "en",
        "Battambang",
        "KH",
        "2026-04-11T09:00",
        "Asia/Vientiane",
    )
    assert [each.reference for each in found] == [rows[number].reference for number in (1, 2, 0)]
    assert len(public.newest_events(work.session, NOON, 2)) == 2


@pytest.mark.parametrize(("columns", "changes_at"), [
    ({"live_from": NOON + MINUTE}, NOON + MINUTE), ({"live_from": NOON}, None), ({"live_from": NOON - MINUTE}, None),
    ({"live_from": NOON + MINUTE, "went_live_at": NOON}, None), ({"expires_at": NOON + MINUTE}, NOON + MINUTE),
    ({"expires_at": NOON}, None), ({"live_from": NOON + 2 * MINUTE, "expires_at": NOON + MINUTE}, NOON + MINUTE),
    ({"live_from": NOON + MINUTE, "expires_at": NOON + 2 * MINUTE}, NOON + MINUTE),
    ({"publication": "hidden", "expires_at": NOON + MINUTE, "live_from": NOON + MINUTE}, None),
])  # fmt: skip
def test_an_answer_is_good_until_something_becomes_due_or_ends(
    work: UnitOfWork, columns: dict[str, Any], changes_at: datetime
) -> None:
    changed(work, builders.due_release(work), **columns)

    assert public.next_change(work.session, NOON) == changes_at


def test_the_first_of_all_changes_counts(work: UnitOfWork) -> None:
    for minutes in (3, 2, 4):
        changed(work, builders.due_release(work), live_from=NOON + minutes * MINUTE)
    assert public.next_change(work.session, NOON) == NOON + 2 * MINUTE

    for minutes in (7, 1, 9):
        changed(work, builders.published_release(work), expires_at=NOON + minutes * MINUTE)
    assert public.next_change(work.session, NOON) == NOON + MINUTE


def test_a_row_of_another_revision_is_not_of_the_one_that_is_live(work: UnitOfWork) -> None:
    from sqlalchemy import literal, select

    row = builders.published_release(work)

    for number, same in ((row.live_revision_id, True), ((row.live_revision_id or 0) + 1, False)):
        statement = select(public.same_revision(literal(number))).where(Release.id == row.id)
        assert work.session.scalar(statement) is same


def test_of_each_release_it_is_asked_whether_it_is_that_one(work: UnitOfWork) -> None:
    seen, waits = builders.published_release(work), builders.scheduled_release(work, live_from=NOON + DAY)

    assert [public.is_visible(work.session, row, NOON) for row in (seen, waits)] == [True, False]
    assert public.visible_among(work.session, [waits.id], NOON) == frozenset()
    assert public.visible_among(work.session, [seen.id, waits.id], NOON) == {seen.id}


def test_kills_stand_in_the_order_in_which_they_had_been_public(work: UnitOfWork) -> None:
    first, second = removed(work), removed(work)
    changed(work, first, live_from=NOON + MINUTE)

    found = public.tombstones(work.session, NOON, Filter(), 9)
    assert [each.id for each in found] == [first.id, second.id]


def test_a_kill_of_one_country_brings_no_other_into_the_feeds(work: UnitOfWork) -> None:
    row = changed(work, builders.published_release(work, city="Ipoh", country="MY"), publication="hidden")
    removed(work)

    assert public.place_in_feeds(work.session, NOON, row.country_slug) is None


def test_only_countries_are_listed(work: UnitOfWork) -> None:
    row = builders.published_release(work)
    work.session.add(Place(slug="kh-x", country="KH", city="X"))
    changed(work, row, country_slug="kh-x")

    assert public.places(work.session, NOON) == []
