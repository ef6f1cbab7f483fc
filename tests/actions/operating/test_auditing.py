"""Whoever touches the records is found: row by row, column by column, and when all of it is cut off."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from sqlalchemy import JSON, Connection, delete, insert, select, text, update
from sqlalchemy.orm import Session

from portal.actions.operating import anchoring, auditing
from portal.actions.operating.auditing import ACCOUNTS, ANCHOR_FILE, GLOBAL_CHAIN
from portal.rules.refusals import NotFound
from portal.storage import timeline
from portal.storage.queries import records
from portal.storage.tables import AccountEvent, Base, ChainHead, ChainLock, Release, TimelineEntry
from portal.storage.tables.base import Instant
from tests import builders

NOT_A_RECORD = ("id",)  # a row's number in its table; its place is its position


@pytest.fixture
def history(desk):
    """Three releases with nine, two and six facts, and six account events, as the actions write them."""
    with desk.portal.work() as work:
        rows = [builders.release(work), builders.release(work), builders.release(work)]
        lengths = zip(rows, (9, 2, 6), strict=True)
        facts = [row for row, length in lengths for _ in range(length)]
        for number, row in enumerate(facts[:-4]):
            _happen(work, desk, row, number)
        work.commit()
        # The last ones vouch for no other row.
        for number, row in enumerate(facts[-4:], len(facts) - 4):
            _happen(work, desk, row, number)
        work.commit()
    desk.references = [row.reference for row in rows]
    return desk


def _happen(work, desk, row, number):
    """One fact of a release and, every third time, one of an account."""
    at = desk.now + timedelta(minutes=number)
    about = {"edition_id": row.editions[0].id, "actor_id": desk.people.member.id, "actor_name": "Dewi"}
    timeline.append(work, row, fact="message_sent", now=at, to_state="draft", detail={"n": number}, **about)
    if number % 3 == 0:
        who = {"user_id": desk.people.member.id, "detail": {"n": number}}
        timeline.append_account_event(work, fact="logged_in", now=at, **who)


@contextmanager
def tampered(desk, *statements: Any) -> Iterator[Session]:
    """A session that sees what a tamperer did; it is undone at the end."""
    with desk.portal.database.engine.connect() as connection:
        _forget_foreign_keys(connection)
        for statement in statements:
            connection.execute(statement)
        with Session(connection) as session:
            yield session
        connection.rollback()


def _forget_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))


def broken_after(desk, *statements: Any, kept: Any = ()) -> tuple[str, ...]:
    with tampered(desk, *statements) as session:
        return auditing.verify_records(session, list(kept)).broken


def rows_of(desk, table: Any, *conditions: Any) -> list[Any]:
    with desk.portal.database.reading() as session:
        return list(session.scalars(select(table).where(*conditions).order_by(table.id)))


def another(value: Any, column: Any) -> Any:
    """A value of the same type that is not the same."""
    if isinstance(column.type, JSON):
        return {**value, "added": 1}
    if isinstance(column.type, Instant):
        return value + timedelta(microseconds=1)
    return (value or 0) + 50 if column.type.python_type is int else f"x{value}"[:12]


def columns_of(table: Any) -> list[Any]:
    numbered = () if table is ChainHead else NOT_A_RECORD
    return [column for column in table.__table__.columns if column.key not in numbered]


def test_untouched_records_hold(history):
    found = auditing.verify(history.portal)

    entries, events = history.count(TimelineEntry), history.count(AccountEvent)
    assert (found.rows, found.ok, found.broken) == (entries + events, True, ())
    assert entries >= 9


def test_an_empty_database_holds(desk):
    assert auditing.verify(desk.portal) == auditing.Verified(0, ())


def test_what_is_written_meanwhile_is_no_fault(history):
    with history.portal.database.reading() as session:
        records.hold_one_moment(session)
        before = len(list(records.release_chains(session)))
        history.sent("sports")

        found = auditing.verify_records(session, [])

    assert (before, found.ok) == (3, True)
    assert auditing.verify(history.portal).rows > found.rows


def test_a_time_in_another_zone_is_the_same_record(desk, settings):
    desk.now = desk.now.astimezone(settings.zone)
    desk.sent()

    assert auditing.verify(desk.portal).ok


@pytest.mark.parametrize("table", [TimelineEntry, AccountEvent, ChainHead])
def test_a_change_in_any_column_of_any_row_is_found(history, table):
    rows = rows_of(history, table)
    unseen = [
        f"{column.key} of row {row.id}"
        for column in columns_of(table)
        for row in (rows[0], rows[-1], Random(column.key).choice(rows))
        if at_fault(history, table, row) not in broken_after(history, changed(table, row, column))
    ]

    assert unseen == []


def at_fault(history, table, row) -> str:
    return {
        TimelineEntry: lambda: references(history)[row.release_id],
        AccountEvent: lambda: ACCOUNTS,
        ChainHead: lambda: GLOBAL_CHAIN,
    }[table]()


def changed(table: Any, row: Any, column: Any) -> Any:
    value = 999 if column.key in ("position", "id") else another(getattr(row, column.key), column)
    return update(table).where(table.id == row.id).values({column.key: value})


def test_every_removed_row_is_found(history):
    for entry in rows_of(history, TimelineEntry):
        broken = broken_after(history, delete(TimelineEntry).where(TimelineEntry.id == entry.id))

        assert broken == (references(history)[entry.release_id],)


def test_an_inserted_row_is_found_at_every_place(history):
    last = rows_of(history, TimelineEntry, TimelineEntry.release_id == 1)[-1]
    for position in (0, -1, last.position + 1):
        row = {**columns(last), "id": 9_000, "position": position, "previous_hash": last.hash}
        row["hash"] = timeline.hash_of(forged(TimelineEntry, row), timeline.ENTRY_FIELDS)

        assert broken_after(history, insert(TimelineEntry).values(row)) == (history.references[0],)


def test_swapped_rows_are_found(history):
    entries = rows_of(history, TimelineEntry, TimelineEntry.release_id == 1)
    for first, second in pairwise(entries):
        broken = broken_after(
            history, moved(first, -5), moved(second, first.position), moved(first, second.position)
        )

        assert broken == (history.references[0],)


def moved(entry: TimelineEntry, position: int) -> Any:
    return update(TimelineEntry).where(TimelineEntry.id == entry.id).values(position=position)


def test_a_cut_tail_is_found_even_where_the_release_was_mended(history):
    entries = rows_of(history, TimelineEntry, TimelineEntry.release_id == 1)
    for end in entries[-6:-1]:
        after = (TimelineEntry.release_id == 1, TimelineEntry.position > end.position)
        mend = update(Release).where(Release.id == 1).values(chain_count=end.position, chain_head=end.hash)

        assert broken_after(history, delete(TimelineEntry).where(*after)) == (history.references[0],)
        assert broken_after(history, delete(TimelineEntry).where(*after), mend) == (history.references[0],)


def test_a_cut_tail_of_the_accounts_is_found_even_where_its_mark_was_mended(history):
    for end in rows_of(history, AccountEvent)[:-1]:
        cut = delete(AccountEvent).where(AccountEvent.position > end.position)
        mend = update(ChainLock).values(account_position=end.position, account_hash=end.hash)

        assert broken_after(history, cut) == (ACCOUNTS,)
        assert broken_after(history, cut, mend) == (ACCOUNTS,)


def test_a_vanished_release_is_found_with_and_without_its_timeline(history):
    release = delete(Release).where(Release.id == 2)
    its_timeline = delete(TimelineEntry).where(TimelineEntry.release_id == 2)

    assert broken_after(history, release) == ("release-2",)
    assert broken_after(history, release, its_timeline) == ("release-2",)


def test_a_release_that_vanished_with_its_heads_leaves_a_hole_in_the_global_chain(history):
    everything = [delete(table).where(table.release_id == 2) for table in (TimelineEntry, ChainHead)]

    assert broken_after(history, *everything, delete(Release).where(Release.id == 2)) == (GLOBAL_CHAIN,)


def test_a_cut_tail_of_the_global_chain_is_found(history):
    last = rows_of(history, ChainHead)[-1]

    broken = broken_after(history, delete(ChainHead).where(ChainHead.id == last.id))

    assert GLOBAL_CHAIN in broken


def test_a_cut_tail_of_everything_is_found_by_the_anchor(history):
    anchoring.anchor(history.portal, now=history.now)
    kept = anchoring.anchors(history.portal.settings.instance_path)

    for rows in (1, 2, 3, 4, 5):
        statements = list(cut_everything(history, rows))

        assert broken_after(history, *statements, kept=kept) == (GLOBAL_CHAIN,)
        assert broken_after(history, *statements, update(ChainLock).values(anchored_on="")) == ()


def cut_everything(desk, rows: int) -> Iterator[Any]:
    """What a careful tamperer does: the last rows go everywhere, and every mark is mended."""
    heads = rows_of(desk, ChainHead)
    end = heads[-rows - 1]
    yield delete(ChainHead).where(ChainHead.id > end.id)
    yield update(ChainLock).values(last_id=end.id, last_hash=end.hash)
    for release_id in {head.release_id for head in heads[-rows:]}:
        before = [head for head in heads[:-rows] if head.release_id == release_id]
        count, head = (before[-1].count, before[-1].head) if before else (0, "")
        if release_id is None:
            yield delete(AccountEvent).where(AccountEvent.position > count)
            yield update(ChainLock).values(account_position=count, account_hash=head)
        else:
            yield delete(TimelineEntry).where(
                TimelineEntry.release_id == release_id, TimelineEntry.position > count
            )
            yield update(Release).where(Release.id == release_id).values(chain_count=count, chain_head=head)


def test_records_written_anew_from_a_changed_row_on_are_found_by_the_anchor(history):
    anchoring.anchor(history.portal, now=history.now)
    kept = anchoring.anchors(history.portal.settings.instance_path)
    last, head = rows_of(history, TimelineEntry)[-1], rows_of(history, ChainHead)[-1]
    entry = columns(last) | {"fact": "approved"}
    entry["hash"] = timeline.hash_of(forged(TimelineEntry, entry), timeline.ENTRY_FIELDS)
    row = columns(head) | {"head": entry["hash"]}
    row["hash"] = timeline.hash_of(forged(ChainHead, row), timeline.HEAD_FIELDS)

    statements = [
        update(TimelineEntry).where(TimelineEntry.id == last.id).values(entry),
        update(ChainHead).where(ChainHead.id == head.id).values(row),
        update(Release).where(Release.id == last.release_id).values(chain_head=entry["hash"]),
        update(ChainLock).values(last_hash=row["hash"]),
    ]

    assert broken_after(history, *statements, kept=kept) == (GLOBAL_CHAIN,)


def test_a_lost_anchor_file_is_reported(history):
    anchoring.anchor(history.portal, now=history.now)
    assert auditing.verify(history.portal).ok

    (history.portal.settings.instance_path / anchoring.FILE_NAME).unlink()

    assert auditing.verify(history.portal).broken == (ANCHOR_FILE,)


def test_an_anchor_that_somebody_wrote_by_hand_is_a_fault_and_no_crash(history):
    for rows in (3, "3", [3], 10**9):
        assert broken_after(history, kept=[{"rows": rows, "head": "made up", "day": "2026-03-24"}]) == (
            GLOBAL_CHAIN,
        )


def test_records_go_on_after_an_anchor(history):
    anchoring.anchor(history.portal, now=history.now)
    history.sent("sports")

    assert auditing.verify(history.portal).ok


def test_an_export_holds_the_whole_record_as_json(history):
    reference = history.decided("request_changes")

    record = json.loads(json.dumps(auditing.export(history.portal, reference)))

    assert record["reference"] == reference
    assert record["chain_holds"] is True
    assert record["organisation"]["name"] == "Selat Biru Ferries"
    assert [row["fact"] for row in record["timeline"]] == history.facts(reference)
    assert [row["outcome"] for row in record["decisions"]] == ["request_changes"]
    assert [row["code"] for row in record["decision_reasons"]] == ["WEAK_LEAD"]
    assert len(record["revisions"]) == len(record["idempotency_keys"]) == 1


def test_an_export_leaves_no_table_out(desk):
    exported = auditing.export(desk.portal, desk.draft()).keys()
    about_a_release = {
        table.name
        for table in Base.metadata.sorted_tables
        if {"release_id", "edition_id", "decision_id", "outbox_id"} & set(table.columns.keys())
    }

    # These are made of the text and say nothing more.
    made_of_the_text = {"similarity_bands", "search_entries", "known_words", "to_learn", "event_dates"}
    made_of_the_text |= {"sitemap_parts"}  # a place in an order
    # Which letter of the daily e-mail named it belongs to its readers, not to its record.
    of_readers = {"digest_items"}
    assert about_a_release - made_of_the_text - of_readers - exported == set()


def test_an_unknown_reference_has_no_export(desk):
    with pytest.raises(NotFound):
        auditing.export(desk.portal, "SEAP-2026-ZZZZZ")


def test_the_audit_asks_the_same_number_of_questions_however_long_the_records_are(history):
    from sqlalchemy import event

    def asked(how: Callable[[], Any]) -> int:
        sent: list[str] = []
        engine = history.portal.database.engine
        listener = lambda *about: sent.append(about[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        how()
        event.remove(engine, "before_cursor_execute", listener)
        return len(sent)

    before = asked(lambda: auditing.verify(history.portal))
    for kind in ("sports", "appointment"):
        history.sent(kind)

    assert asked(lambda: auditing.verify(history.portal)) == before


def references(desk) -> dict[int, str]:
    return {row.id: row.reference for row in rows_of(desk, Release)}


def columns(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def forged(table: Any, values: dict[str, Any]) -> Any:
    return table(**values)
