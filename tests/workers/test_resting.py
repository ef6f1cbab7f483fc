"""The clock rests while nothing is near and nobody writes, and is there at the next look when something has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from portal.actions.newsletter import building
from portal.actions.portal import Portal
from portal.storage import timeline
from portal.storage.tables import ClockLease, DigestIssue
from tests import builders
from tests.builders import NOON
from tests.rigs.mailroom import KeepingSender
from tests.rigs.people import StandingClock
from workers import clock
from workers.bench import Bench
from workers.clock import IDLE_LOOKS, LEASE_SECONDS, TICK_SECONDS, ClockProcess


@dataclass
class Looks:
    """In place of the event by which a clock is stopped: time passes at once, and things happen at some looks."""

    hands: StandingClock
    happens: dict[int, Callable[[], object]] = field(default_factory=dict)
    count: int = 0

    def wait(self, seconds: float) -> bool:
        self.count += 1
        self.hands.move(seconds=seconds)
        self.happens.get(self.count, lambda: None)()
        return False


@pytest.fixture
def portal(database: Any, settings: Any) -> Portal:
    return Portal(database, replace(settings, redis_url="redis://127.0.0.1:1"))


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    made = StandingClock(NOON + timedelta(hours=1))
    monkeypatch.setattr(clock, "real_time", made.now)
    return made


@pytest.fixture
def ticking(portal: Portal, hands: StandingClock) -> Any:
    made = ClockProcess(Bench(portal, hands, KeepingSender()), "one")
    made.guard._watches = False  # this clock's hands are moved on purpose
    while has_work(made):
        made.tick_if_mine()
    yield made
    made.let_go()


def has_work(ticking: ClockProcess) -> bool:
    """The first ticks anchor the records and close the issues of days before."""
    ticking.tick_if_mine()
    ticking._rest.begin()
    return ticking._rest.is_over(clock.real_time())


def rested(ticking: ClockProcess, hands: StandingClock, **happens: Callable[[], object]) -> int:
    """Ticks, and says at which look the clock would tick again."""
    looks = Looks(hands, {int(name.removeprefix("look_")): act for name, act in happens.items()})
    ticking.tick_if_mine()
    ticking.rest(looks)  # type: ignore[arg-type]
    return looks.count


def test_an_idle_clock_rests_for_seven_looks(ticking: Any, hands: StandingClock) -> None:
    assert rested(ticking, hands) == IDLE_LOOKS


def test_what_is_written_ends_the_rest_at_the_next_look(
    ticking: Any, hands: StandingClock, portal: Portal
) -> None:
    def write() -> None:
        with portal.work() as work:
            timeline.append_account_event(work, fact="logged_in", now=hands.now(), detail={})
            work.commit()

    assert rested(ticking, hands, look_3=write) == 3


def test_what_was_written_during_the_tick_ends_the_rest(
    ticking: Any, hands: StandingClock, portal: Portal
) -> None:
    """Between the part that would have seen it and the end of the tick."""

    def write() -> None:
        with portal.work() as work:
            builders.submitted_release(work, at=hands.now())
            work.commit()

    ticking.parts["sitemap"] = write

    assert rested(ticking, hands) == 1


def test_a_release_is_recorded_at_the_first_look_after_its_minute(
    ticking: Any, hands: StandingClock, portal: Portal
) -> None:
    with portal.work() as work:
        builders.scheduled_release(work, live_from=hands.now() + timedelta(seconds=7))
        work.commit()

    assert rested(ticking, hands) == 4


def test_a_claim_lapses_at_the_first_look_after_its_end(
    ticking: Any, hands: StandingClock, portal: Portal
) -> None:
    with portal.work() as work:
        row = builders.claimed_release(work, editor=builders.user(work, role="editor"), at=hands.now())
        row.editions[0].claim_expires_at = hands.now() + timedelta(seconds=9)
        row.editions[0].examined_at = hands.now()
        work.commit()

    assert rested(ticking, hands) == 5


def test_a_text_that_waits_for_its_checks_keeps_the_clock_awake(
    ticking: Any, hands: StandingClock, portal: Portal
) -> None:
    with portal.work() as work:
        builders.submitted_release(work, at=hands.now())
        work.commit()

    assert rested(ticking, hands) == 1


def test_an_issue_is_closed_at_the_first_look_after_its_hour(
    ticking: Any, hands: StandingClock, portal: Portal
) -> None:
    hands.moment = building.next_due(portal, now=hands.now()) - timedelta(seconds=5)

    assert rested(ticking, hands) == 3

    ticking.tick_if_mine()
    with portal.database.reading() as session:
        assert session.query(DigestIssue).filter(DigestIssue.closed_at >= hands.now()).count() == 1


def test_a_jump_of_time_ends_the_rest(ticking: Any, hands: StandingClock) -> None:
    ticking.guard._watches = True

    assert rested(ticking, hands, look_2=lambda: hands.move(minutes=10)) == 2


def test_a_clock_without_the_lease_asks_again_at_the_next_look(
    ticking: Any, hands: StandingClock, portal: Portal
) -> None:
    other = ClockProcess(Bench(portal, hands, KeepingSender()), "two")

    assert rested(other, hands) == 1
    other.let_go()


def test_a_database_that_does_not_answer_ends_the_rest(
    ticking: Any, hands: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_at: object) -> bool:
        raise OSError("gone")

    monkeypatch.setattr(ticking._rest, "is_over", fails)

    assert rested(ticking, hands) == 1


def test_the_lease_outlasts_the_longest_rest_and_the_tick_after_it(
    ticking: Any, hands: StandingClock, portal: Portal
) -> None:
    ticking.tick_if_mine()

    with portal.database.reading() as session:
        lease = session.get_one(ClockLease, 1)
    assert lease.expires - hands.now().timestamp() == LEASE_SECONDS
    assert LEASE_SECONDS >= 2 * IDLE_LOOKS * TICK_SECONDS
