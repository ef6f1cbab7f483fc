"""Changes that never come: reminded twice before the date, then lapsed with the text kept."""

from __future__ import annotations

from datetime import timedelta

from portal.actions.submitting import drafting, sending
from portal.actions.submitting.reminding import remind_and_expire
from tests.rigs.desk import Desk

DAY = timedelta(days=1)


def at(desk: Desk, after: timedelta) -> int:
    return remind_and_expire(desk.portal, now=desk.now + after)


def reminded(desk: Desk) -> list[int]:
    return [row.id for row in desk.told("reminded")]


def test_two_reminders_come_before_the_date_and_then_it_lapses(desk):
    reference = desk.decided("request_changes")
    desk.save(reference, "news", {"headline": "Half of the changes"})

    told = []
    for day in range(16):
        at(desk, day * DAY)
        at(desk, day * DAY)
        told.append((len(reminded(desk)), desk.state(reference)))

    assert [day for day in range(1, 16) if told[day][0] > told[day - 1][0]] == [7, 12]
    assert told[13] == (2, "changes_requested")
    assert told[14] == (2, "expired")
    assert desk.facts(reference)[-3:] == ["reminded", "reminded", "expired"]
    assert desk.values(reference)["headline"] == "Half of the changes"
    assert len(desk.told("expired")) == 1


def test_a_lapsed_release_starts_anew_under_another_reference(desk):
    reference = desk.decided("request_changes")
    at(desk, 14 * DAY)

    fresh = desk.take(drafting.clone, reference, desk.people.member)

    assert desk.state(fresh) == "draft"
    assert desk.release(fresh).ancestor_id == desk.release(reference).id


def test_a_clock_that_stood_still_sends_one_reminder_or_none(sqlite_desk):
    sqlite_desk.decided("request_changes")
    assert at(sqlite_desk, 13 * DAY) == 1
    assert len(reminded(sqlite_desk)) == 1

    sqlite_desk.decided("request_changes")
    assert at(sqlite_desk, 20 * DAY) == 2
    assert len(reminded(sqlite_desk)) == 1


def test_nobody_is_reminded_of_what_was_sent_again_or_withdrawn(sqlite_desk):
    again, gone = (sqlite_desk.decided("request_changes") for _ in range(2))
    sqlite_desk.save(again, "news", {"headline": "Selat Biru Ferries opens a second route to Batam"})
    sqlite_desk.send(again)
    sqlite_desk.take(sending.withdraw, gone, sqlite_desk.people.member)

    assert at(sqlite_desk, 30 * DAY) == 0
    assert (sqlite_desk.state(again), sqlite_desk.state(gone)) == ("submitted", "withdrawn")


def test_a_second_round_of_changes_is_reminded_of_anew(sqlite_desk):
    reference = sqlite_desk.decided("request_changes")
    at(sqlite_desk, 7 * DAY)
    sqlite_desk.send(reference)
    sqlite_desk.claim(reference)
    sqlite_desk.decide(reference, "request_changes")

    assert sqlite_desk.edition(reference).reminders == 0
    assert at(sqlite_desk, 7 * DAY) == 1
