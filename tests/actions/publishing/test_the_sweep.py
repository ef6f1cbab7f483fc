"""The sweep records many releases at once, each exactly once, with its planned and its actual minute."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.actions.mailing import notifying
from portal.actions.operating import auditing, clock_holding
from portal.actions.publishing import going_live
from portal.outlets.mail import notices
from portal.storage.queries import mailing
from portal.storage.tables import Outbox, Release, TimelineEntry
from tests import builders
from tests.builders import NOON
from tests.rigs.desk import at_once

MINUTE = timedelta(minutes=1)


@pytest.fixture
def due(desk):
    """Makes so many due releases; each has a fact in its timeline already."""

    def make(count, *, at=NOON):
        with desk.portal.work() as work:
            house, sender = builders.organisation(work), builders.user(work)
            rows = [builders.due_release(work, at=at, house=house, sender=sender) for _ in range(count)]
            work.session.flush()
            for row in rows:
                going_live.timeline.append(work, row, fact="approved", now=at)
            work.commit()
        return [row.reference for row in rows]

    return make


def recorded(desk):
    with desk.portal.database.reading() as session:
        entries = session.scalars(select(TimelineEntry).where(TimelineEntry.fact == "went_live"))
        return {entry.release_id: entry for entry in entries}


def test_a_sweep_of_several_batches_records_each_release_once_and_every_chain_holds(desk, due, monkeypatch):
    monkeypatch.setattr(going_live, "BATCH", 4)
    due(11)

    found = going_live.record_due(desk.portal, now=NOON + MINUTE)

    assert found == 11
    assert len(recorded(desk)) == 11
    assert going_live.record_due(desk.portal, now=NOON + MINUTE) == 0
    verified = auditing.verify(desk.portal)
    assert (verified.ok, verified.rows) == (True, 22)


def test_each_mail_names_the_entry_and_the_release_that_it_is_about(desk, due):
    due(5)

    going_live.record_due(desk.portal, now=NOON + MINUTE)

    entries = recorded(desk)
    told = {row.release_id: (row.timeline_id, row.edition_id) for row in desk.told("went_live")}
    assert told == {release_id: (entry.id, entry.edition_id) for release_id, entry in entries.items()}


def test_planned_and_actual_minute_are_kept(desk, due):
    (reference,) = due(1)

    going_live.record_due(desk.portal, now=NOON + MINUTE)

    release = desk.release(reference)
    assert (release.live_from, release.went_live_at, release.updated_at) == (NOON, NOON + MINUTE, NOON)
    assert recorded(desk)[release.id].detail == {
        "planned": NOON.isoformat(),
        "recorded": (NOON + MINUTE).isoformat(),
    }


@pytest.mark.parametrize(("minutes", "late"), [(2, None), (3, 180)])
def test_a_recording_more_than_two_minutes_late_is_marked_and_alarmed(desk, due, caplog, minutes, late):
    (reference,) = due(1)

    with caplog.at_level(logging.ERROR):
        going_live.record_due(desk.portal, now=NOON + minutes * MINUTE)

    (entry,) = recorded(desk).values()
    assert entry.detail.get("late") == late
    assert ("ALARM" in caplog.text and reference in caplog.text) is (late is not None)


def test_people_hear_of_a_late_sweep_once_and_of_one_after_a_hold_never(desk, due, monkeypatch):
    monkeypatch.setattr(going_live, "BATCH", 2)

    def told():
        return len(desk.told("recorded_late"))

    due(5)
    going_live.record_due(desk.portal, now=NOON + 9 * MINUTE)
    due(1, at=NOON + 10 * MINUTE)
    going_live.record_due(desk.portal, now=NOON + 20 * MINUTE)
    assert told() == 1

    clock_holding.hold(desk.portal, why="The clock jumped.", now=NOON + 90 * MINUTE)
    due(1, at=NOON + 91 * MINUTE)
    assert going_live.record_due(desk.portal, now=NOON + 95 * MINUTE) == 0
    clock_holding.lift(desk.portal, desk.people.editor, message="It is right.", now=NOON + 100 * MINUTE)
    going_live.record_due(desk.portal, now=NOON + 101 * MINUTE)
    assert told() == 1

    due(1, at=NOON + 120 * MINUTE)
    going_live.record_due(desk.portal, now=NOON + 130 * MINUTE)
    assert told() == 2


def test_the_mail_about_a_late_sweep_counts_all_of_its_batches(desk, due, monkeypatch):
    monkeypatch.setattr(going_live, "BATCH", 2)
    due(5)
    going_live.record_due(desk.portal, now=NOON + 9 * MINUTE)
    (row,) = desk.told("recorded_late")
    first, *_others = notifying.relay(desk.portal, row.id, now=NOON + 9 * MINUTE)

    with desk.portal.database.reading() as session:
        mail = notices.compose(mailing.occasion(session, first), desk.portal.settings, now=NOON)

    assert mail["Subject"] == "Recorded late: 5 releases were up to 9 minutes behind"
    assert "due at 24 Mar 2026, 11:20 GMT+8 and was recorded at 24 Mar 2026, 11:29" in flat(mail)


def flat(mail):
    return " ".join(mail.get_body(("plain",)).get_content().split())


def test_sweeps_in_parallel_share_the_work_and_double_nothing(desk, due, monkeypatch):
    monkeypatch.setattr(going_live, "BATCH", 3)
    due(12)

    found = at_once([lambda: going_live.record_due(desk.portal, now=NOON + MINUTE)] * 4)
    going_live.record_due(desk.portal, now=NOON + MINUTE)  # what was locked for a moment

    assert all(isinstance(number, int) for number in found)
    with desk.portal.database.reading() as session:
        once = select(func.count()).select_from(TimelineEntry).where(TimelineEntry.fact == "went_live")
        assert session.scalar(once) == 12
        assert session.scalar(select(func.count()).where(Outbox.fact == "went_live")) == 12
        assert session.scalar(select(func.count()).where(Release.went_live_at.is_(None))) == 0
    assert auditing.verify(desk.portal).ok


def test_a_release_that_somebody_is_changing_does_not_hold_up_the_others(desk, due):
    if desk.portal.database.is_sqlite:
        pytest.skip("one writer at a time: there is nothing to pass by")
    taken, *_others = due(3)

    with desk.portal.work() as work:
        work.session.scalars(
            select(Release).where(Release.reference == taken).with_for_update(of=Release)
        ).one()
        assert going_live.record_due(desk.portal, now=NOON + MINUTE) == 2
    assert going_live.record_due(desk.portal, now=NOON + MINUTE) == 1
