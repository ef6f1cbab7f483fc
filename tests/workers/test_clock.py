"""The clock alone, without worker and Redis, does everything; and one part that fails stops no other."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.actions.operating import anchoring, leasing
from portal.actions.portal import Portal
from portal.outlets.mail.senders import LATER, SENT, Receipt
from portal.storage.tables import ClockLease, Delivery, Edition, Release, Session
from tests import builders
from tests.builders import NOON
from tests.rigs.mailroom import KeepingSender, bench_of, happen, newsroom
from tests.rigs.patience import PATIENCE
from workers import clock, relay, seen
from workers.clock import ClockProcess
from workers.seen import Seen


@pytest.fixture
def portal(database: Any, settings: Any) -> Portal:
    return Portal(database, replace(settings, redis_url="redis://127.0.0.1:1"))


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes real time pass for whoever counts how long something has waited."""
    passed = [0.0]
    start = 1_000.0  # a whole number, so that seconds added one by one give whole seconds
    monkeypatch.setattr(seen.time, "monotonic", lambda: start + passed[0])
    monkeypatch.setattr(relay, "real_time", lambda: NOON + timedelta(seconds=passed[0]))
    monkeypatch.setattr(clock, "real_time", lambda: NOON + timedelta(seconds=passed[0]))

    def wait(seconds: float) -> None:
        passed[0] += seconds

    return wait


def counted(portal: Portal, *conditions: Any) -> int:
    with portal.database.reading() as session:
        return session.scalar(select(func.count()).where(*conditions)) or 0


def test_the_clock_alone_examines_relays_and_delivers(portal: Portal, later: Any) -> None:
    room = newsroom(portal)
    happen(portal, room, "submitted")
    sender = KeepingSender()
    ticking = ClockProcess(bench_of(portal, sender), "one")

    for _ in range(30):
        ticking.tick_if_mine()
        ticking.wait_for_mails()
        later(2)

    assert counted(portal, Edition.examined_at.is_not(None)) == 1
    assert sorted(item.message["Subject"].split(":")[0] for item in sender.kept) == [
        "Received",
        "To read",
        "To read",
    ]
    assert counted(portal, Delivery.state == "sent") == 3


def test_the_clock_leaves_a_moment_to_the_workers(portal: Portal, later: Any) -> None:
    happen(portal, newsroom(portal), "submitted")
    sender = KeepingSender()
    ticking = ClockProcess(bench_of(portal, sender), "one")

    ticking.tick_if_mine()

    assert counted(portal, Delivery.id > 0) == 0


def test_what_is_due_is_recorded_as_public(portal: Portal) -> None:
    with portal.work() as work:
        builders.due_release(work)
        work.commit()

    ClockProcess(bench_of(portal, KeepingSender()), "one").tick_if_mine()

    assert counted(portal, Release.went_live_at == NOON) == 1


def test_a_part_that_fails_does_not_stop_the_others(portal: Portal, caplog: Any) -> None:
    ticking = ClockProcess(bench_of(portal, KeepingSender()), "one")
    done: list[str] = []
    ticking.parts = {"broken": lambda: 1 / 0, "whole": lambda: done.append("whole")}

    assert ticking.tick_if_mine() is True
    assert done == ["whole"]
    assert "the clock’s part “broken” failed" in caplog.text


def test_one_mail_that_cannot_be_composed_holds_up_no_other(portal: Portal, later: Any) -> None:
    room = newsroom(portal)
    for _ in range(2):
        happen(portal, room, "submitted")
    sender = KeepingSender()
    ticking = ClockProcess(bench_of(portal, sender), "one")
    for _ in range(2):
        ticking.tick_if_mine()
        later(2)
    with portal.work() as work:
        first = work.session.scalars(select(Delivery).order_by(Delivery.id)).first()
        assert first is not None
        first.template = "no_such_notice"
        work.commit()

    for _ in range(5):
        later(2)
        ticking.tick_if_mine()
    ticking.wait_for_mails()

    assert [item.delivery_id for item in sender.kept][:1] == [first.id + 1]


def test_a_mail_server_that_hangs_does_not_keep_the_clock(portal: Portal, later: Any) -> None:
    room = newsroom(portal)
    happen(portal, room, "submitted")
    goes_on = threading.Event()
    sender = KeepingSender()
    sender.deliver = lambda item: Receipt(SENT) if goes_on.wait(PATIENCE) else Receipt(LATER)  # type: ignore[method-assign]
    ticking = ClockProcess(bench_of(portal, sender), "one")

    for _ in range(8):
        ticking.tick_if_mine()
        later(2)
    during = counted(portal, Delivery.state == "sent")
    goes_on.set()
    ticking.wait_for_mails()

    assert (during, counted(portal, Delivery.state == "sent")) == (0, 1)


def test_of_two_clocks_one_ticks_until_its_lease_ends(portal: Portal) -> None:
    def hold(name: str, at: float) -> bool:
        return leasing.hold(portal, name, real_seconds=at, lease_seconds=15, now=NOON)

    assert [hold("one", 100), hold("two", 101), hold("one", 110), hold("two", 120)] == [
        True,
        False,
        True,
        False,
    ]
    assert [hold("two", 126), hold("one", 127)] == [True, False]
    leasing.let_go(portal, "two")
    assert hold("one", 128) is True
    with portal.database.reading() as session:
        assert session.scalars(select(ClockLease.holder)).all() == ["one"]


def test_a_clock_without_the_lease_does_nothing(portal: Portal, later: Any) -> None:
    bench = bench_of(portal, KeepingSender())
    assert ClockProcess(bench, "one").tick_if_mine() is True
    assert ClockProcess(bench, "two").tick_if_mine() is False


def test_the_head_of_the_chain_is_anchored_once_an_hour(portal: Portal) -> None:
    room = newsroom(portal)
    happen(portal, room, "submitted")

    times = [NOON, NOON + timedelta(minutes=39), NOON + timedelta(hours=1), NOON + timedelta(days=1), NOON]
    done = [anchoring.anchor(portal, now=at) for at in times]

    kept = anchoring.anchors(portal.settings.instance_path)
    assert done == [True, False, True, True, False]
    hours = [f"{at:%Y-%m-%dT%H}" for at in (times[0], times[2], times[3])]
    assert [line["hour"] for line in kept] == hours
    assert {line["rows"] for line in kept} == {kept[0]["rows"]}
    assert {len(line["head"]) for line in kept} == {64}


def test_what_waits_is_overdue_after_its_time_and_again_after_the_same_time(later: Any) -> None:
    waiting = Seen()
    found = []
    for _ in range(6):
        found.append(waiting.overdue([1], seconds=4))
        later(2)

    assert found == [[], [], [1], [], [1], []]
    assert waiting.overdue([], seconds=0) == []


def test_the_clock_deletes_what_nobody_needs_any_more(portal: Portal) -> None:
    with portal.work() as work:
        long_ago = NOON - timedelta(days=60)
        times = {"created_at": long_ago, "last_seen_at": long_ago, "expires_at": long_ago}
        work.session.add(Session(token_hash="over", user_id=builders.user(work).id, **times))
        work.commit()

    ClockProcess(bench_of(portal, KeepingSender()), "one").tick_if_mine()

    assert counted(portal, Session.id > 0) == 0


def test_of_much_that_waits_each_has_waited_since_it_was_seen_and_so_many_go_at_once(later: Any) -> None:
    waiting, found = Seen(), []
    for _ in range(5):
        found.append(waiting.overdue([1, 2, 3], seconds=4, most=2))
        later(2)

    assert found == [[], [], [1, 2], [3], [1, 2]]


def test_a_clock_that_follows_a_killed_one_of_its_machine_need_not_wait(portal: Portal) -> None:
    here = socket.gethostname()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    begun = []
    for holder in (f"elsewhere:{ended.pid}", f"{here}:{os.getpid()}", f"{here}:{ended.pid}"):
        with portal.work() as work:
            work.session.merge(ClockLease(id=1, holder=holder, expires=1000.0))
            work.commit()
        leasing.let_go_of_the_dead(portal, clock._runs)
        begun.append(leasing.hold(portal, "new", real_seconds=990, lease_seconds=15, now=NOON))

    assert begun == [False, False, True]
