"""Soft refusals count and decay."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.rules.mailing.suppression import (
    ASKED,
    COMPLAINT,
    REFUSED,
    SOFT,
    SoftCount,
    after_soft,
    ends_at,
)

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


LATER = BEGIN + timedelta(days=14)
NEWER = BEGIN + timedelta(days=3)


@pytest.mark.parametrize(("count", "since", "last", "now", "expected"), [
    (0, None, None, BEGIN, SoftCount(1, BEGIN)),
    (0, BEGIN, BEGIN, NEWER, SoftCount(1, NEWER)),
    (1, BEGIN, None, NEWER, SoftCount(1, NEWER)),
    (1, BEGIN, BEGIN, LATER, SoftCount(2, BEGIN)),
    (1, BEGIN, BEGIN, LATER + timedelta(seconds=1), SoftCount(1, LATER + timedelta(seconds=1))),
    (2, None, BEGIN, NEWER, SoftCount(2, BEGIN)),
    (2, BEGIN, NEWER, LATER, SoftCount(3, LATER, holds=True)),
    (2, BEGIN, NEWER, LATER + timedelta(seconds=1), SoftCount(2, NEWER)),
    (3, BEGIN, NEWER, LATER, SoftCount(3, LATER, holds=True)),
])  # fmt: skip
def test_what_is_kept_after_one_more(count, since, last, now, expected):
    assert after_soft(count, since, last, now) == expected


@pytest.mark.parametrize(("reason", "expected"), [
    (SOFT, BEGIN + timedelta(days=30)), (REFUSED, None), (COMPLAINT, None), (ASKED, None),
])  # fmt: skip
def test_only_soft_ones_end_by_themselves(reason, expected):
    assert ends_at(reason, BEGIN) == expected
