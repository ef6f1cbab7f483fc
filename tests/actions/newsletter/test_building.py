"""An issue for each date exactly once, with what was public and nothing else; held, reordered, let go."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.actions.newsletter import building, editing
from portal.actions.portal import Portal
from portal.rules.refusals import Conflict, Invalid, NotFound
from portal.storage.tables import DigestDelivery, DigestIssue, DigestItem, Release, Revision, Subscriber
from tests import builders
from tests.rigs.desk import at_once
from tests.rigs.mail_sink import add_readers

DUE = datetime(2026, 3, 23, 22, tzinfo=UTC)
"""06:00 of the 24th in Singapore."""
HOUR = timedelta(hours=1)


@pytest.fixture
def here(database: Any, settings: Any) -> Portal:
    return Portal(database, replace(settings, database_url=database.url))


def issues(here: Portal) -> dict[str, DigestIssue]:
    with here.database.reading() as session:
        return {row.date: row for row in session.scalars(select(DigestIssue).order_by(DigestIssue.date))}


def letters(here: Portal) -> list[DigestDelivery]:
    with here.database.reading() as session:
        return list(session.scalars(select(DigestDelivery).order_by(DigestDelivery.id)))


def add(here: Portal, *, readers: int = 0, **releases: Any) -> dict[str, int]:
    """Releases by name, each public since its time or with values of its own."""
    with here.work() as work:
        rows = {}
        for name, given in releases.items():
            values = given if isinstance(given, dict) else {"at": given}
            rows[name] = builders.published_release(work, **{"headline": name, **values})
        add_readers(work, readers, builders.NOON)
        found = {name: row.id for name, row in rows.items()}
        work.commit()
    return found


def test_an_issue_holds_what_became_public_since_the_one_before_with_its_hash(here: Portal) -> None:
    ids = add(here, old=DUE - 30 * HOUR, first=DUE - 3 * HOUR, second=DUE - HOUR)
    with here.work() as work:
        builders.scheduled_release(work, live_from=DUE + HOUR)
        builders.submitted_release(work)
        work.commit()

    assert building.close_due(here, now=DUE) == ["2026-03-24"]
    assert building.close_due(here, now=DUE) == []
    third = add(here, third=DUE + 2 * HOUR)
    assert building.close_due(here, now=DUE + 24 * HOUR) == ["2026-03-25"]

    kept = issues(here)
    assert [each["release_id"] for each in kept["2026-03-24"].contents] == [ids["second"], ids["first"]]
    assert third["third"] in [each["release_id"] for each in kept["2026-03-25"].contents]
    assert ids["first"] not in [each["release_id"] for each in kept["2026-03-25"].contents]
    with here.database.reading() as session:
        for each in kept["2026-03-24"].contents:
            assert session.get_one(Revision, each["revision_id"]).hash == each["hash"]


def test_ten_at_once_close_one_issue_and_make_one_letter_for_each_reader(here: Portal) -> None:
    add(here, readers=7, first=DUE - HOUR)

    at_once([lambda: building.close_due(here, now=DUE) for _ in range(10)])

    assert list(issues(here)) == ["2026-03-24"]
    assert sorted(each.subscriber_id for each in letters(here)) == list(range(1, 8))


def test_a_missed_issue_is_closed_late_and_nothing_is_lost_between_two(here: Portal) -> None:
    add(here, first=DUE - HOUR)
    building.close_due(here, now=DUE)
    ids = add(here, monday=DUE + HOUR, tuesday=DUE + 30 * HOUR)

    closed = building.close_due(here, now=DUE + 50 * HOUR)

    assert closed == ["2026-03-25", "2026-03-26"]
    kept = issues(here)
    assert [row.late for row in kept.values()] == [False, True, True]
    assert [[each["release_id"] for each in row.contents] for row in list(kept.values())[1:]] == [
        [ids["monday"]],
        [ids["tuesday"]],
    ]


def test_what_was_under_way_while_an_issue_closed_stands_in_the_next_one_once(here: Portal) -> None:
    """A step carries the time at which it began; it may be saved after an issue with a later time was closed."""
    named = add(here, readers=1, first=DUE - HOUR, second=DUE - HOUR)
    building.close_due(here, now=DUE)
    (letter,) = letters(here)
    with here.work() as work:
        sent = work.session.get_one(DigestDelivery, letter.id)
        sent.state, sent.sent_at = "sent", DUE
        work.session.add(DigestItem(delivery_id=sent.id, release_id=named["first"]))
        killed = work.session.get_one(Release, named["first"])
        killed.publication, killed.removed_at = "killed", DUE - timedelta(seconds=2)
        work.commit()
    late = add(here, late=DUE - timedelta(seconds=1))

    for days in (1, 2):
        building.close_due(here, now=DUE + days * 24 * HOUR)

    kept = list(issues(here).values())[1:]
    assert [[each["release_id"] for each in row.contents] for row in kept] == [[late["late"]], []]
    assert [[each["release_id"] for each in row.afterwards] for row in kept] == [[named["first"]], []]


@pytest.mark.parametrize(
    ("zone", "begin"),
    [
        ("Asia/Singapore", "2026-03-20"),
        ("Asia/Yangon", "2026-03-20"),
        ("Europe/Berlin", "2026-03-27"),
        ("Europe/Berlin", "2026-10-23"),
        ("America/New_York", "2026-03-06"),
        ("America/New_York", "2026-10-30"),
        ("Australia/Lord_Howe", "2026-10-02"),
        ("Africa/Cairo", "2026-04-22"),
    ],
)
def test_each_local_date_has_one_issue_where_clocks_jump(
    sqlite_database: Any, settings: Any, zone: str, begin: str
) -> None:
    sure = replace(settings, database_url=sqlite_database.url, timezone=zone, digest_at=time(2, 30))
    here = Portal(sqlite_database, sure)
    moment = datetime.fromisoformat(begin).replace(tzinfo=UTC, hour=12)
    closed: list[str] = []
    for _ in range(4 * 24 * 2):
        closed += building.close_due(here, now=moment)
        moment += timedelta(minutes=30)

    assert closed == sorted(set(closed)) == list(issues(here))
    assert len(closed) == 5


def test_an_issue_can_be_built_a_week_ahead_and_waits_for_its_hour(here: Portal) -> None:
    add(here, readers=1, first=DUE - HOUR)

    assert building.close_issue(here, "2026-03-30", now=DUE)
    assert not building.close_issue(here, "2026-03-30", now=DUE)
    with pytest.raises(NotFound):
        building.close_issue(here, "2026-04-05", now=DUE)
    building.close_due(here, now=DUE)

    assert issues(here)["2026-03-30"].queued_at is None
    assert issues(here)["2026-03-24"].contents == []  # it stands in the one that was closed first
    building.close_due(here, now=DUE + timedelta(days=6))
    assert issues(here)["2026-03-30"].queued_at is not None


def test_who_finds_nothing_or_pauses_or_left_is_sent_nothing(here: Portal) -> None:
    add(here, readers=5, first=DUE - HOUR)
    with here.work() as work:
        rows = {row.id: row for row in work.session.scalars(select(Subscriber))}
        rows[1].paused_until = DUE + HOUR
        rows[2].state, rows[2].left_at = "left", DUE
        rows[3].corrections_only = True
        rows[4].paused_until = DUE - HOUR
        work.commit()

    building.close_due(here, now=DUE)

    assert [each.subscriber_id for each in letters(here)] == [4, 5]


def test_an_empty_issue_makes_letters_only_where_the_setting_says_so(
    sqlite_database: Any, settings: Any
) -> None:
    sure = replace(settings, database_url=sqlite_database.url)
    silent, chatty = (Portal(sqlite_database, replace(sure, digest_empty=word)) for word in ("skip", "send"))
    add(silent, readers=2)

    building.close_due(silent, now=DUE)
    assert letters(silent) == []
    assert issues(silent)["2026-03-24"].finished_at == DUE
    building.close_due(chatty, now=DUE + 24 * HOUR)
    assert len(letters(chatty)) == 2


def test_a_held_issue_is_closed_and_waits_until_somebody_lets_it_go(desk: Any) -> None:
    here, editor = desk.portal, desk.people.editor
    ids = add(here, readers=2, first=DUE - 2 * HOUR, second=DUE - HOUR)
    reference = {each: desk_reference(here, number) for each, number in ids.items()}
    early = DUE - timedelta(minutes=30)

    editing.keep_back(here, editor, "2026-03-24", version=0, now=early)
    with pytest.raises(Conflict):
        editing.save(here, editor, "2026-03-24", intro="x", order=[], version=0, now=early)
    editing.save(
        here,
        editor,
        "2026-03-24",
        intro=" Good\nmorning ",
        order=["", reference["first"]],
        version=2,
        now=early,
    )
    building.close_due(here, now=DUE)
    held = issues(here)["2026-03-24"]
    assert (held.intro, held.closed_at, held.queued_at) == ("Good morning", DUE, None)
    assert [each["release_id"] for each in held.contents] == [ids["first"], ids["second"]]
    assert letters(here) == []

    editing.let_go(here, editor, "2026-03-24", version=held.version, now=DUE + HOUR)
    building.close_due(here, now=DUE + HOUR)
    assert len(letters(here)) == 2
    with pytest.raises(Conflict):
        editing.save(here, editor, "2026-03-24", intro="", order=[], version=None, now=DUE)
    with pytest.raises(Invalid):
        editing.save(here, editor, "2026-03-25", intro="x" * 401, order=[], version=None, now=DUE)


def desk_reference(here: Portal, number: int) -> str:
    from portal.storage.tables import Release

    with here.database.reading() as session:
        return session.get_one(Release, number).reference
