"""Events of earlier versions get their last day in the lists, in their own zone; nothing else is touched."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from portal.actions.publishing import event_last_days, removing
from portal.commands import init
from portal.storage.migrate import downgrade, present, upgrade
from portal.storage.tables import Release

OVER = datetime(2026, 4, 11, 17, 0, tzinfo=UTC)
TIMES = {"starts_at": "2026-04-11T09:00", "ends_at": "2026-04-11T17:00", "timezone": "Asia/Vientiane"}


def public(desk, kind="event", **values):
    reference = desk.held(kind, **values)
    desk.decide(reference)
    return reference


def without_days(desk):
    with desk.portal.work() as work:
        work.session.execute(update(Release).values(expires_at=None))
        work.commit()


def test_a_database_from_before_gets_its_days_by_portal_init(desk, monkeypatch: pytest.MonkeyPatch):
    reference = public(desk, **TIMES)
    database = desk.portal.database
    without_days(desk)
    downgrade(database, "0003")
    upgrade(database, "0004")
    assert present(database) == "0004"
    monkeypatch.setattr(init, "machine_settings", lambda: desk.portal.settings)

    assert CliRunner().invoke(init.command).exit_code == 0

    assert desk.release(reference).expires_at == OVER


def test_only_what_lacks_its_day_gets_one_and_once(sqlite_desk):
    desk = sqlite_desk
    event, report, news = (
        public(desk, **TIMES),
        public(desk, **{**TIMES, "starts_at": "2026-03-01T09:00", "ends_at": "2026-03-01T17:00"}),
        public(desk, "business"),
    )
    kept = public(desk, **TIMES)
    for day in ("2026-05-01", ""):
        desk.take(removing.expire_on, kept, desk.people.editor, expires_at=day)
    without_days(desk)

    assert [event_last_days.date_events(desk.portal) for _ in range(2)] == [1, 0]

    days = [desk.release(reference).expires_at for reference in (event, report, news, kept)]
    assert days == [OVER, None, None, None]
