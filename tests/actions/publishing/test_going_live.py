"""Going public: by the clock of the query and not by a job, never earlier than was wished, and never back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.actions.publishing import going_live
from portal.outlets.mail.newsletter_words import place_words
from portal.rules.refusals import Invalid
from portal.storage.queries import releases
from portal.storage.tables import ClockHold, Place
from tests.rigs.desk import at_once

# 09:00 in Jakarta on the day after.
WISH = {"release_at": "2026-03-25T09:00", "release_timezone": "Asia/Jakarta"}
MINUTE = datetime(2026, 3, 25, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("timing", ["schedule", "embargo"])
def test_a_wished_time_is_honoured_to_the_second_without_any_sweep(desk, timing):
    reference = desk.decided("approve", timing=timing, **WISH)

    assert desk.release(reference).live_from == MINUTE
    assert not desk.is_public(reference, MINUTE - SECOND)
    assert desk.is_public(reference, MINUTE)
    assert desk.facts(reference)[-1] == "approved"


def test_an_editors_time_replaces_a_schedule_but_comes_never_before_an_embargo(desk):
    earlier = {"publish_at": "2026-03-24T20:00", "publish_timezone": "Asia/Singapore"}
    later = {"publish_at": "2026-03-26T20:00", "publish_timezone": ""}
    chosen = {
        (timing, name): desk.decide(desk.held("event", timing=timing, **WISH), **times).live_from
        for timing in ("schedule", "embargo")
        for name, times in (("earlier", earlier), ("later", later))
    }

    assert chosen == {
        ("schedule", "earlier"): datetime(2026, 3, 24, 12, 0, tzinfo=UTC),
        ("schedule", "later"): datetime(2026, 3, 26, 12, 0, tzinfo=UTC),
        ("embargo", "earlier"): MINUTE,
        ("embargo", "later"): datetime(2026, 3, 26, 12, 0, tzinfo=UTC),
    }


def test_an_editors_time_that_cannot_be_read_decides_nothing(desk):
    reference = desk.held()
    before = desk.rows()

    with pytest.raises(Invalid) as refused:
        desk.decide(reference, publish_at="tomorrow morning")

    assert [issue.field for issue in refused.value.issues] == ["publish_at"]
    assert desk.rows() == before


def test_a_wish_that_is_over_when_it_is_decided_means_at_once(desk):
    reference = desk.sent(timing="schedule", **WISH)
    desk.now = MINUTE + timedelta(days=1)
    desk.claim(reference)

    desk.decide(reference)

    assert desk.release(reference).live_from == desk.now
    assert desk.is_public(reference, desk.now)


def test_a_wish_that_cannot_be_read_is_never_taken_for_at_once(desk):
    reference = desk.held()
    with desk.portal.work() as work:
        case = releases.find_for_change(work, reference)
        values = {**case.edition.draft["values"], "timing": "embargo", "release_at": "soon"}
        revision = work.session.get(going_live.Revision, case.edition.revision_id)
        revision.content = {**revision.content, "values": values}
        work.commit()

    with pytest.raises(Invalid, match="cannot be read"):
        desk.decide(reference)

    assert not desk.is_public(reference, desk.now + timedelta(days=400))


def test_the_sweep_records_once_however_often_it_runs(desk):
    reference = desk.decided("approve", timing="schedule", **WISH)
    desk.now = MINUTE + timedelta(minutes=2)
    version = desk.version(reference)

    recorded = at_once([lambda: going_live.record_due(desk.portal, now=desk.now)] * 3)

    assert sorted(recorded) == [0, 0, 1]
    assert going_live.record_due(desk.portal, now=desk.now) == 0
    release = desk.release(reference)
    assert (release.went_live_at, release.updated_at, release.live_from) == (desk.now, MINUTE, MINUTE)
    assert desk.facts(reference).count("went_live") == 1
    assert len(desk.told("went_live")) == 1
    assert desk.version(reference) == version


def test_nothing_is_recorded_before_its_minute(desk):
    reference = desk.decided("approve", timing="schedule", **WISH)

    assert going_live.record_due(desk.portal, now=MINUTE - SECOND) == 0
    assert desk.release(reference).went_live_at is None


def test_a_clock_hold_hides_what_is_not_recorded_and_nothing_else(desk):
    recorded = desk.decided("approve")
    waiting = desk.decided("approve", "event", timing="schedule", **WISH)
    hold(desk)

    assert desk.is_public(recorded, MINUTE)
    assert not desk.is_public(waiting, MINUTE)
    assert going_live.record_due(desk.portal, now=MINUTE) == 0

    lift(desk)
    assert desk.is_public(waiting, MINUTE)
    assert going_live.record_due(desk.portal, now=MINUTE) == 1


def test_an_approval_under_a_clock_hold_shows_when_the_hold_is_lifted(desk):
    reference = desk.held()
    hold(desk)

    desk.decide(reference)

    assert (desk.state(reference), desk.is_public(reference, desk.now)) == ("approved", False)
    assert desk.facts(reference)[-1] == "approved"
    lift(desk)
    assert desk.is_public(reference, desk.now)


def test_a_clock_that_steps_back_takes_nothing_away_that_was_recorded(desk):
    at_once_public = desk.decided("approve")
    scheduled = desk.decided("approve", "event", timing="schedule", **WISH)
    going_live.record_due(desk.portal, now=MINUTE)
    long_ago = desk.now - timedelta(days=900)

    assert desk.is_public(at_once_public, long_ago)
    assert desk.is_public(scheduled, long_ago)


def test_the_address_and_the_places_are_made_once_and_kept(desk):
    reference = desk.decided("approve", city="Surabaya", country="ID")

    release = desk.release(reference)
    assert release.slug == "selat-biru-ferries-starts-a-night-ferry-to-kalianget-on-1-may"
    assert (release.country_slug, release.city_slug) == ("indonesia", "indonesia-surabaya")


@pytest.mark.parametrize(
    ("spellings", "kept"),
    [
        (("penang hill", "PENANG HILL", "Penang Hill"), "Penang Hill"),
        (("Penang Hill, Malaysia", "PENANG HILL", "penang hill, malaysia"), "Penang Hill"),
        (("PENANG HILL", "penang hill"), "PENANG HILL"),
    ],
)
def test_one_place_however_it_is_spelt_and_the_best_spelling_is_kept(desk, spellings, kept):
    references = [desk.decided("approve", city=city, country="MY") for city in spellings]

    assert {desk.release(each).city_slug for each in references} == {"malaysia-penang-hill"}
    with desk.portal.database.reading() as session:
        place = session.get_one(Place, "malaysia-penang-hill")
        assert (place.city, place_words(place.slug, {place.slug: place})) == (kept, "Penang Hill, Malaysia")


def hold(desk) -> None:
    with desk.portal.work() as work:
        work.session.add(ClockHold(id=1, since=desk.now, why="The clock jumped."))
        work.commit()


def lift(desk) -> None:
    with desk.portal.work() as work:
        work.session.query(ClockHold).delete()
        work.commit()
