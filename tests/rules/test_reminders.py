"""Two reminders, both before the date, however long or short the time is."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.rules.reminders import next_look, reminder_times

ASKED = datetime(2026, 3, 24, 3, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "expected"), [(14, (7, 12)), (6, (3, 4)), (4, (2, 3)), (2, (1, 1.5)), (1, (0.5, 0.75))]
)
def test_the_second_comes_two_days_before_the_date_or_after_three_quarters(days, expected):
    times = reminder_times(ASKED, ASKED + timedelta(days=days))

    assert times == tuple(ASKED + timedelta(days=day) for day in expected)


def test_after_both_there_is_only_the_date():
    due = ASKED + timedelta(days=14)

    assert [next_look(ASKED, due, sent) for sent in range(4)] == [*reminder_times(ASKED, due), due, due]
