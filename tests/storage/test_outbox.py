"""What must be said waits in rows: some until a time, all until somebody relays them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.actions.portal import Portal
from portal.storage import outbox, timeline
from portal.storage.tables import Decision, Outbox, Release
from portal.storage.unit_of_work import Ring, UnitOfWork
from tests import builders
from tests.builders import NOON

MINUTE = timedelta(minutes=1)
LATER = NOON + 10 * MINUTE


@pytest.fixture
def rung() -> list[Ring]:
    return []


@pytest.fixture
def portal(sqlite_database: Any, settings: Any, rung: list[Ring]) -> Portal:
    return Portal(sqlite_database, settings, rung.append)


def decided(work: UnitOfWork, *, decision: int | None = None) -> tuple[Release, int]:
    """A release with a row of its timeline that an outbox row may name."""
    row = builders.rejected_release(work)
    detail = {} if decision is None else {"decision": decision}
    edition = row.editions[0].id
    entry = timeline.append(work, row, fact="rejected", now=NOON, edition_id=edition, detail=detail)
    return row, entry.id


def columns(row: Outbox) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Outbox.__table__.columns.keys() if name != "id"}  # noqa: SIM118


def test_a_fact_is_kept_with_all_that_it_concerns_and_rings(portal: Portal, rung: list[Ring]) -> None:
    with portal.work() as work:
        release, entry = decided(work)
        sender = builders.user(work)
        words = builders.message(work, release, sender, "Why?")
        row = outbox.put(
            work,
            "rejected",
            now=NOON,
            timeline_id=entry,
            release_id=release.id,
            edition_id=release.editions[0].id,
            user_id=sender.id,
            message_id=words.id,
            subscriber_id=9,
        )
        assert row is not None
        work.commit()
        assert columns(row) == {
            "fact": "rejected",
            "timeline_id": entry,
            "release_id": release.id,
            "edition_id": release.editions[0].id,
            "user_id": sender.id,
            "organisation_id": None,
            "token_id": None,
            "message_id": words.id,
            "subscriber_id": 9,
            "digest_date": None,
            "created_at": NOON,
            "not_before": NOON,
            "relayed_at": None,
            "dropped_at": None,
        }
        number = row.id
    assert rung == [Ring("moderation", "relay", number)]


def test_a_fact_that_tells_nobody_is_not_kept(portal: Portal, rung: list[Ring]) -> None:
    with portal.work() as work:
        assert outbox.put(work, "user_blocked", now=NOON) is None
        outbox.put_many(work, "user_blocked", [(1, 1, 1)], now=NOON)
        outbox.put_many(work, "went_live", [], now=NOON)
        work.commit()
        assert list(outbox.waiting(work.session)) == []
    assert rung == []


@pytest.mark.parametrize(("not_before", "rings"), [(NOON - MINUTE, 1), (NOON, 1), (NOON + MINUTE, 0)])
def test_what_is_held_rings_for_nobody(portal: Portal, rung: list[Ring], not_before: Any, rings: int) -> None:
    with portal.work() as work:
        release, _ = decided(work)
        outbox.put(work, "rejected", now=NOON, not_before=not_before, release_id=release.id)
        work.commit()

    assert len(rung) == rings


def test_what_waits_is_all_that_nobody_relayed_oldest_first(portal: Portal) -> None:
    with portal.work() as work:
        release, _ = decided(work)
        rows = [
            outbox.put(work, "rejected", now=NOON, not_before=at, release_id=release.id)
            for at in (LATER, NOON, NOON)
        ]
        relayed = rows[1]
        assert relayed is not None
        relayed.relayed_at = NOON
        work.commit()

        assert [row.id for row in outbox.waiting(work.session)] == [rows[0].id, rows[2].id]  # type: ignore[union-attr]


def put_held(portal: Portal, *, decision: int | None = None) -> tuple[int, int]:
    """A held mail of an earlier transaction: the release and the row."""
    with portal.work() as work:
        release, entry = decided(work, decision=decision)
        row = outbox.put(
            work,
            "rejected",
            now=NOON,
            not_before=LATER,
            timeline_id=entry,
            release_id=release.id,
            edition_id=release.editions[0].id,
        )
        assert row is not None
        work.commit()
        return release.id, row.id


@pytest.mark.parametrize(
    ("at", "holds"), [(NOON, True), (LATER - MINUTE, True), (LATER, False), (LATER + MINUTE, False)]
)
def test_a_hold_ends_in_its_minute(portal: Portal, at: Any, holds: bool) -> None:
    release, row = put_held(portal)

    with portal.work() as work:
        assert [each.id for each in outbox.held(work.session, release, at)] == ([row] if holds else [])
        assert outbox.held(work.session, release + 1, at) == []


def test_what_this_transaction_holds_it_does_not_let_go(portal: Portal) -> None:
    release, earlier = put_held(portal)

    with portal.work() as work:
        mine = outbox.put(work, "rejected", now=NOON, not_before=LATER, release_id=release)
        assert mine is not None
        assert [each.id for each in outbox.held(work.session, release, NOON)] == [earlier]
        work.commit()
        number = mine.id

    with portal.work() as work:
        assert [each.id for each in outbox.held(work.session, release, NOON)] == [earlier, number]


def test_what_was_relayed_is_no_longer_held(portal: Portal) -> None:
    release, number = put_held(portal)

    with portal.work() as work:
        work.session.get_one(Outbox, number).relayed_at = NOON
        work.session.flush()
        assert outbox.held(work.session, release, NOON) == []


def test_let_go_it_may_leave_now_and_rings(portal: Portal, rung: list[Ring]) -> None:
    _, number = put_held(portal)

    with portal.work() as work:
        assert outbox.let_go(work, work.session.get_one(Outbox, number), now=NOON + MINUTE) is True
        work.commit()

    with portal.work() as work:
        row = work.session.get_one(Outbox, number)
        assert (row.not_before, row.relayed_at, row.dropped_at) == (NOON + MINUTE, None, None)
    assert rung == [Ring("moderation", "relay", number)]


def test_dropped_it_is_never_said(portal: Portal, rung: list[Ring]) -> None:
    _, number = put_held(portal)

    with portal.work() as work:
        assert outbox.drop(work, work.session.get_one(Outbox, number), now=NOON + MINUTE) is True
        work.commit()

    with portal.work() as work:
        row = work.session.get_one(Outbox, number)
        assert (row.not_before, row.relayed_at, row.dropped_at) == (LATER, NOON + MINUTE, NOON + MINUTE)
        assert list(outbox.waiting(work.session)) == []
    assert rung == []


def test_what_a_relay_took_meanwhile_can_be_neither_let_go_nor_dropped(
    portal: Portal, rung: list[Ring]
) -> None:
    _, number = put_held(portal)
    with portal.work() as work:
        work.session.get_one(Outbox, number).relayed_at = NOON
        work.commit()

    with portal.work() as work:
        row = work.session.get_one(Outbox, number)
        assert (outbox.let_go(work, row, now=NOON), outbox.drop(work, row, now=NOON)) == (False, False)
        work.commit()
        assert (row.not_before, row.relayed_at, row.dropped_at) == (LATER, NOON, None)
    assert rung == []


def test_only_the_row_that_is_meant_changes(portal: Portal) -> None:
    numbers = [put_held(portal)[1] for _ in range(2)]

    with portal.work() as work:
        outbox.drop(work, work.session.get_one(Outbox, numbers[0]), now=NOON)
        work.commit()
        assert [row.id for row in outbox.waiting(work.session)] == [numbers[1]]


@pytest.mark.parametrize(("decision", "at", "relayed", "found"), [
    (7, NOON, False, True), (8, NOON, False, False), (7, LATER, False, False), (7, NOON, True, False),
])  # fmt: skip
def test_the_mail_of_a_decision_is_found_while_it_waits(
    portal: Portal, decision: int, at: Any, relayed: bool, found: bool
) -> None:
    release, number = put_held(portal, decision=7)

    with portal.work() as work:
        if relayed:
            work.session.get_one(Outbox, number).relayed_at = NOON
            work.session.flush()
        edition = work.session.get_one(Release, release).editions[0]
        row = outbox.mail_of(work.session, Decision(id=decision, edition_id=edition.id), at)
        assert (row and row.id) == (number if found else None)
        assert outbox.mail_of(work.session, Decision(id=decision, edition_id=edition.id + 1), at) is None


def test_many_at_once_are_said_behind_what_is_held_of_each(portal: Portal, rung: list[Ring]) -> None:
    held, _ = put_held(portal)
    with portal.work() as work:
        free, entry = decided(work)
        waiting = work.session.get_one(Release, held)
        other = timeline.append(
            work, waiting, fact="went_live", now=NOON, edition_id=waiting.editions[0].id, detail={}
        )
        outbox.put(work, "rejected", now=NOON, not_before=NOON + MINUTE, release_id=held)
        relayed = outbox.put(work, "rejected", now=NOON, not_before=LATER + MINUTE, release_id=held)
        assert relayed is not None
        relayed.relayed_at = NOON
        causes = [(entry, free.id, free.editions[0].id), (other.id, held, None)]
        outbox.put_many(work, "went_live", causes, now=NOON)
        work.commit()

        rows = [row for row in outbox.waiting(work.session) if row.fact == "went_live"]
        assert [
            (row.timeline_id, row.release_id, row.edition_id, row.created_at, row.not_before) for row in rows
        ] == [(entry, free.id, free.editions[0].id, NOON, NOON), (other.id, held, None, NOON, LATER)]
        assert rung == [Ring("mail", "relay", rows[0].id)]  # a job does whatever else waits


def test_a_hold_that_is_over_holds_up_nothing(portal: Portal) -> None:
    held, _ = put_held(portal)

    with portal.work() as work:
        outbox.put_many(work, "went_live", [(None, held, None)], now=LATER)  # type: ignore[list-item]
        work.commit()
        assert [row.not_before for row in outbox.waiting(work.session)] == [LATER, LATER]


def test_each_release_waits_for_its_own_hold(portal: Portal) -> None:
    first, second = (put_held(portal)[0] for _ in range(2))
    with portal.work() as work:
        outbox.put(work, "rejected", now=NOON, not_before=LATER + MINUTE, release_id=second)
        causes = [(None, release, None) for release in (first, second)]
        outbox.put_many(work, "went_live", causes, now=NOON)  # type: ignore[arg-type]
        work.commit()

        waits = {
            row.release_id: row.not_before for row in outbox.waiting(work.session) if row.fact == "went_live"
        }
        assert waits == {first: LATER, second: LATER + MINUTE}
