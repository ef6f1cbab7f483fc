"""Nights in which clocks change, and leap days, in six zones: from the sender's words to the second in which it shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.rules.refusals import Invalid

SECOND = timedelta(seconds=1)

# A local time within twelve months of the test's now, the answer where it comes twice, and the instant in UTC.
RUNS = {
    "Asia/Singapore": [("2026-04-01T00:00", "", "2026-03-31T16:00")],
    "Asia/Yangon": [("2026-04-01T09:00", "", "2026-04-01T02:30")],
    "Australia/Lord_Howe": [
        ("2026-04-05T01:45", "earlier", "2026-04-04T14:45"),
        ("2026-04-05T01:45", "later", "2026-04-04T15:15"),
        ("2026-10-04T02:30", "", "2026-10-03T15:30"),
    ],
    "America/New_York": [
        ("2026-11-01T01:30", "earlier", "2026-11-01T05:30"),
        ("2026-11-01T01:30", "later", "2026-11-01T06:30"),
        ("2027-03-14T03:00", "", "2027-03-14T07:00"),
    ],
    "Europe/Dublin": [
        ("2026-10-25T01:30", "earlier", "2026-10-25T00:30"),
        ("2026-10-25T01:30", "later", "2026-10-25T01:30"),
        ("2026-03-29T02:00", "", "2026-03-29T01:00"),
    ],
    "Africa/Casablanca": [
        ("2027-02-07T02:30", "earlier", "2027-02-07T01:30"),
        ("2027-02-07T02:30", "later", "2027-02-07T02:30"),
        ("2027-03-14T03:00", "", "2027-03-14T02:00"),
    ],
}
NEVER_COMES = [
    ("Australia/Lord_Howe", "2026-10-04T02:15"),
    ("America/New_York", "2027-03-14T02:30"),
    ("Europe/Dublin", "2026-03-29T01:30"),
    ("Africa/Casablanca", "2027-03-14T02:30"),
    ("Asia/Singapore", "2027-02-29T09:00"),
]
LEAP_DAY = {
    "Asia/Singapore": "2028-02-28T16:30",
    "Asia/Yangon": "2028-02-28T18:00",
    "Australia/Lord_Howe": "2028-02-28T13:30",
    "America/New_York": "2028-02-29T05:30",
    "Europe/Dublin": "2028-02-29T00:30",
    "Africa/Casablanca": "2028-02-29T00:30",
}


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def approved(desk, zone, local, fold="", timing="schedule"):
    wish = {"timing": timing, "release_at": local, "release_timezone": zone, "release_fold": fold}
    return desk.decided("approve", **wish)


def shows_from(desk, reference, minute):
    return (desk.is_public(reference, minute - SECOND), desk.is_public(reference, minute)) == (False, True)


@pytest.mark.parametrize("zone", RUNS)
def test_a_local_time_becomes_the_one_instant_that_was_meant(desk, zone):
    wishes = RUNS[zone]

    references = [approved(desk, zone, local, fold) for local, fold, _ in wishes]

    assert [desk.release(reference).live_from for reference in references] == [utc(at) for *_, at in wishes]
    assert all(
        shows_from(desk, reference, utc(at)) for reference, (*_, at) in zip(references, wishes, strict=True)
    )


@pytest.mark.parametrize("zone", LEAP_DAY)
def test_an_embargo_ends_on_the_leap_day_of_its_zone(sqlite_desk, zone):
    desk = sqlite_desk
    desk.now = utc("2028-02-20T03:00")

    reference = approved(desk, zone, "2028-02-29T00:30", timing="embargo")

    assert shows_from(desk, reference, utc(LEAP_DAY[zone]))


@pytest.mark.parametrize(("zone", "local"), NEVER_COMES)
def test_a_local_time_that_never_comes_cannot_be_sent(sqlite_desk, zone, local):
    reference = sqlite_desk.draft(timing="schedule", release_at=local, release_timezone=zone)

    with pytest.raises(Invalid) as refused:
        sqlite_desk.send(reference)
    assert [issue.field for issue in refused.value.issues if issue.blocks] == ["release_at"]


@pytest.mark.parametrize("zone", [zone for zone, wishes in RUNS.items() if len(wishes) > 1])
def test_a_local_time_that_comes_twice_cannot_be_sent_without_an_answer(sqlite_desk, zone):
    local = RUNS[zone][0][0]
    reference = sqlite_desk.draft(timing="embargo", release_at=local, release_timezone=zone)

    with pytest.raises(Invalid) as refused:
        sqlite_desk.send(reference)
    assert [issue.field for issue in refused.value.issues if issue.blocks] == ["release_at"]


def test_the_answer_to_one_night_of_two_equal_hours_is_no_answer_to_another(sqlite_desk):
    night = {"timing": "embargo", "release_at": "2026-10-25T01:30", "release_timezone": "Europe/Dublin"}
    reference = sqlite_desk.draft(**night, release_fold="earlier")

    other_night = {"release_at": "2026-11-01T01:30", "release_timezone": "America/New_York"}
    sqlite_desk.save(reference, "contact", other_night)

    with pytest.raises(Invalid) as refused:
        sqlite_desk.send(reference)
    assert [issue.field for issue in refused.value.issues if issue.blocks] == ["release_at"]


@pytest.mark.parametrize(
    ("timing", "minutes", "sent"),
    [
        ("embargo", 119, False),
        ("embargo", 120, True),
        ("schedule", 14, False),
        ("schedule", 15, True),
        ("schedule", 365 * 24 * 60, True),
        ("schedule", 365 * 24 * 60 + 1, False),
    ],
)
def test_the_desk_has_time_enough_and_nothing_is_promised_beyond_a_year(sqlite_desk, timing, minutes, sent):
    at = (sqlite_desk.now + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")
    reference = sqlite_desk.draft(timing=timing, release_at=at, release_timezone="UTC")

    if sent:
        assert not sqlite_desk.send(reference).already
        return
    with pytest.raises(Invalid):
        sqlite_desk.send(reference)
