"""Ended logins and forms that nobody came back for are deleted in small batches, and nothing else is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.actions.accounts import parking
from portal.actions.accounts.parking import Parked
from portal.actions.operating import purging
from portal.storage.tables import ParkedForm, Session
from tests.builders import NOON

DAY = timedelta(days=1)


def logged_in(work, person, name, **when):
    times = {"created_at": NOON, "last_seen_at": NOON, "expires_at": NOON + 14 * DAY, **when}
    work.session.add(Session(token_hash=name, user_id=person.id, **times))


def left(desk, column):
    with desk.portal.database.reading() as session:
        return set(session.scalars(select(column)))


def test_a_login_goes_a_day_after_its_end_and_a_parked_form_after_thirty_days(desk):
    with desk.portal.work() as work:
        logged_in(work, desk.people.member, "open")
        logged_in(work, desk.people.member, "idle", last_seen_at=NOON - 3 * DAY)
        logged_in(work, desk.people.member, "just ended", ended_at=NOON - DAY)
        logged_in(work, desk.people.member, "ended", ended_at=NOON - DAY - timedelta(seconds=1))
        logged_in(work, desk.people.member, "expired", expires_at=NOON - 2 * DAY)
        work.commit()
    for page, days in (("/old", 31), ("/new", 30)):
        form = Parked(page, [("message", "Words")])
        parking.park(desk.portal, desk.people.member.id, page, form, now=NOON - days * DAY)

    assert purging.purge(desk.portal, now=NOON) == 3

    assert left(desk, Session.token_hash) == {"open", "idle", "just ended"}
    assert left(desk, ParkedForm.path) == {"/new"}


def test_many_go_a_batch_at_a_time(sqlite_desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(purging, "BATCH", 2)
    with sqlite_desk.portal.work() as work:
        for number in range(5):
            logged_in(work, sqlite_desk.people.member, str(number), ended_at=NOON - 2 * DAY)
        work.commit()

    assert [purging.purge(sqlite_desk.portal, now=NOON) for _ in range(4)] == [2, 2, 1, 0]
