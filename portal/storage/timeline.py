"""Append-only records, hash-chained in the transaction of their cause.

Every release has its own chain (length and head are kept on the release); account events have one chain;
and each append adds a row to the one global chain of heads. A changed, removed, inserted or reordered row
breaks its chain, a cut-off tail no longer fits its length, and a vanished release leaves its heads behind.

Heads are written at the commit, each with the id of its row and with vouchers for every other row that was written in
the same transaction and carries truth (vouching.py). What was written without a fact gets a head of its own, with a
count of 0.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import insert, select, update

from portal.rules.facts import DECISIVE
from portal.storage import vouching
from portal.storage.tables import AccountEvent, ChainHead, ChainLock, Release, TimelineEntry
from portal.storage.vouching import Vouchers

if TYPE_CHECKING:
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
# Rows of before the records vouched for anything have the first six alone.
OLD_HEAD_FIELDS = ("id", "release_id", "count", "head", "at", "previous_hash")
HEAD_FIELDS = (*OLD_HEAD_FIELDS, "row_id", "vouches")

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_log = logging.getLogger(__name__)


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


@dataclass(frozen=True)
class _Head:
    """A row of the global chain that is still to be written."""

    release_id: int | None
    count: int = 0
    head: str = ""
    at: datetime | None = None
    row_id: int | None = None
    fact: str = ""
    reference: str = ""


class Decided(NamedTuple):
    """A decision, and how far the records had come with it."""

    head: _Head
    rows: int
    last_hash: str


_BEFORE_EVERYTHING = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


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
    work.session.flush()
    _heads(work).append(_Head(release.id, entry.position, entry.hash, now, entry.id, fact, release.reference))
    return entry


def append_many(work: UnitOfWork, happened: Sequence[Happened], *, fact: str, now: datetime) -> list[int]:
    """Write one fact of the clock into many timelines at once; answers with the ids of the entries, in order.

    Each release at most once, locked by the caller. The chains come out as by `append`, in a handful of statements.
    """
    if not happened:
        return []
    rows = [_entry_row(work, each, fact, now) for each in happened]
    # Told apart by their releases: asked for in order, SQLAlchemy would send SQLite a statement for each row.
    statement = insert(TimelineEntry).returning(TimelineEntry.release_id, TimelineEntry.id)
    found = dict(work.session.execute(statement, rows).all())
    ids = [found[each.release_id] for each in happened]
    ends = [
        {**each.changes, "id": each.release_id, "chain_count": row["position"], "chain_head": row["hash"]}
        for each, row in zip(happened, rows, strict=True)
    ]
    work.session.execute(update(Release), ends)
    for row_id, row in zip(ids, rows, strict=True):
        _heads(work).append(_Head(row["release_id"], row["position"], row["hash"], now, row_id))
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
    work.session.flush()
    _heads(work).append(_Head(None, event.position, event.hash, now, event.id))
    return event


def seal(work: UnitOfWork) -> Sequence[Decided]:
    """Write the heads of this transaction, with vouchers for all that it wrote; what was decided in it.

    Called by the unit of work alone, right before it commits.
    """
    work.session.flush()
    heads, vouched = _heads(work), _vouched(work)
    if not heads and not vouched:
        return []
    _write_heads(work, _with_vouchers(heads, vouched))
    lock = _locked(work)
    decided = [Decided(head, lock.last_id, lock.last_hash) for head in heads if head.fact in DECISIVE]
    work.session.info["heads"] = []
    work.session.info.pop("chain_lock", None)
    work.witness.forget()
    return decided


def say(decided: Iterable[Decided]) -> None:
    """A line in the log for each decision, with how far the records had come: whoever writes them anew later has to
    change every copy of the log, too."""
    for each in decided:
        head = each.head
        _log.info(
            "decided: %s %s; its records: %s rows, head %s; all records: %s rows, head %s",
            head.reference,
            head.fact,
            head.count,
            head.head,
            each.rows,
            each.last_hash,
        )


def take_over(work: UnitOfWork) -> int:
    """Vouch for every row as it stands: those of before the records vouched for anything. How many."""
    count = 0
    for truth in vouching.TRUTHS:
        for page in vouching.pages(work.session, truth):
            found: Vouchers = {}
            for owner, key, voucher in page:
                found.setdefault(owner, {})[key] = voucher
            _write_heads(
                work, ((_Head(owner), {"rows": rows, "taken_over": True}) for owner, rows in found.items())
            )
            count += sum(len(rows) for rows in found.values())
    return count


def head_hash(row: Any) -> str:
    """The hash that a row of the global chain must carry."""
    return hash_of(row, OLD_HEAD_FIELDS if row.vouches is None else HEAD_FIELDS)


def lock(work: UnitOfWork) -> None:
    """Hold the one order of all appends until the commit: what is looked up behind it stays true."""
    _locked(work)


def hash_of(row: Any, names: tuple[str, ...]) -> str:
    """SHA-256 (hex) over the named columns, written as canonical JSON."""
    return _hash_of_values([getattr(row, name) for name in names])


def _hash_of_values(values: list[Any]) -> str:
    plain = [_plain(value) for value in values]
    return sha256(_CANONICAL.encode(plain).encode()).hexdigest()


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


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _heads(work: UnitOfWork) -> list[_Head]:
    """What this transaction has recorded so far."""
    found: list[_Head] = work.session.info.setdefault("heads", [])
    return found


def _vouched(work: UnitOfWork) -> dict[int | None, dict[str, Any]]:
    """By owner what a head says: `rows` whole or gone, and of `changes` the columns that this transaction wrote."""
    found: dict[int | None, dict[str, Any]] = {}
    for key, owner in work.witness.gone.items():
        _said_of(found, owner)["rows"][key] = None
    for table, ids in work.witness.new.items():
        for owner, key, voucher in vouching.of_rows(work.session, vouching.BY_TABLE[table], ids):
            _said_of(found, owner)["rows"][key] = voucher
    for table, changed in work.witness.changed.items():
        truth = vouching.BY_TABLE[table]
        for owner, key, voucher in vouching.of_rows(
            work.session, truth, changed.keys() - work.witness.new[table]
        ):
            names = work.witness.columns_written(truth, int(key.rpartition(":")[2]), key, voucher)
            if names:
                _said_of(found, owner)["changes"][key] = {name: voucher.get(name) for name in sorted(names)}
    return found


def _said_of(found: dict[int | None, dict[str, Any]], owner: int | None) -> dict[str, Any]:
    return found.setdefault(owner, {"rows": {}, "changes": {}})


def _with_vouchers(
    heads: Sequence[_Head], vouched: dict[int | None, dict[str, Any]]
) -> Iterator[tuple[_Head, dict[str, Any]]]:
    """Each head with the vouchers of its owner, the last one of an owner with all of them; then those without a fact."""
    last = {head.release_id: number for number, head in enumerate(heads)}
    for number, head in enumerate(heads):
        said = vouched.pop(head.release_id, {}) if last[head.release_id] == number else {}
        yield head, _without_empty(said)
    for owner, said in sorted(vouched.items(), key=lambda pair: pair[0] or 0):
        yield _Head(owner), _without_empty(said)


def _without_empty(said: dict[str, Any]) -> dict[str, Any]:
    return {"rows": said.get("rows", {})} | ({"changes": said["changes"]} if said.get("changes") else {})


def _write_heads(work: UnitOfWork, heads: Iterable[tuple[_Head, dict[str, Any]]]) -> None:
    lock, rows = _locked(work), []
    at: datetime | None = None
    for head, vouches in heads:
        at = head.at or at or _newest(work, lock)
        row: dict[str, Any] = {
            "id": lock.last_id + 1,
            "release_id": head.release_id,
            "count": head.count,
            "head": head.head,
            "at": at,
            "previous_hash": lock.last_hash,
            "row_id": head.row_id,
            "vouches": vouches,
        }
        row["hash"] = _hash_of_values([row[name] for name in HEAD_FIELDS])
        lock.last_id, lock.last_hash = row["id"], row["hash"]
        rows.append(row)
    work.session.execute(insert(ChainHead), rows)
    work.session.flush()


def _newest(work: UnitOfWork, lock: ChainLock) -> datetime:
    """What is written without a fact carries no time of its own: that of the newest record."""
    statement = select(ChainHead.at).where(ChainHead.id == lock.last_id)
    return work.session.scalar(statement) or _BEFORE_EVERYTHING


def _locked(work: UnitOfWork) -> ChainLock:
    """The row that gives the global chain one order; on PostgreSQL it is locked until the commit."""
    held = work.session.info.get("chain_lock")
    if held is None:
        held = work.session.scalars(
            select(ChainLock).with_for_update().execution_options(populate_existing=True)
        ).one()
        work.session.info["chain_lock"] = held
    return held
