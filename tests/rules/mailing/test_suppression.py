"""Soft refusals count and decay."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.rules.mailing.suppression import after_soft

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)


def holds_on(*days: float) -> list[float]:
    """The days of soft refusals on which the address was held from then on."""
    count, since, last, held = 0, None, None, []
    for day in days:
        now = BEGIN + timedelta(days=day)
        found = after_soft(count, since, last, now)
        count, since, last = found.count, found.since, now
        held += [day] if found.holds else []
    return held


@pytest.mark.parametrize(
    ("refused_on", "held_on"),
    [
        ((0, 1), []),
        ((0, 1, 2), [2]),
        ((0, 7, 14), [14]),
        ((0, 7, 14.5), []),
        ((0, 10, 20, 30, 40), []),
        ((0, 13, 15, 16), [16]),
        ((0, 1, 40, 41), []),
        ((0, 1, 40, 41, 42), [42]),
        ((0, 15, 30, 45), []),
    ],
)
def test_three_within_fourteen_days_hold_an_address(refused_on, held_on):
    assert holds_on(*refused_on) == held_on
