"""Another time for an approved release: by editors either way, for an embargo later only, and earlier by its sender."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.actions.operating import auditing
from portal.actions.publishing import going_live, rescheduling
from portal.rules.refusals import Conflict, Invalid, NotFound
from tests.rigs.desk import at_once

# 09:00 in Jakarta on the day after.
WISH = {"release_at": "2026-03-25T09:00", "release_timezone": "Asia/Jakarta"}
MINUTE = datetime(2026, 3, 25, 2, 0, tzinfo=UTC)
EARLIER = datetime(2026, 3, 24, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 26, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def scheduled(desk, timing="schedule", **more):
    reference = desk.decided("approve", timing=timing, **WISH, **more)
    desk.now += timedelta(hours=1)
    return reference


def move(desk, reference, at=LATER, *, by=None, **more):
    local = at.strftime("%Y-%m-%dT%H:%M")
    times = {"publish_at": local, "publish_timezone": "UTC", **more}
    return desk.take(rescheduling.reschedule, reference, by or desk.people.editor, **times)


def take_off(desk, reference, message="The date of the opening is in doubt.", *, by=None):
    return desk.take(rescheduling.unschedule, reference, by or desk.people.editor, message=message)


def lift(desk, reference, *, by=None):
    return desk.take(rescheduling.lift_embargo, reference, by or desk.people.member)


@pytest.mark.parametrize("at", [EARLIER, LATER])
def test_a_schedule_moves_either_way_and_the_sender_is_told(desk, at):
    reference = scheduled(desk)

    assert move(desk, reference, at) == at
    assert desk.release(reference).live_from == at
    assert desk.facts(reference)[-1] == "rescheduled"
    assert [row.fact for row in desk.told("rescheduled")] == ["rescheduled"]
    assert not desk.is_public(reference, at - SECOND)
    assert desk.is_public(reference, at)
    assert auditing.verify(desk.portal).ok


def test_the_old_time_of_a_moved_release_means_nothing(desk):
    reference = scheduled(desk)
    move(desk, reference, LATER)

    assert going_live.record_due(desk.portal, now=MINUTE + SECOND) == 0
    assert not desk.is_public(reference, MINUTE + SECOND)
    assert going_live.record_due(desk.portal, now=LATER) == 1


def test_an_embargo_moves_later_only(desk):
    reference = scheduled(desk, "embargo")

    with pytest.raises(Invalid) as refused:
        move(desk, reference, MINUTE - timedelta(minutes=1))
    assert [issue.field for issue in refused.value.issues] == ["publish_at"]
    assert desk.release(reference).live_from == MINUTE
    assert move(desk, reference, LATER) == LATER


@pytest.mark.parametrize(
    "times",
    [
        {"publish_at": ""},
        {"publish_at": "soon"},
        {"publish_at": "2026-03-24T01:00"},
        {"publish_at": "2027-04-24T01:00"},
        {"publish_at": "2026-03-29T01:30", "publish_timezone": "Europe/Dublin"},
        {"publish_at": "2026-03-25T02:00"},
    ],
    ids=["none", "unreadable", "over", "too far", "in a gap", "the same"],
)
def test_a_time_that_cannot_be_is_refused_and_changes_nothing(desk, times):
    reference = scheduled(desk)
    before = desk.rows()

    with pytest.raises(Invalid):
        move(desk, reference, **times)
    assert desk.rows() == before


def test_a_time_that_comes_twice_is_asked_about(desk):
    reference = scheduled(desk)
    twice = {"publish_at": "2026-10-25T01:30", "publish_timezone": "Europe/Dublin"}

    with pytest.raises(Invalid):
        move(desk, reference, **twice)
    found = [move(desk, reference, **twice, publish_fold=fold) for fold in ("earlier", "later")]
    assert found == [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]


def test_what_is_public_is_not_moved(desk):
    reference = scheduled(desk)
    desk.now = MINUTE

    for step in (move, take_off):
        with pytest.raises(Conflict):
            step(desk, reference)
    assert desk.is_public(reference, MINUTE)


def test_only_editors_of_other_organisations_move_a_time_and_only_members_lift(desk):
    reference = scheduled(desk, "embargo")
    people = desk.people

    for person in (people.member, people.stranger, people.admin):
        with pytest.raises(NotFound):
            move(desk, reference, by=person)
    with pytest.raises(Conflict):
        move(desk, reference, by=people.insider)
    for person in (people.stranger, people.editor, people.senior, people.admin):
        with pytest.raises(NotFound):
            lift(desk, reference, by=person)
    assert desk.facts(reference)[-1] == "approved"


def test_what_is_taken_off_its_time_waits_for_a_decision_with_a_new_promise(desk):
    reference = scheduled(desk)
    promised = desk.edition(reference).promise_at

    with pytest.raises(Invalid):
        take_off(desk, reference, " ")
    take_off(desk, reference)

    edition, release = desk.edition(reference), desk.release(reference)
    assert (edition.state, release.publication, release.live_from) == ("submitted", "hidden", None)
    assert edition.promise_at > promised
    assert desk.facts(reference)[-1] == "unscheduled"
    assert len(desk.told("unscheduled")) == 1
    assert not desk.is_public(reference, MINUTE + timedelta(days=400))
    assert going_live.record_due(desk.portal, now=MINUTE + SECOND) == 0
    assert auditing.verify(desk.portal).ok


def test_what_was_taken_off_its_time_can_be_approved_again(desk):
    reference = scheduled(desk)
    take_off(desk, reference)
    desk.claim(reference, by=desk.people.other_editor)

    decided = desk.decide(reference, by=desk.people.other_editor)

    assert decided.live_from == MINUTE
    assert desk.is_public(reference, MINUTE)


def test_a_sender_lifts_an_embargo_and_it_is_public_at_once(desk):
    reference = scheduled(desk, "embargo")

    lift(desk, reference)

    release = desk.release(reference)
    assert (release.live_from, release.went_live_at, release.updated_at) == (desk.now,) * 3
    assert desk.is_public(reference, desk.now)
    assert desk.facts(reference)[-2:] == ["embargo_lifted", "went_live"]
    assert len(desk.told("embargo_lifted")) == 1
    with pytest.raises(Conflict):
        lift(desk, reference)
    assert auditing.verify(desk.portal).ok


def test_there_is_no_embargo_to_lift_on_a_schedule(desk):
    reference = scheduled(desk)

    with pytest.raises(Conflict):
        lift(desk, reference)
    assert not desk.is_public(reference, desk.now)


def test_of_an_editor_who_moves_and_a_sender_who_lifts_one_wins(desk):
    reference = scheduled(desk, "embargo")
    version = desk.version(reference)
    local = LATER.strftime("%Y-%m-%dT%H:%M")

    answers = at_once(
        [
            lambda: rescheduling.reschedule(
                desk.portal, desk.people.editor, reference, publish_at=local, publish_timezone="UTC",
                version=version, now=desk.now,
            ),
            lambda: rescheduling.lift_embargo(
                desk.portal, desk.people.member, reference, version=version, now=desk.now
            ),
        ]
    )  # fmt: skip

    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    won_by_sender = isinstance(answers[0], Conflict)
    assert desk.is_public(reference, desk.now) is won_by_sender
