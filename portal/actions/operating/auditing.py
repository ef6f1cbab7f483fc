"""Were the records touched? Every chain is walked from its first row and held against every other trace of it.

A row's hash shows a change; positions and previous hashes show what was removed, inserted or reordered; the length
kept on the release and the global chain show a cut-off tail or a vanished release; and the anchors outside the
database show when the end of everything was cut off or all of it was written anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import groupby, zip_longest
from operator import attrgetter
from typing import Any

from sqlalchemy.orm import Session

from portal.actions.operating.anchoring import anchors
from portal.actions.portal import Portal
from portal.rules.refusals import NotFound
from portal.storage import timeline
from portal.storage.queries import records, releases
from portal.storage.tables import ChainHead, ChainLock, TimelineEntry

# What stands among the broken references where no release is at fault, or where its reference is gone with it.
ACCOUNTS, GLOBAL_CHAIN, ANCHOR_FILE = "accounts", "global-chain", "anchor-file"
VANISHED = "release-{}"

Anchors = Sequence[Mapping[str, Any]]
_owner = attrgetter("release_id")


@dataclass(frozen=True)
class Verified:
    """`rows`: timeline rows and account events that were read. `broken`: references, in the order of finding."""

    rows: int
    broken: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.broken


class _Walk:
    """Follows one chain: it holds as long as every row is whole and follows the one before it."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        self._fields = fields
        self.holds, self.length, self.last = True, 0, ""

    def step(self, row: Any, position: int) -> None:
        self.length += 1
        follows = position == self.length and row.previous_hash == self.last
        self.holds = self.holds and follows and row.hash == timeline.hash_of(row, self._fields)
        self.last = row.hash

    def ends(self, length: int, last: str) -> bool:
        return self.holds and (self.length, self.last) == (length, last)


def verify(portal: Portal) -> Verified:
    """Walk every chain of one moment of the database and compare with the anchors. Changes nothing."""
    kept = anchors(portal.settings.instance_path)
    with portal.database.reading() as session:
        records.hold_one_moment(session)
        return verify_records(session, kept)


def verify_records(session: Session, kept: Anchors) -> Verified:
    """The same with a session and the anchors at hand."""
    lock = records.chain_lock(session) or ChainLock(
        last_id=0, last_hash="", account_position=0, account_hash="", anchored_on=""
    )
    rows_of_releases, broken = _broken_releases(session)
    events, accounts_hold = _accounts_hold(session, lock)
    if not accounts_hold:
        broken.append(ACCOUNTS)
    if not _global_chain_holds(session, lock, kept):
        broken.append(GLOBAL_CHAIN)
    if lock.anchored_on and all(anchor.get("day") != lock.anchored_on for anchor in kept):
        broken.append(ANCHOR_FILE)
    return Verified(rows_of_releases + events, tuple(broken))


def export(portal: Portal, reference: str) -> dict[str, Any]:
    """Everything that is kept about a release, ready for JSON. Raises NotFound for an unknown reference."""
    with portal.database.reading() as session:
        records.hold_one_moment(session)
        case = releases.find(session, reference)
        if case is None:
            raise NotFound(f"There is no release {reference}.")
        rows = records.whole_record(session, case.release)
        return {
            "reference": reference,
            "chain_holds": _chain_holds(case.release, rows["timeline"], rows["chain_heads"]),
            "release": _columns(case.release),
            "organisation": _columns(case.release.organisation),
            **{table: [_columns(row) for row in found] for table, found in rows.items()},
        }


def _broken_releases(session: Session) -> tuple[int, list[str]]:
    """How many timeline rows there are, and whose chain does not hold. One release is in memory at a time."""
    traces = (records.release_chains(session), records.entries(session), records.heads_of_releases(session))
    count, broken = 0, []
    for release_id, group in groupby(merge(*traces, key=_owner), key=_owner):
        rows = list(group)
        entries = [row for row in rows if isinstance(row, TimelineEntry)]
        heads = [row for row in rows if isinstance(row, ChainHead)]
        count += len(entries)
        if len(rows) == len(entries) + len(heads):
            broken.append(VANISHED.format(release_id))
        elif not _chain_holds(rows[0], entries, heads):
            broken.append(rows[0].reference)
    return count, broken


def _chain_holds(release: Any, entries: Sequence[TimelineEntry], heads: Sequence[ChainHead]) -> bool:
    """A timeline against the length and head on its release, and row by row against the global chain."""
    walk = _Walk(timeline.ENTRY_FIELDS)
    for entry in entries:
        walk.step(entry, entry.position)
    told = [(head.count, head.head) for head in heads]
    ends = walk.ends(release.chain_count, release.chain_head)
    return ends and [(entry.position, entry.hash) for entry in entries] == told


def _accounts_hold(session: Session, lock: ChainLock) -> tuple[int, bool]:
    """How many account events there are, and whether their chain holds."""
    walk, fits = _Walk(timeline.EVENT_FIELDS), True
    for event, head in zip_longest(records.account_events(session), records.heads_of_accounts(session)):
        if event is None:
            return walk.length, False
        walk.step(event, event.position)
        fits = fits and head is not None and (event.position, event.hash) == (head.count, head.head)
    return walk.length, fits and walk.ends(lock.account_position, lock.account_hash)


def _global_chain_holds(session: Session, lock: ChainLock, kept: Anchors) -> bool:
    """The one chain of all heads, against its last row's mark and against every anchor."""
    anchored = {(str(anchor.get("rows")), str(anchor["head"])) for anchor in kept if anchor.get("rows")}
    walk, met = _Walk(timeline.HEAD_FIELDS), 0
    for row in records.global_chain(session):
        walk.step(row, row.id)
        met += (str(walk.length), row.hash) in anchored
    return walk.ends(lock.last_id, lock.last_hash) and met == len(anchored)


def _columns(row: Any) -> dict[str, Any]:
    return {column.key: _plain(getattr(row, column.key)) for column in type(row).__table__.columns}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
