"""How long a login lasts."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.rules.logins import IDLE, SEEN_EVERY, is_alive, is_stale

NOON = datetime(2026, 3, 24, 4, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(("seen_ago", "left", "ended", "good"), [
    (timedelta(), timedelta(days=14), None, True), (IDLE - INSTANT, INSTANT, None, True), (IDLE, timedelta(days=1), None, False),
    (timedelta(), timedelta(), None, False), (timedelta(), timedelta(days=1), NOON, False),
    (timedelta(), timedelta(days=1), NOON + timedelta(days=1), False),
])  # fmt: skip
def test_a_login_ends_by_itself_after_a_while_and_at_once_when_it_is_ended(seen_ago, left, ended, good):
    assert is_alive(last_seen=NOON - seen_ago, expires=NOON + left, ended=ended, now=NOON) is good


def test_that_it_is_in_use_is_noted_every_ten_minutes():
    assert is_stale(NOON - SEEN_EVERY, NOON) is True
    assert is_stale(NOON - SEEN_EVERY + INSTANT, NOON) is False
