"""How long one waits after too many tries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from portal.rules.login_limits import Limit, delay, seconds_to_wait

NOW = datetime(2026, 3, 24, 3, 20, tzinfo=UTC)
LIMIT = Limit(3, timedelta(minutes=5))


def minutes_ago(*minutes: float) -> list[datetime]:
    return [NOW - timedelta(minutes=each) for each in minutes]


def test_below_the_limit_nobody_waits() -> None:
    assert seconds_to_wait(minutes_ago(0, 1), LIMIT, NOW) == 0


def test_at_the_limit_one_waits_until_the_oldest_try_that_counts_is_old() -> None:
    assert seconds_to_wait(minutes_ago(0, 1, 4, 4.5), LIMIT, NOW) == 61


def test_tries_that_are_old_enough_do_not_count() -> None:
    assert seconds_to_wait(minutes_ago(0, 1, 5), LIMIT, NOW) == 0


def test_the_delay_begins_with_the_third_failure_and_stays_bounded() -> None:
    assert [delay(failures) for failures in range(7)] == [0.0, 0.0, 0.25, 0.5, 1.0, 1.0, 1.0]


def test_exactly_as_many_as_allowed_is_too_many_for_one_more() -> None:
    assert seconds_to_wait(minutes_ago(0, 1), LIMIT, NOW) == 0
    assert seconds_to_wait(minutes_ago(0, 1, 2), LIMIT, NOW) == 181


def test_nobody_waits_less_than_a_second() -> None:
    tries = [NOW, NOW, NOW - timedelta(minutes=5) + timedelta(milliseconds=1)]

    assert seconds_to_wait(tries, LIMIT, NOW) == 1
