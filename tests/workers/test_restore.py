"""A day is run, the copy from noon is put back: nothing leaves and nothing appears until an operator says so (I26, F15)."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import stat
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from portal.actions.mailing import notifying
from portal.actions.newsletter import building
from portal.actions.operating import clock_holding, restore_confirming, restore_holding
from portal.actions.portal import Portal
from portal.outlets.mail.senders import sender_from
from portal.rules.permissions import Person
from portal.rules.refusals import Conflict
from portal.storage import restore_mark
from portal.storage.database import Database
from portal.storage.queries import public_releases, restoring
from portal.storage.tables import (
    AccountEvent,
    ClockHold,
    ClockLease,
    Delivery,
    DigestDelivery,
    DigestIssue,
    Outbox,
    Release,
    User,
)
from portal.storage.unit_of_work import UnitOfWork
from tests import builders
from tests.builders import NOON
from tests.rigs.mail_sink import add_readers
from tests.rigs.mailroom import Newsroom, happen, newsroom
from tests.rigs.people import StandingClock
from workers import requeue
from workers.bench import Bench
from workers.clock import ClockProcess
from workers.digest_runs import due_issues, send_slice
from workers.relay import deliver_row, real_time

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MORNING = NOON + 20 * HOUR
"""20 minutes past seven the next day: the daily e-mail of that date was due at six."""


SENT_ONCE = {"Received": 1, "Withdrawn": 1, "Withdrawn by its sender": 2, "Public now": 1, "Wed 25 March": 1}


class Machine:
    """One machine: its clock, its instance folder, and what left it as mails."""

    def __init__(self, portal: Portal, wall: StandingClock) -> None:
        self.portal, self.wall = portal, wall
        self.bench = Bench(portal, wall, sender_from(portal.settings))
        self.clock = ClockProcess(self.bench, "one")
        self.room: Newsroom | None = None

    def tick(self, times: int = 1) -> None:
        for _ in range(times):
            self.clock.tick_if_mine()
        self.clock.wait_for_mails()

    def works(self) -> None:
        """Whatever clock and workers would do: all that waits is tried, by the ways of the clock and of the jobs."""
        self.tick()
        with self.portal.database.reading() as session:
            waiting = session.scalars(select(Outbox.id).where(Outbox.relayed_at.is_(None))).all()
        for row_id in waiting:
            notifying.relay(self.portal, row_id, now=self.wall.now())
        with self.portal.database.reading() as session:
            unsent = session.scalars(select(Delivery.id)).all()
            issues = session.scalars(select(DigestIssue.id)).all()
        for row_id in unsent:
            deliver_row(self.bench, row_id)
        for row_id in issues:
            building.queue_deliveries(self.portal, row_id, now=self.wall.now())
            send_slice(self.bench, row_id)
        due_issues(self.bench, real_time())

    def left(self) -> Counter[str]:
        """How many mails left, by the beginning of their subject; letters by their date, which stands last."""
        folder = self.portal.settings.mail_folder
        assert folder is not None
        found = [
            message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("*.eml")
        ]
        return Counter(str(mail["Subject"]).rstrip(")").rpartition("(")[2].split(":")[0] for mail in found)

    def is_public(self, reference: str) -> bool:
        with self.portal.database.reading() as session:
            return public_releases.one(session, self.wall.now(), reference) is not None

    def held(self) -> bool:
        with self.portal.database.reading() as session:
            return restoring.is_held(session)

    def look(self) -> bool:
        return restore_holding.look(self.portal, now=self.wall.now())

    def mark(self) -> Path:
        return self.portal.settings.instance_path / restore_mark.FILE_NAME

    def confirm(self, *, mails: str, issues: str) -> None:
        restore_confirming.confirm(
            self.portal, mails=mails, issues=issues, by="root on sea1", now=self.wall.now()
        )


@pytest.fixture
def machine(database: Database, settings: Any) -> Machine:
    return _machine(database, settings)


@pytest.fixture
def small(sqlite_database: Database, settings: Any) -> Machine:
    return _machine(sqlite_database, settings)


def _machine(database: Database, settings: Any) -> Machine:
    """Its time is a test's, so that no jump of it is held as well."""
    kept = replace(
        settings,
        redis_url="redis://127.0.0.1:1",
        database_url=database.url,
        test_clock=settings.instance_path / "clock",
    )
    return Machine(Portal(database, kept), StandingClock(NOON))


def noon(machine: Machine) -> str:
    """The state that is copied: a mail to be sent, one half sent, a reader, an embargo for the evening. Its reference."""
    room = machine.room = newsroom(machine.portal)
    machine.tick(2)
    with machine.portal.work() as work:
        add_readers(work, 1, NOON - HOUR)
        builders.published_release(work, headline="Farmers open a mill", at=NOON - MINUTE)
        embargo = embargoed(work, room, NOON + 5 * HOUR)
        work.commit()
    happen(machine.portal, room, "submitted")
    notifying.relay(machine.portal, happen(machine.portal, room, "withdrawn"), now=NOON)
    return embargo


def embargoed(work: UnitOfWork, room: Newsroom, until: datetime) -> str:
    """A release of the newsroom's member, who is told when it goes public."""
    house = work.session.get_one(Release, room.release).organisation
    sender = work.session.get_one(User, room.member)
    return builders.scheduled_release(work, live_from=until, house=house, sender=sender).reference


def put_back(machine: Machine, at: datetime = MORNING) -> None:
    """On both engines the same as copying the rows of noon back: this machine has seen more ticks than the database."""
    with machine.portal.work() as work:
        work.session.execute(update(ClockLease).values(ticks=ClockLease.ticks - 1))
        work.commit()
    machine.wall.moment = at


def facts(machine: Machine) -> list[str]:
    with machine.portal.database.reading() as session:
        return list(session.scalars(select(AccountEvent.fact).order_by(AccountEvent.id)))


def test_a_copy_sends_nothing_and_publishes_nothing_but_shows_it_to_the_desk(
    machine: Machine, caplog: Any
) -> None:
    embargo = noon(machine)
    put_back(machine)

    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            machine.works()
            assert requeue.deliver_all(machine.bench)["sent"] == 0
            machine.wall.move(minutes=10)

    assert machine.left() == {}
    assert not machine.is_public(embargo)
    with machine.portal.database.reading() as session:
        assert session.scalars(select(Release.went_live_at).where(Release.reference == embargo)).all() == [
            None
        ]
        assert session.scalars(select(DigestIssue.date)).all() == [
            "2026-03-24"
        ]  # closed before noon, with no reader
    found = restore_confirming.plan(machine.portal, now=machine.wall.now())
    assert found is not None
    assert (found.mails, found.later_mails) == (4, 0)
    assert (list(found.issues), list(found.due)) == (["2026-03-25"], [embargo])
    assert facts(machine) == ["restore_held"]
    assert caplog.text.count("ALARM: everything is held") == 1


def test_skipped_nothing_of_the_old_ever_leaves_and_what_is_due_is_public(machine: Machine) -> None:
    embargo = noon(machine)
    put_back(machine)
    machine.works()
    with machine.portal.work() as work:
        assert machine.room is not None
        since = embargoed(work, machine.room, MORNING + MINUTE)
        work.commit()
    machine.wall.move(minutes=30)
    machine.works()

    machine.confirm(mails="skip", issues="skip")
    assert machine.is_public(embargo)
    assert machine.is_public(since)
    machine.works()
    machine.wall.move(days=1)
    machine.works()

    # What came due after the hold began is told as always, and so is the next day's e-mail.
    assert machine.left() == {"Public now": 1, "Thu 26 March": 1}
    with machine.portal.database.reading() as session:
        issues = session.execute(select(DigestIssue.date, DigestIssue.contents).order_by(DigestIssue.date))
        named = {date: [each["reference"] for each in contents] for date, contents in issues}
        assert embargo in named["2026-03-25"]  # not sent, and no news the next day either
        assert named["2026-03-26"] == [since]
        assert {row.state for row in session.scalars(select(Delivery))} == {"dropped", "sent"}
    assert facts(machine) == ["restore_held", "restore_confirmed"]
    assert not machine.held()


def test_sent_everything_goes_exactly_once(machine: Machine) -> None:
    noon(machine)
    put_back(machine)
    machine.works()

    machine.confirm(mails="send", issues="send")
    for _ in range(2):
        machine.works()

    assert machine.left() == SENT_ONCE


def test_letters_under_way_in_the_copy_are_closed(small: Machine) -> None:
    noon(small)
    small.wall.moment = MORNING
    building.close_due(small.portal, now=MORNING)
    with small.portal.work() as work:
        work.session.add(
            DigestDelivery(issue_id=2, subscriber_id=99, nonce="x", next_at=NOON, state="sending")
        )
        work.commit()
    put_back(small, MORNING + HOUR)
    small.works()

    small.confirm(mails="skip", issues="skip")
    small.works()

    assert small.left() == {}
    with small.portal.database.reading() as session:
        assert set(session.scalars(select(DigestDelivery.state))) == {"dropped", "uncertain"}
        assert None not in session.scalars(select(DigestIssue.finished_at)).all()


def test_nobody_but_the_operator_ends_it(small: Machine) -> None:
    newsroom(small.portal)
    small.tick()
    clock_holding.hold(small.portal, why="The clock jumped.", now=NOON)
    put_back(small)
    small.look()
    editor = Person(2, "Editor Name", "ed@post.example", role="editor")

    clock_holding.lift(small.portal, editor, message="My phone says the same.", now=MORNING)
    with pytest.raises(Conflict, match="restored copy"):
        clock_holding.lift(small.portal, editor, message="Once more.", now=MORNING)
    assert small.held()

    small.confirm(mails="skip", issues="skip")
    with pytest.raises(Conflict, match="Nothing is held"):
        small.confirm(mails="skip", issues="skip")


def test_a_file_put_back_under_a_machine_is_noticed_by_its_start_and_by_its_next_tick(
    small: Machine, tmp_path: Path
) -> None:
    embargo = noon(small)
    copy = tmp_path / "noon.sqlite3"
    with sqlite3.connect(small.portal.database.url.removeprefix("sqlite:///")) as connection:
        connection.execute(f"VACUUM INTO '{copy}'")
    for moment in (NOON + 5 * HOUR, MORNING):
        small.wall.moment = moment
        small.works()
    day = small.left()
    assert day == SENT_ONCE

    # Swapped under a clock that runs.
    with (
        sqlite3.connect(copy) as old,
        sqlite3.connect(small.portal.database.url.removeprefix("sqlite:///")) as now,
    ):
        old.backup(now)
    small.works()
    assert (small.held(), small.left(), small.is_public(embargo)) == (True, day, False)
    small.confirm(mails="skip", issues="skip")

    # Put back once more, under a machine that starts: the copy knows nothing of what was confirmed.
    again = tmp_path / "again.sqlite3"
    shutil.copyfile(copy, again)
    restored = Machine(replace(small.portal, database=Database(f"sqlite:///{again}")), small.wall)
    assert restored.look()
    restored.works()
    assert restored.left() == day
    restored.portal.database.dispose()


def test_a_second_machine_joins_and_neither_is_held_by_the_other(machine: Machine, tmp_path: Path) -> None:
    machine.tick(3)
    other = Machine(
        replace(machine.portal, settings=replace(machine.portal.settings, instance_path=tmp_path / "other")),
        machine.wall,
    )
    other.clock.name = "two"

    assert not other.look()
    machine.clock.let_go()
    other.tick(3)
    assert not machine.look()  # its mark is behind, and that is no copy
    put_back(machine, NOON + MINUTE)
    assert other.look()
    other.confirm(mails="send", issues="send")

    assert not machine.look()  # it knows only the run that was ended
    assert machine.mark().read_text() == other.mark().read_text()
    put_back(machine, NOON + HOUR)
    machine.mark().unlink()
    assert machine.look()  # a machine that never worked with it, and no clock at work


def test_new_databases_and_those_from_before_are_not_held(small: Machine, caplog: Any) -> None:
    assert not small.look()
    assert not small.mark().exists()
    newsroom(small.portal)
    small.tick()
    assert stat.S_IMODE(small.mark().stat().st_mode) == 0o600
    small.mark().write_text("rubbish")

    assert not small.look()
    assert "cannot be read and counts as missing" in caplog.text
    assert restore_mark.read(small.portal.settings.instance_path) is not None

    with small.portal.work() as work:  # deleted and made anew
        for table in (ClockLease, ClockHold):
            work.session.execute(delete(table))
        work.commit()
    assert not small.look()
    assert not small.mark().exists()


def test_where_it_cannot_be_found_out_whether_a_copy_is_held_nothing_leaves(
    small: Machine, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    embargo = noon(small)
    small.wall.moment = MORNING
    with small.portal.database.reading() as session:
        closed = session.scalars(select(DigestIssue.date)).all()

    def fails(*_: Any, **__: Any) -> bool:
        raise OSError("the mark cannot be read")

    with monkeypatch.context() as patch:
        patch.setattr(restore_holding, "look", fails)
        small.tick(3)
        assert "the clock’s part “restore” failed" in caplog.text
        assert (small.left(), facts(small)) == ({}, [])
        with small.portal.database.reading() as session:
            assert session.scalars(select(DigestIssue.date)).all() == closed
            assert session.scalars(select(Release.went_live_at).filter_by(reference=embargo)).all() == [None]

    small.works()
    assert SENT_ONCE.items() <= small.left().items()


def test_a_mark_that_cannot_be_written_does_not_stop_the_clock(small: Machine, caplog: Any) -> None:
    small.mark().mkdir(parents=True)

    assert small.clock.tick_if_mine() is True
    assert "cannot be written" in caplog.text
    with small.portal.database.reading() as session:
        assert session.scalar(select(ClockLease.ticks)) == 1
