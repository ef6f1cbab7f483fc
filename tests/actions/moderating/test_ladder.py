"""Nobody waits unseen: each rung is climbed once, and the sender gets one honest notice of delay."""

from __future__ import annotations

from datetime import timedelta

from portal.actions.moderating import ladder
from portal.actions.submitting import sending
from tests.rigs.desk import at_once

RUNGS = ["promise_near", "promise_missed", "editors_alerted", "administrators_alerted"]


def climbed(desk, reference) -> list[str]:
    return [fact for fact in desk.facts(reference) if fact in RUNGS]


def test_each_rung_is_climbed_in_its_time_and_once(desk):
    reference, sent = desk.sent(), desk.now
    seen = []
    for hours in (2.9, 3, 3.5, 4, 4.9, 5, 6, 7, 30):
        desk.now = sent + timedelta(hours=hours)
        ladder.climb(desk.portal, now=desk.now)
        assert ladder.climb(desk.portal, now=desk.now) == 0
        seen.append(len(climbed(desk, reference)))

    assert seen == [0, 1, 1, 2, 2, 3, 4, 4, 4]
    assert climbed(desk, reference) == RUNGS
    assert [len(desk.told(fact)) for fact in RUNGS] == [1, 1, 1, 1]


def test_the_notice_of_delay_names_a_new_time_and_keeps_the_promise_on_record(desk):
    reference = desk.sent()
    promise = desk.edition(reference).promise_at
    desk.now = promise + timedelta(minutes=1)

    ladder.climb(desk.portal, now=desk.now)

    edition = desk.edition(reference)
    assert (edition.promise_at, edition.due_at) == (promise, desk.now + timedelta(hours=4))
    with desk.portal.database.reading() as session:
        entry = next(
            row
            for row in ladder.releases.timeline(session, desk.release(reference))
            if row.fact == "promise_missed"
        )
    assert entry.detail == {"new_time": edition.due_at.isoformat()}


def test_after_a_long_silence_every_rung_is_made_up_for_once(desk):
    reference = desk.sent()
    desk.now += timedelta(days=3)

    assert at_once_sum(desk) == 4
    assert climbed(desk, reference) == RUNGS


def at_once_sum(desk) -> int:
    return sum(at_once([lambda: ladder.climb(desk.portal, now=desk.now)] * 3))


def test_a_release_that_an_editor_reads_still_ages(desk):
    reference = desk.held()
    desk.now += timedelta(hours=5)

    ladder.climb(desk.portal, now=desk.now)

    assert climbed(desk, reference) == RUNGS[:3]


def test_what_is_decided_or_taken_back_ages_no_more(desk):
    decided, recalled = desk.decided("request_changes"), desk.sent("event")
    desk.take(sending.recall, recalled, desk.people.member)
    desk.now += timedelta(days=3)
    before = desk.rows()

    assert ladder.climb(desk.portal, now=desk.now) == 0
    assert desk.rows() == before
    assert climbed(desk, decided) == climbed(desk, recalled) == []


def test_a_new_sending_begins_a_new_ladder(desk):
    reference = desk.sent()
    desk.now += timedelta(hours=5)
    ladder.climb(desk.portal, now=desk.now)
    desk.take(sending.recall, reference, desk.people.member)
    desk.send(reference)
    assert ladder.climb(desk.portal, now=desk.now) == 0

    desk.now += timedelta(hours=3)

    assert ladder.climb(desk.portal, now=desk.now) == 1
    assert climbed(desk, reference) == [*RUNGS[:3], "promise_near"]
