"""Whoever changes, removes or puts in a row beside the records is found, with a sentence that names it.

The history is the demo: every kind of step was taken in it. Each tampering is done by SQL on a connection of its own,
looked at through the same connection, and rolled back.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import JSON, delete, insert, select, text, update
from sqlalchemy.orm import Session

from portal import demo
from portal.actions.operating import anchoring, auditing
from portal.actions.operating.auditing import GLOBAL_CHAIN, Verified
from portal.actions.portal import Portal
from portal.actions.publishing import going_live
from portal.settings import load_settings
from portal.storage import timeline
from portal.storage.database import Database
from portal.storage.tables import (
    ChainHead,
    ChainLock,
    Decision,
    DigestIssue,
    Edition,
    IdentityRecord,
    Membership,
    Message,
    Note,
    Organisation,
    Release,
    Revision,
    User,
)
from portal.storage.tables.base import Instant
from portal.storage.vouching import TRUTHS, Truth
from tests import builders
from tests.rigs.people import People
from tests.rigs.sqlite import migrated_file

NOW = datetime(2026, 3, 24, 3, 20, tzinfo=UTC)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Told:
    """A portal with a history."""

    portal: Portal

    def after(self, *statements: Any) -> Verified:
        """What a verification says once somebody has run these."""
        with self.tampering() as session:
            for statement in statements:
                session.execute(statement)
            return auditing.verify_records(session, [])

    @contextmanager
    def tampering(self) -> Iterator[Session]:
        with self.portal.database.engine.connect() as connection:
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            connection.execute(text("PRAGMA ignore_check_constraints = ON"))
            for table in (truth.table.__table__ for truth in TRUTHS):
                for index in (each for each in table.indexes if each.unique):
                    connection.execute(text(f"DROP INDEX {index.name}"))
            with Session(connection) as session:
                yield session
            connection.rollback()
            connection.execute(text("PRAGMA ignore_check_constraints = OFF"))

    def row(self, table: Any, *conditions: Any) -> Any:
        with self.portal.database.reading() as session:
            found = session.scalars(select(table).where(*conditions).order_by(table.id.desc()).limit(1)).one()
            session.expunge_all()
            return found

    def reference(self, release_id: int) -> str:
        return str(self.row(Release, Release.id == release_id).reference)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    root = tmp_path_factory.mktemp("told")
    database = Database(f"sqlite:///{migrated_file(root / 'told.sqlite3')}")
    settings = replace(load_settings({"PORTAL_ENV": "development"}, root), database_url=database.url)
    portal = Portal(database, settings)
    demo.load(portal, now=NOW, keep=lambda _logins: None)
    with portal.work() as work:
        work.session.add(
            DigestIssue(date="2026-03-24", due_at=NOW, contents=[{"release_id": 1}], intro="Read on.")
        )
        work.commit()
    People(portal.database, portal.settings).registered("waits@harbour.example")
    yield Told(portal)
    database.dispose()


def another(value: Any, column: Any) -> Any:
    """A value of the same type that is not the same."""
    if isinstance(column.type, JSON):
        return {**value, "added": 1} if isinstance(value, dict) else [*(value or []), "added"]
    if isinstance(column.type, Instant):
        return (value or NOW) + timedelta(microseconds=1)
    if column.type.python_type is bool:
        return not value
    return (value or 0) + 5_000 if column.type.python_type is int else f"{value or ''}x"


OWNERS = ("release_id", "edition_id", "decision_id")
LINKS = [
    pytest.param(truth, key, id=f"{truth.name}-{key}")
    for truth in TRUTHS
    for key in truth.columns
    if key in OWNERS
]
TABLES = [pytest.param(truth, id=truth.name) for truth in TRUTHS]


def test_the_history_of_the_demo_holds(told: Told) -> None:
    found = auditing.verify(told.portal)

    assert (found.broken, found.differences, found.before) == ((), (), 0)
    with told.portal.database.reading() as session:
        empty = [truth.name for truth in TRUTHS if session.scalar(select(truth.table.id).limit(1)) is None]
    assert empty == []


@pytest.mark.parametrize("truth", TABLES)
def test_a_change_of_any_column_is_found_and_each_is_named(told: Told, truth: Truth) -> None:
    row, table = told.row(truth.table), truth.table
    keys = [key for key in truth.columns if key not in OWNERS]
    changed = {key: another(getattr(row, key), table.__table__.c[key]) for key in keys}

    found = told.after(update(table).where(table.id == row.id).values(changed))

    of_row = [each for each in found.differences if f"{truth.name.replace('-', ' ')} {row.id}: " in each]
    assert len(of_row) == len(keys)


@pytest.mark.parametrize(("truth", "key"), LINKS)
def test_a_row_that_was_given_to_another_is_found(told: Told, truth: Truth, key: str) -> None:
    row, table = told.row(truth.table), truth.table

    found = told.after(
        update(table).where(table.id == row.id).values({key: 1 if getattr(row, key) != 1 else 2})
    )

    assert any(f"{truth.name.replace('-', ' ')} {row.id}" in each for each in found.differences)


@pytest.mark.parametrize("truth", TABLES)
def test_a_row_that_is_gone_is_found_and_named(told: Told, truth: Truth) -> None:
    row = told.row(truth.table)

    found = told.after(text(f"DELETE FROM {truth.table.__tablename__} WHERE id = {row.id}"))

    gone = f"{truth.name.replace('-', ' ')} {row.id} is gone; the records have it."
    vanished = f"release-{row.id}: the release is gone; its records are there."
    assert any(each.endswith(gone) or each == vanished for each in found.differences)


@pytest.mark.parametrize("truth", TABLES)
def test_a_row_that_was_put_in_is_found_and_named(told: Told, truth: Truth) -> None:
    row, table = told.row(truth.table), truth.table
    columns = {column.key: getattr(row, column.key) for column in table.__table__.columns}
    own = {
        column.key: another(columns[column.key], column)
        for column in table.__table__.columns
        if column.unique and column.key != "id"
    }
    with told.tampering() as session:
        session.execute(insert(table).values({**columns, **own, "id": 9_000}))
        found = auditing.verify_records(session, [])

    assert any(
        f"{truth.name.replace('-', ' ')} 9000 stands in no record." in each for each in found.differences
    )


def public(told: Told) -> Release:
    return told.row(Release, Release.publication == "live", Release.went_live_at.is_not(None))


def rejected(told: Told) -> Edition:
    return told.row(Edition, Edition.state == "rejected")


def test_the_text_of_the_live_version(told: Told) -> None:
    release = public(told)
    content = dict(told.row(Revision, Revision.id == release.live_revision_id).content)
    content["body_html"] = "<p>Something else was said.</p>"

    found = told.after(
        update(Revision).where(Revision.id == release.live_revision_id).values(content=content)
    )

    assert found.broken == (release.reference,)
    assert (
        f"{release.reference}: text {release.live_revision_id}: content is not what was recorded."
        in found.differences
    )
    assert any("does not have its hash" in each for each in found.differences)


def test_the_text_of_the_live_version_with_its_hash_and_its_decision_mended(told: Told) -> None:
    from portal.actions.releases.content import content_hash

    release = public(told)
    revision = told.row(Revision, Revision.id == release.live_revision_id)
    content = {**revision.content, "body_html": "<p>Something else was said.</p>"}
    fresh = content_hash(content)

    found = told.after(
        update(Revision).where(Revision.id == revision.id).values(content=content, hash=fresh),
        update(Decision).where(Decision.revision_id == revision.id).values(revision_hash=fresh),
    )

    assert found.broken == (release.reference,)


def test_the_headline(told: Told) -> None:
    release = public(told)
    changed = update(Revision).where(Revision.id == release.live_revision_id).values(headline="Another")

    found = told.after(changed)

    assert found.differences == (
        f"{release.reference}: text {release.live_revision_id}: headline is not what was recorded.",
    )


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("decided_by_id", 77, "who decided is “77”, and the records say"),
        ("outcome", "reject", "outcome is “reject”, and the records say “approve”"),
        ("message", "Never.", "message is not what was recorded"),
        (
            "undone_at",
            NOW,
            "whether it was taken back is “2026-03-24T03:20:00+00:00”, and the records say nothing",
        ),
    ],
)
def test_a_decision(told: Told, column: str, value: Any, says: str) -> None:
    row = told.row(Decision, Decision.outcome == "approve", Decision.undone_at.is_(None))

    found = told.after(update(Decision).where(Decision.id == row.id).values({column: value}))

    assert len(found.broken) == 1
    (sentence,) = found.differences
    assert f"decision {row.id}: {says}" in sentence


def test_a_deleted_decision(told: Told) -> None:
    row = told.row(Decision)
    reference = told.reference(told.row(Edition, Edition.id == row.edition_id).release_id)

    found = told.after(text(f"DELETE FROM decisions WHERE id = {row.id}"))

    assert found.broken == (reference,)
    assert f"{reference}: decision {row.id} is gone; the records have it." in found.differences


def test_a_rejected_release_made_live(told: Told) -> None:
    edition = rejected(told)
    lifted = {
        "publication": "live",
        "live_from": NOW - A_DAY,
        "went_live_at": NOW - A_DAY,
        "live_edition_id": edition.id,
        "live_revision_id": edition.revision_id,
    }

    found = told.after(
        update(Release).where(Release.id == edition.release_id).values(lifted),
        update(Edition).where(Edition.id == edition.id).values(state="approved"),
    )

    reference = told.reference(edition.release_id)
    assert found.broken == (reference,)
    public_word = (
        f"{reference}: release {edition.release_id}: whether it is public is “live”, and the records say"
    )
    assert any(public_word in each for each in found.differences)
    assert any("state is “approved”, and the records say “rejected”" in each for each in found.differences)


def test_a_public_release_hidden(told: Told) -> None:
    release = public(told)

    found = told.after(update(Release).where(Release.id == release.id).values(publication="hidden"))

    assert found.differences == (
        f"{release.reference}: release {release.id}: whether it is public is “hidden”, and the records say “live”.",
    )


def test_live_from(told: Told) -> None:
    release = public(told)
    assert release.live_from is not None
    earlier = release.live_from - A_DAY

    found = told.after(update(Release).where(Release.id == release.id).values(live_from=earlier))

    (sentence,) = found.differences
    assert f"from when it is public is “{earlier.isoformat()}”" in sentence
    assert f"the records say “{release.live_from.isoformat()}”" in sentence


@pytest.mark.parametrize(
    ("table", "values", "broken"),
    [
        (Note, {"body": "All fine."}, None),
        (Note, {"author_id": 1}, None),
        (Message, {"body": "Please run it."}, None),
        (Message, {"side": "desk"}, None),
        (IdentityRecord, {"number": "+65 6000 0000"}, "organisations"),
        (IdentityRecord, {"person": "Somebody Else"}, "organisations"),
        (User, {"role": "admin"}, "accounts"),
        (User, {"blocked_at": NOW}, "accounts"),
        (User, {"password_hash": "another"}, "accounts"),
        (Membership, {"role": "x"}, "accounts"),
        (Membership, {"organisation_id": 1}, "accounts"),
        (Organisation, {"name": "Somebody Else Ltd"}, "organisations"),
        (DigestIssue, {"contents": []}, "daily-email"),
    ],
)
def test_what_stands_beside_a_release(
    told: Told, table: Any, values: dict[str, Any], broken: str | None
) -> None:
    key, value = next(iter(values.items()))
    row = told.row(table, getattr(table, key) != value) if key != "blocked_at" else told.row(table)

    found = told.after(update(table).where(table.id == row.id).values(values))

    assert found.broken == (broken or told.reference(row.release_id),)
    assert len(found.differences) == 1


def test_the_number_of_a_row_of_a_timeline(told: Told) -> None:
    statement = text("UPDATE timeline SET id = id + 90000 WHERE id = (SELECT max(id) FROM timeline)")

    assert len(told.after(statement).broken) == 1
    assert told.after(text("UPDATE account_events SET id = id + 90000 WHERE id = 2")).broken == ("accounts",)


def test_a_voucher_that_was_written_anew_breaks_the_chain(told: Told) -> None:
    head = told.row(ChainHead)

    for values in ({"vouches": {"rows": {}}}, {"vouches": None}, {"row_id": 999}):
        assert (
            GLOBAL_CHAIN in told.after(update(ChainHead).where(ChainHead.id == head.id).values(values)).broken
        )


def test_a_chain_that_was_written_anew_from_the_middle_is_found_by_the_log_of_a_decision(
    told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever knows the program can write vouchers, hashes and marks anew; not the log line that has left already."""
    with told.portal.database.reading() as session:
        heads = list(session.scalars(select(ChainHead).order_by(ChainHead.id)))
        lock = session.get_one(ChainLock, 1)
        line = f"all records: {lock.last_id} rows, head {lock.last_hash}"
    with told.tampering() as session:
        previous = ""
        for head in heads:
            values = {column.key: getattr(head, column.key) for column in ChainHead.__table__.columns}
            values |= {"previous_hash": previous}
            if head.id == 5:
                values["at"] += A_DAY
            previous = values["hash"] = timeline.head_hash(ChainHead(**values))
            session.execute(update(ChainHead).where(ChainHead.id == head.id).values(values))
        session.execute(update(ChainLock).values(last_hash=previous))
        unseen = auditing.verify_records(session, [])
        seen = auditing.verify_records(
            session, anchoring.told_in([f'{{"event": "decided: … {line}"}}\n', "other"])
        )

    assert (unseen.ok, seen.broken) == (True, (GLOBAL_CHAIN,))


def test_every_decision_leaves_a_line_with_the_end_of_the_chain(
    sqlite_desk: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "portal.storage.timeline")
    reference = sqlite_desk.decided("reject")

    lines = [record.getMessage() for record in caplog.records if "decided:" in record.getMessage()]
    with sqlite_desk.portal.database.reading() as session:
        lock = session.get_one(ChainLock, 1)
    assert len(lines) == 1
    assert f"{reference} rejected" in lines[0]
    assert anchoring.told_in(lines) == [{"rows": lock.last_id, "head": lock.last_hash}]


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("revisions", "content", "no JSON"),
        ("timeline", "detail", "{"),
        ("chain_heads", "vouches", "{]"),
        ("account_events", "at", "yesterday"),
        ("decisions", "decided_at", "2026-13-45"),
        ("users", "created_at", "soon"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(told: Told, table: str, column: str, value: str) -> None:
    found = told.after(text(f"UPDATE {table} SET {column} = '{value}' WHERE id IN (2, 3)"))

    assert (found.ok, found.broken) == (False, ("unreadable",))
    assert found.differences == tuple(f"{table} {each}: what stands in it cannot be read." for each in (2, 3))


def tamper(portal: Portal, *statements: Any) -> None:
    """Beside the records, by SQL, and kept."""
    with portal.database.engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)


def test_the_clock_does_not_make_a_tampering_good(desk: Any) -> None:
    """A rejected release that was made live comes due, and the clock writes that into the same row."""
    reference = desk.decided("reject")
    edition = desk.edition(reference)
    lifted = {"publication": "live", "live_from": desk.now, "live_edition_id": edition.id}
    lifted |= {"live_revision_id": edition.revision_id, "slug": "lifted"}
    tamper(desk.portal, update(Release).where(Release.reference == reference).values(lifted))

    assert going_live.record_due(desk.portal, now=desk.now + A_DAY) == 1

    found = auditing.verify(desk.portal)
    assert found.broken == (reference,)
    told = " ".join(found.differences)
    assert all(each in told for each in ("whether it is public", "from when", "which text", "slug"))
    assert "when it went public" not in told  # that was written by the portal itself


def test_a_step_taken_afterwards_does_not_make_a_tampering_good(desk: Any) -> None:
    """By a statement that names its rows by a condition, as compare-and-set does."""
    reference = desk.sent()
    tamper(
        desk.portal,
        update(Edition).where(Edition.id == desk.edition(reference).id).values(is_first=False, round=9),
    )

    desk.claim(reference)
    desk.decide(reference, "reject")

    found = auditing.verify(desk.portal)
    assert found.broken == (reference,)
    assert len(found.differences) == 2
    assert [each for each in found.differences if "is first is “False”" in each or "round is “9”" in each]


def test_what_a_person_does_afterwards_does_not_make_their_role_good(desk: Any) -> None:
    member = desk.people.member
    tamper(desk.portal, update(User).where(User.id == member.id).values(role="admin"))
    with desk.portal.work() as work:
        work.session.get_one(User, member.id).name = "Somebody"
        work.commit()
    with desk.portal.work() as work:
        work.session.execute(update(User).where(User.id == member.id).values(name="Somebody Else"))
        work.commit()

    found = auditing.verify(desk.portal)

    assert found.broken == ("accounts",)
    assert found.differences == (
        f"accounts: person {member.id}: role is “admin”, and the records say “member”.",
    )


def test_a_column_that_was_emptied_is_known_as_empty(desk: Any) -> None:
    with desk.portal.work() as work:
        work.session.get_one(User, desk.people.member.id).blocked_at = NOW
        work.commit()
    with desk.portal.work() as work:
        work.session.get_one(User, desk.people.member.id).blocked_at = None
        work.commit()

    assert auditing.verify(desk.portal).ok
    tamper(desk.portal, update(User).where(User.id == desk.people.member.id).values(blocked_at=NOW))
    assert auditing.verify(desk.portal).broken == ("accounts",)


def test_a_row_that_was_put_in_and_then_worked_on_stands_in_no_record(desk: Any) -> None:
    person = {"email": "put.in@harbour.example", "name": "Put In", "role": "senior", "created_at": NOW}
    tamper(desk.portal, insert(User).values({**person, "id": 9_000, "version": 1}))
    with desk.portal.work() as work:
        work.session.get_one(User, 9_000).name = "Another"
        work.commit()

    assert auditing.verify(desk.portal).differences == ("accounts: person 9000 stands in no record.",)


def test_rows_of_before_are_counted_taken_over_once_and_held_to_from_then_on(
    database: Any, settings: Any
) -> None:
    portal = Portal(database, settings)
    with portal.work() as work:
        row = builders.published_release(work)
        work.commit()
    _as_before(portal)
    assert auditing.verify(portal).ok
    unknown = auditing.verify(portal).before

    taken = [auditing.take_over(portal, now=NOW), auditing.take_over(portal, now=NOW)]

    found = auditing.verify(portal)
    assert taken == [unknown, 0]
    assert (found.ok, found.before) == (True, unknown)
    with portal.database.engine.begin() as connection:
        connection.execute(update(Release).where(Release.id == row.id).values(slug="another"))
        connection.execute(delete(Membership))
    assert row.reference in auditing.verify(portal).broken


def _as_before(portal: Portal) -> None:
    """Records of an earlier version: the same chain, and no vouchers in it."""
    with portal.database.engine.begin() as connection:
        connection.execute(delete(ChainHead))
        head = {"id": 1, "count": 0, "head": "", "at": NOW, "previous_hash": "", "vouches": None}
        old = timeline.hash_of(ChainHead(**head), timeline.OLD_HEAD_FIELDS)
        connection.execute(insert(ChainHead).values({**head, "hash": old}))
        connection.execute(update(ChainLock).values(last_id=1, last_hash=old))
