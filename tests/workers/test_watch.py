"""A clock that is dead is alarmed by the worker, once for each silence, by a mail that needs no clock to leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.actions.mailing import alarming
from portal.actions.operating import clock_holding, leasing
from portal.actions.portal import Portal
from portal.outlets.mail.senders import LATER, Receipt
from portal.storage.tables import AccountEvent
from tests import builders
from tests.builders import NOON
from tests.rigs.desk import at_once
from tests.rigs.mailroom import KeepingSender, bench_of, newsroom
from tests.rigs.people import StandingClock
from workers import relay
from workers.watch import ClockWatch


class Room:
    """A worker that looks on every 15 seconds, and a clock that ticks or does not."""

    def __init__(self, portal: Portal) -> None:
        self.portal, self.sender, self.wall = portal, KeepingSender(), StandingClock(NOON)
        self.seconds = 0.0
        bench = replace(bench_of(portal, self.sender), clock=self.wall)
        self.watch = ClockWatch(bench, lambda: self.seconds)

    def pass_by(self, minutes: float, *, ticking: bool) -> None:
        for _ in range(int(minutes * 4)):
            self.seconds += 15
            self.wall.move(seconds=15)
            if ticking:
                leasing.hold(
                    self.portal, "one", real_seconds=self.seconds, lease_seconds=15, now=self.wall.now()
                )
            self.watch.look()

    def subjects(self) -> list[str]:
        return [str(item.message["Subject"]) for item in self.sender.kept]


STOPPED = ["The portal’s clock has stopped: mails wait"] * 2 + ["Start the portal’s clock: it does not tick"]


@pytest.fixture
def room(sqlite_database: Any, settings: Any) -> Room:
    portal = Portal(sqlite_database, settings)
    newsroom(portal)
    return Room(portal)


def test_a_silence_is_told_once_and_the_next_one_again(room: Room) -> None:
    told = []
    for minutes, ticking in ((1, True), (1.25, False), (2, False), (1, True), (2, False)):
        room.pass_by(minutes, ticking=ticking)
        told.append(len(room.sender.kept))

    assert told == [0, 0, 3, 3, 6]
    assert sorted(room.subjects()[:3]) == sorted(STOPPED)


def test_a_mail_that_was_not_taken_is_tried_again_though_no_clock_is_there(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "real_time", room.wall.now)
    room.sender.receipts = [Receipt(LATER)]
    room.pass_by(0.25, ticking=True)
    room.pass_by(4, ticking=False)

    assert sorted(room.subjects()) == sorted([*STOPPED, room.subjects()[0]])


def test_a_start_without_a_tick_yet_and_a_hold_alarm_nobody(room: Room) -> None:
    room.pass_by(1, ticking=False)
    assert room.subjects() == []

    clock_holding.hold(room.portal, why="The clock jumped.", now=room.wall.now())
    room.pass_by(3, ticking=False)

    assert room.subjects() == []


def test_the_mail_says_what_works_what_waits_and_whom_to_call(room: Room) -> None:
    with room.portal.work() as work:
        builders.due_release(work, at=NOON + timedelta(minutes=1))
        work.commit()
    room.pass_by(0.25, ticking=True)
    room.pass_by(3, ticking=False)

    body = room.sender.kept[0].message.get_body(("plain",))
    assert body is not None
    text = body.get_content()

    assert "has not ticked since 24 Mar 2026, 11:20 GMT+8" in text
    assert "releases go public in their minute" in text
    assert "1 release is public and not recorded yet, the first since 24 Mar 2026, 11:21 GMT+8." in text
    assert "Admin Name, " in text


def test_of_two_workers_that_see_it_at_once_one_tells(database: Any, settings: Any) -> None:
    portal = Portal(database, settings)

    at_once([lambda: alarming.say_if_silent(portal, now=NOON)] * 4)

    with portal.database.reading() as session:
        assert session.scalars(select(AccountEvent.fact)).all() == ["clock_silent"]
