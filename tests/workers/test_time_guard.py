"""A clock that jumps holds publishing and says so; one that runs, sleeps or is corrected little by little does not."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.actions.mailing import notifying
from portal.actions.operating import clock_holding, leasing
from portal.actions.portal import Portal
from portal.rules.permissions import Person
from portal.rules.refusals import Conflict, Invalid, NotFound
from portal.storage.queries import public_releases
from portal.storage.tables import AccountEvent, ClockHold, Delivery, Outbox, Release
from tests import builders
from tests.builders import NOON
from tests.rigs.mailroom import KeepingSender, bench_of, happen, newsroom
from tests.rigs.people import StandingClock
from workers.clock import ClockProcess
from workers.time_guard import TimeGuard

EDITOR = Person(1, "An Phan", "an@post.example", role="editor")


class Times:
    """A clock on the wall and one that nobody can set."""

    def __init__(self) -> None:
        self.wall, self.steady = StandingClock(NOON), 1000.0

    def run(self, *, seconds: float, jump: float = 0.0) -> None:
        self.steady += seconds
        self.wall.move(seconds=seconds + jump)


@pytest.fixture
def times() -> Times:
    return Times()


@pytest.fixture
def portal(database: Any, settings: Any) -> Portal:
    return Portal(database, replace(settings, redis_url="redis://127.0.0.1:1"))


@pytest.fixture
def guard(portal: Portal, times: Times) -> TimeGuard:
    return _guard(portal, times)


def _guard(portal: Portal, times: Times) -> TimeGuard:
    bench = replace(bench_of(portal, KeepingSender()), clock=times.wall)
    return TimeGuard(bench, lambda: times.steady)


def look(guard: TimeGuard) -> None:
    guard.look()
    guard.guard()


def held(portal: Portal) -> str:
    with portal.database.reading() as session:
        return session.scalar(select(ClockHold.why)) or ""


def test_a_clock_that_runs_sleeps_or_is_corrected_holds_nothing(
    portal: Portal, guard: TimeGuard, times: Times
) -> None:
    for seconds, jump in ((2, 0), (90_000, 0), (2, 119), (2, -119), (2, 60), (2, 60), (2, 60)):
        look(guard)
        times.run(seconds=seconds, jump=jump)
    look(guard)

    assert held(portal) == ""


@pytest.mark.parametrize(("jump", "said"), [(121, "forward by 2 minutes"), (-7200, "back by 2 hours")])
def test_a_jump_of_more_than_two_minutes_holds_publishing_and_tells_people(
    portal: Portal, guard: TimeGuard, times: Times, caplog: Any, jump: float, said: str
) -> None:
    newsroom(portal)
    look(guard)
    times.run(seconds=2, jump=jump)

    with caplog.at_level(logging.ERROR):
        look(guard)
        look(guard)

    assert said in held(portal)
    assert caplog.text.count("ALARM") == 1
    with portal.database.reading() as session:
        assert session.scalars(select(Outbox.fact)).all() == ["clock_held"]
        assert session.scalars(select(AccountEvent.fact)).all() == ["clock_held"]


def test_a_jump_that_could_not_be_written_is_not_forgotten(
    portal: Portal, guard: TimeGuard, times: Times, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(guard)
    times.run(seconds=2, jump=3600)
    guard.look()
    with monkeypatch.context() as broken:
        broken.setattr(clock_holding, "hold", lambda *_a, **_k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            guard.guard()
    times.run(seconds=2)
    look(guard)

    assert "forward by 60 minutes" in held(portal)


def test_a_clock_that_starts_behind_the_newest_record_holds(portal: Portal, times: Times) -> None:
    happen(portal, newsroom(portal), "submitted")
    times.wall.move(minutes=-3)

    look(_guard(portal, times))

    assert "behind the newest record" in held(portal)


def test_a_clock_that_starts_after_an_outage_holds_nothing(portal: Portal, times: Times) -> None:
    happen(portal, newsroom(portal), "submitted")
    times.wall.move(days=3)

    look(_guard(portal, times))

    assert held(portal) == ""


@pytest.mark.parametrize(("jumps_count", "holds"), [(False, False), (True, True)])
def test_a_test_clock_is_watched_only_where_a_test_asks_for_it(
    portal: Portal, times: Times, tmp_path: Any, jumps_count: bool, holds: bool
) -> None:
    settings = replace(portal.settings, test_clock=tmp_path / "now", test_clock_jumps=jumps_count)
    guard = _guard(replace(portal, settings=settings), times)
    for jump in (0, -2, -2, 3600):
        look(guard)
        times.run(seconds=2, jump=jump)
    look(guard)

    assert bool(held(portal)) is holds


def test_under_a_hold_the_sweep_records_nothing_and_after_it_what_was_due(
    portal: Portal, times: Times
) -> None:
    with portal.work() as work:
        builders.scheduled_release(work, live_from=NOON + timedelta(hours=1))
        work.commit()
    ticking = ClockProcess(replace(bench_of(portal, KeepingSender()), clock=times.wall), "one")
    ticking.guard = _guard(portal, times)
    ticking.tick_if_mine()
    times.run(seconds=2, jump=7200)
    ticking.tick_if_mine()

    assert (_recorded(portal), _visible(portal, times)) == (0, 0)
    clock_holding.lift(portal, _editor(portal), message="My phone says the same.", now=times.wall.now())
    assert _visible(portal, times) == 1
    ticking.tick_if_mine()
    assert (_recorded(portal), held(portal)) == (1, "")


def test_a_clock_that_jumps_back_takes_nothing_away(portal: Portal, times: Times) -> None:
    with portal.work() as work:
        builders.due_release(work)
        work.commit()
    ticking = ClockProcess(replace(bench_of(portal, KeepingSender()), clock=times.wall), "one")
    ticking.guard = _guard(portal, times)
    ticking.tick_if_mine()
    times.run(seconds=2, jump=-90_000)
    ticking.tick_if_mine()

    assert "back by" in held(portal)
    assert _visible(portal, times) == 1


def test_a_clock_without_the_lease_leaves_the_hold_to_the_other(portal: Portal, times: Times) -> None:
    one, two = (
        ClockProcess(replace(bench_of(portal, KeepingSender()), clock=times.wall), name)
        for name in ("one", "two")
    )
    two.guard = _guard(portal, times)
    one.tick_if_mine()
    two.tick_if_mine()
    times.run(seconds=2, jump=3600)
    two.tick_if_mine()

    assert held(portal) == ""


def test_a_lease_that_was_taken_by_a_clock_far_ahead_ends(portal: Portal) -> None:
    def hold(name: str, at: float) -> bool:
        return leasing.hold(portal, name, real_seconds=at, lease_seconds=15, now=NOON)

    assert hold("a day ahead", 90_000.0)
    assert [hold("two", 3_600.0), hold("a day ahead", 3_601.0)] == [True, False]


def test_a_clock_that_was_dead_catches_up_with_what_was_due(
    portal: Portal, times: Times, caplog: Any
) -> None:
    with portal.work() as work:
        builders.due_release(work)
        work.commit()
    times.wall.move(hours=5)

    ClockProcess(replace(bench_of(portal, KeepingSender()), clock=times.wall), "one").tick_if_mine()

    assert (_recorded(portal), held(portal)) == (1, "")
    assert "ALARM: 1 of 1 releases were recorded late" in caplog.text


def test_an_editor_lifts_the_hold_with_words_and_once(portal: Portal) -> None:
    editor = _editor(portal)
    clock_holding.hold(portal, why="The clock jumped.", now=NOON)

    with pytest.raises(Invalid):
        clock_holding.lift(portal, editor, message=" ", now=NOON)
    with pytest.raises(NotFound):
        clock_holding.lift(portal, replace(editor, role="admin"), message="It is right.", now=NOON)
    clock_holding.lift(portal, editor, message="It is right.", now=NOON)
    with pytest.raises(Conflict):
        clock_holding.lift(portal, editor, message="It is right.", now=NOON)

    with portal.database.reading() as session:
        newest = session.scalars(select(AccountEvent).order_by(AccountEvent.id.desc())).first()
        assert newest is not None
        assert (newest.fact, newest.actor_id, newest.detail) == (
            "clock_hold_lifted",
            editor.id,
            {"why": "It is right."},
        )


def test_a_hold_is_mailed_to_the_desk_and_the_administrators(portal: Portal) -> None:
    newsroom(portal)
    clock_holding.hold(portal, why="The clock jumped.", now=NOON)
    with portal.database.reading() as session:
        outbox_id = session.scalars(select(Outbox.id)).one()

    notifying.relay(portal, outbox_id, now=NOON)

    with portal.database.reading() as session:
        told = set(session.scalars(select(Delivery.template)))
    assert told == {"clock_held", "clock_held_administrators"}


def _editor(portal: Portal) -> Person:
    with portal.work() as work:
        row = builders.user(work, role="editor", name="An Phan")
        work.commit()
    return replace(EDITOR, id=row.id)


def _recorded(portal: Portal) -> int:
    with portal.database.reading() as session:
        return session.scalar(select(func.count()).where(Release.went_live_at.is_not(None))) or 0


def _visible(portal: Portal, times: Times) -> int:
    with portal.database.reading() as session:
        return len(session.scalars(select(Release.id).where(public_releases.visible(times.wall.now()))).all())
