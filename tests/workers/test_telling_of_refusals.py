"""Refused jobs are told: to the administrators by mail, once an hour, and on the health page for a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.actions.portal import Portal
from portal.storage.queries.health import health
from portal.storage.tables import AccountEvent, Outbox
from workers import guarded


@pytest.fixture
def portal(database, settings, monkeypatch) -> Portal:
    monkeypatch.setattr(guarded, "_untold", {})
    return Portal(database, settings)


def told(portal) -> list[dict]:
    with portal.database.reading() as session:
        assert session.scalars(select(Outbox.fact)).all() == session.scalars(select(AccountEvent.fact)).all()
        return list(session.scalars(select(AccountEvent.detail).order_by(AccountEvent.id)))


def test_nothing_refused_is_nothing_said(portal, now):
    guarded.tell_refusals(portal, now=now)

    assert told(portal) == []


def test_what_was_refused_is_said_once_an_hour_and_none_of_it_is_left_out(portal, now):
    for why in ("it is too long", "it is too long", "it names a function that is not ours"):
        guarded.refuse(why)
    guarded.tell_refusals(portal, now=now)
    guarded.refuse("it is too long")
    for minutes in (1, 30, 59):
        guarded.tell_refusals(portal, now=now + timedelta(minutes=minutes))

    assert told(portal) == [
        {"count": 3, "reasons": ["it is too long", "it names a function that is not ours"]}
    ]

    guarded.tell_refusals(portal, now=now + timedelta(minutes=61))
    guarded.tell_refusals(portal, now=now + timedelta(minutes=200))

    assert told(portal)[1:] == [{"count": 1, "reasons": ["it is too long"]}]


def test_the_health_page_knows_of_it_for_a_day(portal, now):
    guarded.refuse("it is too long")
    guarded.tell_refusals(portal, now=now)
    with portal.database.reading() as session:
        fresh, old = (health(session, now + timedelta(hours=hours)).refused_jobs for hours in (23, 25))

    assert (fresh.detail["count"], old) == (1, None)
