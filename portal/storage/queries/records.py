"""Reading the append-only records: row after row for the audit, and one release's whole record for its export.

The audit's rows are streamed in the order of their chains, so that years of records fit in little memory.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.storage.tables import (
    AccountEvent,
    ChainHead,
    ChainLock,
    CheckRecord,
    Decision,
    DecisionReason,
    Delivery,
    Edition,
    Endorsement,
    Examination,
    IdempotencyKey,
    Message,
    Note,
    Outbox,
    Release,
    Revision,
    TimelineEntry,
)
from portal.storage.vouching import BY_TABLE

STREAMED = {"yield_per": 500}


def hold_one_moment(session: Session) -> None:
    """Let everything that the session reads be of one moment. SQLite does so by itself."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def release_chains(session: Session) -> Iterator[Any]:
    """Rows of (release_id, reference, chain_count, chain_head), by release."""
    columns = (Release.id.label("release_id"), Release.reference, Release.chain_count, Release.chain_head)
    return iter(session.execute(select(*columns).order_by(Release.id), execution_options=STREAMED))


def entries(session: Session) -> Iterator[TimelineEntry]:
    """Every timeline, release after release."""
    statement = select(TimelineEntry).order_by(TimelineEntry.release_id, TimelineEntry.position)
    return iter(session.scalars(statement, execution_options=STREAMED))


def heads_of_releases(session: Session) -> Iterator[ChainHead]:
    """The global chain sorted by release, without the accounts' rows."""
    statement = select(ChainHead).where(ChainHead.release_id.is_not(None))
    ordered = statement.order_by(ChainHead.release_id, ChainHead.id)
    return iter(session.scalars(ordered, execution_options=STREAMED))


def heads_of_accounts(session: Session) -> Iterator[ChainHead]:
    statement = select(ChainHead).where(ChainHead.release_id.is_(None)).order_by(ChainHead.id)
    return iter(session.scalars(statement, execution_options=STREAMED))


def account_events(session: Session) -> Iterator[AccountEvent]:
    statement = select(AccountEvent).order_by(AccountEvent.position)
    return iter(session.scalars(statement, execution_options=STREAMED))


def global_chain(session: Session) -> Iterator[ChainHead]:
    return iter(session.scalars(select(ChainHead).order_by(ChainHead.id), execution_options=STREAMED))


def unreadable(session: Session) -> Iterator[str]:
    """Which rows of the records, and of what they vouch for, cannot be read as what their columns hold, as `table id`.

    SQLite keeps whatever is written into a column. Every row is read by itself, so call it only where something is wrong.
    """
    for table in (TimelineEntry, AccountEvent, ChainHead, *BY_TABLE):
        own = table.__table__
        for number in session.scalars(select(own.c.id).order_by(own.c.id)).all():
            try:
                session.execute(select(own).where(own.c.id == number)).all()
            except (ValueError, TypeError):
                yield f"{own.name} {number}"


def vouches_for_all(session: Session) -> bool:
    """Is every row that carries truth known to the records: from the first one on, or since all were taken over?"""
    first = session.get(ChainHead, 1)
    if first is None or first.vouches is not None:
        return True
    taken = select(AccountEvent.id).where(AccountEvent.fact == "records_taken_over").limit(1)
    return session.scalar(taken) is not None


def hashes_of_texts(session: Session, releases: Collection[int]) -> Iterator[Any]:
    """Rows of (release_id, number, hash, content) for every text of these releases."""
    statement = (
        select(Edition.release_id, Revision.number, Revision.hash, Revision.content)
        .join(Edition, Edition.id == Revision.edition_id)
        .where(Edition.release_id.in_(releases))
    )
    return iter(session.execute(statement, execution_options=STREAMED))


def hashes_of_decisions(session: Session, releases: Collection[int]) -> Iterator[Any]:
    """Rows of (release_id, id, revision_hash, hash): what a decision names beside what its text has."""
    statement = (
        select(Edition.release_id, Decision.id, Decision.revision_hash, Revision.hash)
        .join(Edition, Edition.id == Decision.edition_id)
        .join(Revision, Revision.id == Decision.revision_id)
        .where(Edition.release_id.in_(releases))
    )
    return iter(session.execute(statement, execution_options=STREAMED))


def chain_lock(session: Session) -> ChainLock | None:
    """Where the global chain and the accounts' chain say that they end."""
    return session.get(ChainLock, 1)


def whole_record(session: Session, release: Release) -> dict[str, Sequence[Any]]:
    """Every row that belongs to a release, by table, oldest first."""
    of_editions = select(Edition.id).where(Edition.release_id == release.id)
    of_decisions = select(Decision.id).where(Decision.edition_id.in_(of_editions))
    of_outbox = select(Outbox.id).where(Outbox.release_id == release.id)
    tables: dict[Any, Any] = {
        Edition: Edition.release_id == release.id,
        Revision: Revision.edition_id.in_(of_editions),
        IdempotencyKey: IdempotencyKey.edition_id.in_(of_editions),
        Examination: Examination.edition_id.in_(of_editions),
        Decision: Decision.edition_id.in_(of_editions),
        DecisionReason: DecisionReason.decision_id.in_(of_decisions),
        Endorsement: Endorsement.release_id == release.id,
        CheckRecord: CheckRecord.edition_id.in_(of_editions),
        Message: Message.release_id == release.id,
        Note: Note.release_id == release.id,
        TimelineEntry: TimelineEntry.release_id == release.id,
        ChainHead: ChainHead.release_id == release.id,
        Outbox: Outbox.release_id == release.id,
        Delivery: Delivery.outbox_id.in_(of_outbox),
    }
    return {
        table.__tablename__: session.scalars(select(table).where(condition).order_by(table.id)).all()
        for table, condition in tables.items()
    }
