"""Append-only records, hash-chained in the transaction of their cause.

Every release has its own chain (length and head are kept on the release); account events have one chain;
and each append adds a row to the one global chain of heads. A changed, removed, inserted or reordered row
breaks its chain, a cut-off tail no longer fits its length, and a vanished release leaves its heads behind.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update

from portal.storage.tables import AccountEvent, ChainHead, ChainLock, Release, TimelineEntry
from portal.storage.unit_of_work import UnitOfWork

ENTRY_FIELDS = (
    "release_id",
    "edition_id",
    "position",
    "fact",
    "at",
    "actor_id",
    "actor_name",
    "from_state",
    "to_state",
    "publication",
    "revision_id",
    "detail",
    "request_id",
    "previous_hash",
)
EVENT_FIELDS = (
    "position",
    "fact",
    "at",
    "user_id",
    "actor_id",
    "organisation_id",
    "detail",
    "address_key",
    "request_id",
    "previous_hash",
)
HEAD_FIELDS = ("id", "release_id", "count", "head", "at", "previous_hash")


class Happened(NamedTuple):
    """What an entry is made of: the release with the end of its chain, the text that it is about, who and what else."""

    release_id: int
    chain_count: int
    chain_head: str
    publication: str
    edition_id: int | None = None
    revision_id: int | None = None
    detail: Mapping[str, Any] = MappingProxyType({})
    actor_id: int | None = None
    actor_name: str = ""
    from_state: str = ""
    to_state: str = ""
    # Of one fact of many: other columns of the release that are written in one statement with the end of its chain.
    changes: Mapping[str, Any] = MappingProxyType({})


def append(work: UnitOfWork, release: Release, *, fact: str, now: datetime, **known: Any) -> TimelineEntry:
    """Write a fact into a release's timeline. Raises TypeError for what an entry does not have."""
    happened = Happened(
        release_id=release.id,
        chain_count=release.chain_count,
        chain_head=release.chain_head,
        publication=release.publication,
        **known,
    )
    entry = TimelineEntry(**_entry_row(work, happened, fact, now))
    release.chain_count, release.chain_head = entry.position, entry.hash
    work.session.add(entry)
    _add_head(work, release_id=release.id, count=entry.position, head=entry.hash, now=now)
    return entry


def append_many(work: UnitOfWork, happened: Sequence[Happened], *, fact: str, now: datetime) -> list[int]:
    """Write one fact of the clock into many timelines at once; answers with the ids of the entries, in order.

    Each release at most once, locked by the caller. The chains come out as by `append`, in a handful of statements.
    """
    if not happened:
        return []
    rows = [_entry_row(work, each, fact, now) for each in happened]
    statement = insert(TimelineEntry).returning(TimelineEntry.id, sort_by_parameter_order=True)
    ids = list(work.session.scalars(statement, rows))
    ends = [
        {**each.changes, "id": each.release_id, "chain_count": row["position"], "chain_head": row["hash"]}
        for each, row in zip(happened, rows, strict=True)
    ]
    work.session.execute(update(Release), ends)
    _add_heads(work, rows, now)
    return ids


def append_account_event(work: UnitOfWork, *, fact: str, now: datetime, **known: Any) -> AccountEvent:
    """Write what happened to an account. `known`: user_id, actor_id, organisation_id, detail, address_key."""
    lock = _locked(work)
    event = AccountEvent(
        position=lock.account_position + 1,
        fact=fact,
        at=now,
        user_id=known.get("user_id"),
        actor_id=known.get("actor_id"),
        organisation_id=known.get("organisation_id"),
        detail=known.get("detail", {}),
        address_key=known.get("address_key", ""),
        request_id=work.request_id,
        previous_hash=lock.account_hash,
    )
    event.hash = hash_of(event, EVENT_FIELDS)
    lock.account_position, lock.account_hash = event.position, event.hash
    work.session.add(event)
    _add_head(work, release_id=None, count=event.position, head=event.hash, now=now)
    return event


def lock(work: UnitOfWork) -> None:
    """Hold the one order of all appends until the commit: what is looked up behind it stays true."""
    _locked(work)


def hash_of(row: Any, names: tuple[str, ...]) -> str:
    """SHA-256 (hex) over the named columns, written as canonical JSON."""
    return _hash_of_values([getattr(row, name) for name in names])


def _hash_of_values(values: list[Any]) -> str:
    plain = [_plain(value) for value in values]
    return sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _entry_row(work: UnitOfWork, happened: Happened, fact: str, now: datetime) -> dict[str, Any]:
    row = {
        "release_id": happened.release_id,
        "edition_id": happened.edition_id,
        "position": happened.chain_count + 1,
        "fact": fact,
        "at": now,
        "actor_id": happened.actor_id,
        "actor_name": happened.actor_name,
        "from_state": happened.from_state,
        "to_state": happened.to_state,
        "publication": happened.publication,
        "revision_id": happened.revision_id,
        "detail": dict(happened.detail),
        "request_id": work.request_id,
        "previous_hash": happened.chain_head,
    }
    return row | {"hash": _hash_of_values([row[name] for name in ENTRY_FIELDS])}


def _add_heads(work: UnitOfWork, entries: Sequence[Mapping[str, Any]], now: datetime) -> None:
    lock, heads = _locked(work), []
    for entry in entries:
        head = {
            "id": lock.last_id + 1,
            "release_id": entry["release_id"],
            "count": entry["position"],
            "head": entry["hash"],
            "at": now,
            "previous_hash": lock.last_hash,
        }
        head["hash"] = _hash_of_values([head[name] for name in HEAD_FIELDS])
        lock.last_id, lock.last_hash = head["id"], head["hash"]
        heads.append(head)
    work.session.execute(insert(ChainHead), heads)
    work.session.flush()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _add_head(work: UnitOfWork, *, release_id: int | None, count: int, head: str, now: datetime) -> None:
    lock = _locked(work)
    row = ChainHead(
        id=lock.last_id + 1,
        release_id=release_id,
        count=count,
        head=head,
        at=now,
        previous_hash=lock.last_hash,
    )
    row.hash = hash_of(row, HEAD_FIELDS)
    lock.last_id, lock.last_hash = row.id, row.hash
    work.session.add(row)
    work.session.flush()


def _locked(work: UnitOfWork) -> ChainLock:
    """The row that gives the global chain one order; on PostgreSQL it is locked until the commit."""
    held = work.session.info.get("chain_lock")
    if held is None:
        held = work.session.scalars(
            select(ChainLock).with_for_update().execution_options(populate_existing=True)
        ).one()
        work.session.info["chain_lock"] = held
    return held
