"""When a release leaves the lists by itself."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.rules.expiry import corrected_expiry, expiry_of, start_of

LIVE = datetime(2026, 3, 24, 3, tzinfo=UTC)
FAIR = {"starts_at": "2026-04-24T10:00", "ends_at": "2026-04-26T18:00", "timezone": "Asia/Vientiane"}
OVER = datetime(2026, 4, 26, 17, tzinfo=UTC)
"""Midnight after the last day of the fair, in Vientiane."""


@pytest.mark.parametrize(("changes", "expected"), [
    ({}, OVER),
    ({"ends_at": ""}, OVER - timedelta(days=2)),
    ({"ends_at": "garbled"}, OVER - timedelta(days=2)),
    ({"ends_at": "", "starts_at": ""}, None),
    ({"timezone": ""}, None),
    ({"timezone": "Nowhere"}, None),
    ({"timezone": "America/New_York"}, datetime(2026, 4, 27, 4, tzinfo=UTC)),
    ({"ends_at": "2026-03-23T10:00"}, None),  # over before it went public: a report
    ({"ends_at": "2026-03-24T01:00"}, datetime(2026, 3, 24, 17, tzinfo=UTC)),
])  # fmt: skip
def test_an_event_leaves_on_the_day_after_it_ended_where_it_takes_place(changes, expected):
    assert expiry_of("event", {**FAIR, **changes}, LIVE) == expected


def test_what_goes_public_in_the_minute_of_its_end_stays():
    assert expiry_of("event", FAIR, OVER) is None
    assert expiry_of("event", FAIR, OVER - timedelta(microseconds=1)) == OVER


@pytest.mark.parametrize("missing", ["starts_at", "ends_at", "timezone"])
def test_an_answer_that_was_never_asked_for_does_no_harm(missing):
    values = {name: text for name, text in FAIR.items() if name != missing}

    expected = {"starts_at": OVER, "ends_at": OVER - timedelta(days=2), "timezone": None}[missing]
    assert expiry_of("event", values, LIVE) == expected


@pytest.mark.parametrize("kind", ["business", "community", "sports", "appointment"])
def test_nothing_else_leaves_by_itself(kind):
    assert expiry_of(kind, FAIR, LIVE) is None


LONGER = {**FAIR, "ends_at": "2026-04-28T18:00"}
BY_HAND = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(("kind", "stood", "expected"), [
    ("event", OVER, OVER + timedelta(days=2)), ("event", BY_HAND, BY_HAND), ("event", None, None),
    ("business", None, None), ("business", BY_HAND, BY_HAND),
])  # fmt: skip
def test_a_corrected_end_moves_the_date_unless_an_editor_set_it(kind, stood, expected):
    assert corrected_expiry(kind, FAIR, LONGER, expires_at=stood, live_from=LIVE) == expected


def test_a_day_begins_when_it_begins_there():
    singapore, new_york = (ZoneInfo(name) for name in ("Asia/Singapore", "America/New_York"))

    assert start_of(date(2026, 3, 24), singapore) == datetime(2026, 3, 23, 16, tzinfo=UTC)
    assert start_of(date(2026, 3, 24), new_york) == datetime(2026, 3, 24, 4, tzinfo=UTC)
    assert start_of(date(2026, 3, 24), singapore).tzinfo is UTC


def test_no_answers_at_all_mean_no_end():
    assert expiry_of("event", {}, LIVE) is None
