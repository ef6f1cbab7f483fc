"""The sender's time is one instant, or a question, or a refusal; it is never a guess."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from portal.rules.issues import Issue
from portal.rules.publication_time import (
    Wish,
    echo,
    fold_answers,
    live_from,
    local_instant,
    shown,
    too_close,
    wish,
)
from portal.rules.shown_times import offset_name, shown_clock

NOW = datetime(2026, 3, 24, 3, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def read(timing: str, release_at: str, zone: str = "", fold: str = "", **more: object) -> Wish | Issue:
    return wish(timing, release_at, zone, fold, site_timezone="Asia/Singapore", **more)  # type: ignore[arg-type]


def test_immediate_is_no_time_at_all():
    assert read("immediate", "2026-03-25T07:00") == Wish("immediate", None, "Asia/Singapore")
    assert read("", "") == Wish("immediate", None, "Asia/Singapore")


@pytest.mark.parametrize(("local", "zone", "instant"), [
    ("2026-03-25T06:00", "Asia/Jakarta", "2026-03-24T23:00"), ("2026-03-25T06:00", "", "2026-03-24T22:00"),
    ("2026-03-25T06:00", "Asia/Kolkata", "2026-03-25T00:30"), ("2026-03-25T06:00", "Asia/Kathmandu", "2026-03-25T00:15"),
    ("2026-07-01T06:00", "Europe/London", "2026-07-01T05:00"), ("2028-02-29T00:00", "UTC", "2028-02-29T00:00"),
])  # fmt: skip
def test_a_local_time_becomes_one_instant(local, zone, instant):
    assert read("schedule", local, zone).at == at(instant)


GAPS = [
    ("Europe/London", "2026-03-29T01:00", "2026-03-29T01:59", "00:59", "02:00"),
    ("America/New_York", "2026-03-08T02:00", "2026-03-08T02:59", "01:59", "03:00"),
    ("Australia/Lord_Howe", "2026-10-04T02:00", "2026-10-04T02:29", "01:59", "02:30"),
    ("Australia/Sydney", "2026-10-04T02:00", "2026-10-04T02:59", "01:59", "03:00"),
    ("America/Santiago", "2026-09-06T00:00", "2026-09-06T00:59", "5 September 2026, 23:59", "01:00"),
]


@pytest.mark.parametrize(("zone", "first", "last", "before", "after"), GAPS)
def test_a_time_that_never_comes_is_refused_with_its_neighbours(zone, first, last, before, after):
    for local in (first, last):
        refused = read("embargo", local, zone)

        assert (refused.code, refused.field, refused.severity) == ("EMBARGO", "release_at", "blocking")
        assert f"Choose {before} or {after}." in refused.message


@pytest.mark.parametrize(("zone", "first", "last", "before", "after"), GAPS)
def test_the_minutes_around_a_gap_are_read(zone, first, last, before, after):
    earlier = datetime.fromisoformat(first) - timedelta(minutes=1)
    later = datetime.fromisoformat(last) + timedelta(minutes=1)

    instants = [read("embargo", f"{local:%Y-%m-%dT%H:%M}", zone).at for local in (earlier, later)]

    assert instants[1] - instants[0] == timedelta(minutes=1)


FOLDS = [
    ("Europe/London", "2026-10-25T01:30", "2026-10-25T00:30", "2026-10-25T01:30"),
    ("America/New_York", "2026-11-01T01:00", "2026-11-01T05:00", "2026-11-01T06:00"),
    ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45", "2026-04-04T15:15"),
]


@pytest.mark.parametrize(("zone", "local", "earlier", "later"), FOLDS)
def test_a_time_that_comes_twice_is_asked_about(zone, local, earlier, later):
    question = read("schedule", local, zone)

    assert (question.code, question.field, question.severity) == ("EMBARGO", "release_at", "blocking")
    assert "comes twice" in question.message
    assert read("schedule", local, zone, "both").field == "release_at"
    assert [read("schedule", local, zone, fold).at for fold in ("earlier", "later")] == [
        at(earlier),
        at(later),
    ]


def test_an_answer_left_over_from_another_time_does_no_harm():
    assert read("schedule", "2026-10-26T01:30", "Europe/London", "later").at == at("2026-10-26T01:30")


@pytest.mark.parametrize(("timing", "release_at", "field"), [
    ("schedule", "", "release_at"), ("embargo", "tonight", "release_at"), ("someday", "2026-03-25T07:00", "timing"),
])  # fmt: skip
def test_what_cannot_be_read_is_named(timing, release_at, field):
    assert read(timing, release_at).field == field


def test_an_unknown_zone_is_named():
    assert read("schedule", "2026-03-25T07:00", "Here/There").field == "release_timezone"


@pytest.mark.parametrize(("timing", "local", "good"), [
    ("schedule", "2026-03-24T03:14", False), ("schedule", "2026-03-24T03:15", True),
    ("embargo", "2026-03-24T04:59", False), ("embargo", "2026-03-24T05:00", True),
    ("schedule", "2026-03-24T03:00", False), ("schedule", "2026-03-23T03:00", False),
    ("schedule", "2027-03-24T03:00", True), ("schedule", "2027-03-26T03:00", False),
])  # fmt: skip
def test_the_desk_needs_time_and_plans_a_year_at_most(timing, local, good):
    found = read(timing, local, "UTC", now=NOW)

    assert isinstance(found, Wish) == good
    assert good or (found.code, found.field, found.severity) == ("EMBARGO", "release_at", "blocking")


@pytest.mark.parametrize(("seconds", "told"), [
    (-1, "is over"), (0, "is over"), (1, "is too soon"), (899, "is too soon"), (900, None),
])  # fmt: skip
def test_the_very_instant_is_over_and_the_first_that_is_far_enough_is_taken(seconds, told):
    found = too_close(NOW + timedelta(seconds=seconds), "UTC", now=NOW, least_minutes=15)

    assert (told in found.message) if told else found is None


@pytest.mark.parametrize(("seconds", "told"), [(0, None), (1, "is more than 12 months away")])
def test_twelve_months_end_with_the_same_clock_a_year_on(seconds, told):
    found = too_close(at("2027-03-24T03:00") + timedelta(seconds=seconds), "UTC", now=NOW, least_minutes=15)

    assert (told in found.message) if told else found is None


def test_the_earliest_time_is_named():
    assert read("embargo", "2026-03-24T12:00", now=NOW + timedelta(seconds=1)).message == (
        "24 Mar 2026, 12:00 GMT+8 is too soon. The desk needs 2 hours. Choose 24 Mar 2026, 13:01 GMT+8 or later."
    )


def test_lead_times_are_the_sites_own():
    assert read("schedule", "2026-03-24T03:01", "UTC", now=NOW, min_schedule_minutes=1).at == at(
        "2026-03-24T03:01"
    )


@pytest.mark.parametrize(("publish_at", "wished", "timing", "expected"), [
    (None, None, "immediate", "2026-03-24T03:00"),
    (None, "2026-03-25T07:00", "schedule", "2026-03-25T07:00"),
    (None, "2026-03-23T07:00", "schedule", "2026-03-24T03:00"),
    ("2026-03-26T07:00", None, "immediate", "2026-03-26T07:00"),
    ("2026-03-24T07:00", "2026-03-25T07:00", "schedule", "2026-03-24T07:00"),
    ("2026-03-24T07:00", "2026-03-25T07:00", "embargo", "2026-03-25T07:00"),
    ("2026-03-26T07:00", "2026-03-25T07:00", "embargo", "2026-03-26T07:00"),
    ("2026-03-20T07:00", "2026-03-25T07:00", "embargo", "2026-03-25T07:00"),
    ("2026-03-20T07:00", None, "immediate", "2026-03-24T03:00"),
])  # fmt: skip
def test_a_release_goes_live_at_the_later_time_and_never_within_an_embargo(
    publish_at, wished, timing, expected
):
    editor, sender = (at(text) if text else None for text in (publish_at, wished))

    assert live_from(NOW, editor, sender, timing) == at(expected)


def test_an_instant_is_echoed_in_each_zone_once():
    lines = echo(at("2026-03-24T23:00"), ["Asia/Jakarta", "Asia/Singapore", "Asia/Jakarta", "UTC"])

    assert [(line.text, line.offset, line.place) for line in lines] == [
        ("Wed 25 Mar 2026, 06:00", "GMT+7", "Jakarta"),
        ("Wed 25 Mar 2026, 07:00", "GMT+8", "Singapore"),
        ("Tue 24 Mar 2026, 23:00", "UTC", ""),
    ]


@pytest.mark.parametrize(("zone", "text"), [
    ("Asia/Singapore", "24 Mar 2026, 11:00 GMT+8"), ("Asia/Kolkata", "24 Mar 2026, 08:30 GMT+5:30"),
    ("UTC", "24 Mar 2026, 03:00 GMT"), ("America/St_Johns", "24 Mar 2026, 00:30 GMT-2:30"), ("Asia/Yangon", "24 Mar 2026, 09:30 GMT+6:30"),
])  # fmt: skip
def test_times_are_shown_with_their_zone(zone, text):
    assert shown(NOW, zone) == text
    assert shown_clock(NOW, zone) == text.partition(", ")[2]


@pytest.mark.parametrize(("local", "zone", "answers"), [
    ("2026-10-25T01:30", "Europe/London", (("earlier", "The earlier one: 01:30 GMT+1"), ("later", "The later one: 01:30 GMT"))),
    ("2026-11-01T01:00", "America/New_York", (("earlier", "The earlier one: 01:00 GMT-4"), ("later", "The later one: 01:00 GMT-5"))),
    ("2026-10-26T01:30", "Europe/London", ()), ("tonight", "Europe/London", ()), ("2026-10-25T01:30", "Nowhere", ()), ("", "", ()),
])  # fmt: skip
def test_a_time_that_comes_twice_has_two_answers(local, zone, answers):
    assert fold_answers(local, zone) == answers


def test_the_question_names_both():
    assert read("schedule", "2026-10-25T01:30", "Europe/London").message == (
        "25 October 2026, 01:30 comes twice in Europe/London: the clocks go back then. "
        "Choose the earlier one (GMT+1) or the later one (GMT)."
    )


@pytest.mark.parametrize(("minutes", "told"), [
    (1, "1 minute"), (2, "2 minutes"), (15, "15 minutes"), (60, "1 hour"), (61, "61 minutes"), (120, "2 hours"),
])  # fmt: skip
def test_the_time_that_the_desk_needs_is_said_in_words(minutes, told):
    found = too_close(NOW + timedelta(seconds=1), "UTC", now=NOW, least_minutes=minutes)

    assert f"The desk needs {told}. Choose" in found.message


@pytest.mark.parametrize(
    ("seconds", "earliest"), [(0, "03:15"), (1, "03:16"), (59.9, "03:16"), (0.000001, "03:16")]
)
def test_the_earliest_time_is_a_whole_minute(seconds, earliest):
    now = NOW + timedelta(seconds=seconds)

    found = too_close(now + timedelta(minutes=1), "UTC", now=now, least_minutes=15)
    assert f"Choose 24 Mar 2026, {earliest} GMT or later." in found.message


@pytest.mark.parametrize(("now", "zone", "last"), [
    ("2028-02-29T03:00", "UTC", "2029-03-01T03:00"), ("2028-02-28T03:00", "UTC", "2029-02-28T03:00"),
    ("2027-03-01T03:00", "UTC", "2028-03-01T03:00"), ("2026-03-29T03:00", "UTC", "2027-03-29T03:00"),
    ("2026-03-30T03:00", "UTC", "2027-03-30T03:00"), ("2028-02-28T20:00", "Asia/Singapore", "2029-02-28T20:00"),
])  # fmt: skip
def test_twelve_months_are_those_of_the_calendar_in_that_zone(now, zone, last):
    found = [
        too_close(at(last) + more, zone, now=at(now), least_minutes=0)
        for more in (timedelta(), timedelta(seconds=1))
    ]

    assert found[0] is None
    assert "12 months away" in found[1].message


def test_a_field_of_another_name_is_named():
    refused = [
        local_instant(text, zone, "", field="publish_at", zone_field=zone_field)
        for text, zone, zone_field in (
            ("", "UTC", "z"),
            ("x", "UTC", "z"),
            ("x", "Nowhere", "z"),
            ("x", "Nowhere", ""),
        )
    ]

    assert [(each.field, each.page, each.code) for each in refused] == [
        ("publish_at", "contact", "EMBARGO"), ("publish_at", "contact", "EMBARGO"), ("z", "contact", "EMBARGO"),
        ("publish_at", "contact", "EMBARGO"),
    ]  # fmt: skip
    assert [each.message for each in refused] == [
        "Give the day and time when it may run.",
        "“x” cannot be read as a day and time. Write it like 2026-04-06T21:00.",
        "“Nowhere” is not a time zone. Choose one such as Asia/Yangon.",
        "“Nowhere” is not a time zone. Choose one such as Asia/Yangon.",
    ]
    assert too_close(NOW, "UTC", now=NOW, least_minutes=0, field="publish_at").field == "publish_at"


def test_a_timing_that_nobody_offers_is_refused_in_words():
    assert read("someday", "2026-03-25T07:00").message == "Choose when it may run."


def test_an_echo_names_the_place_and_the_zone():
    zones = ["America/Argentina/Buenos_Aires", "Etc/UTC", "UTC"]

    assert [(line.zone, line.local.isoformat(), line.offset, line.place) for line in echo(NOW, zones)] == [
        (zones[0], "2026-03-24T00:00:00-03:00", "GMT-3", "Buenos Aires"),
        (zones[1], "2026-03-24T03:00:00+00:00", "UTC", ""),
        (zones[2], "2026-03-24T03:00:00+00:00", "UTC", ""),
    ]


@pytest.mark.parametrize(("minutes", "expected"), [
    (-1, "GMT-0:01"), (1, "GMT+0:01"), (0, "GMT"), (-210, "GMT-3:30"), (765, "GMT+12:45"), (59, "GMT+0:59"), (60, "GMT+1"),
])  # fmt: skip
def test_a_difference_is_shown_with_its_sign(minutes, expected):
    assert offset_name(datetime(2026, 3, 24, tzinfo=timezone(timedelta(minutes=minutes)))) == expected


def test_a_wish_is_kept_as_it_was_read():
    found = read("embargo", "2026-03-25T06:00", "Asia/Jakarta", now=NOW)

    assert found == Wish("embargo", at("2026-03-24T23:00"), "Asia/Jakarta")
    assert found.at.tzinfo is UTC
