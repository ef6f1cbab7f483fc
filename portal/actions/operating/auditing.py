"""Were the records touched? Every chain is walked from its first row and held against every other trace of it.

A row's hash shows a change; positions and previous hashes show what was removed, inserted or reordered; the length
kept on the release and the global chain show a cut-off tail or a vanished release; what the global chain vouches for
shows every other row that was changed, removed or put in (holding_to_records.py); and the anchors outside the database show when the end of everything was cut off or all of it was written anew.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import groupby, zip_longest
from operator import attrgetter
from typing import Any

from sqlalchemy.orm import Session

from portal.actions.operating.anchoring import FILE_NAME, anchors, told_in
from portal.actions.operating.holding_to_records import Findings, Page, Vouched, compare_none
from portal.actions.portal import Portal
from portal.rules.refusals import NotFound
from portal.storage import timeline
from portal.storage.queries import records, releases
from portal.storage.tables import ChainHead, ChainLock, TimelineEntry

# What stands among the broken references where no release is at fault, or where its reference is gone with it.
ACCOUNTS, GLOBAL_CHAIN, ANCHOR_FILE, UNREADABLE = "accounts", "global-chain", "anchor-file", "unreadable"
VANISHED = "release-{}"

Anchors = Sequence[Mapping[str, Any]]
_owner = attrgetter("release_id")


@dataclass(frozen=True)
class Verified:
    """`rows`: timeline rows and account events that were read. `broken`: references, in the order of finding.

    `differences`: a sentence for each, naming the row and what differs. `before`: rows that were there before the
    records vouched for them and were taken over as they stood.
    """

    rows: int
    broken: tuple[str, ...]
    differences: tuple[str, ...] = ()
    before: int = 0

    @property
    def ok(self) -> bool:
        return not self.broken


class _Walk:
    """Follows one chain: it holds as long as every row is whole and follows the one before it."""

    def __init__(self, hash_of: Callable[[Any], str]) -> None:
        self._hash = hash_of
        self.length, self.last = 0, ""
        self.first_fault: int | None = None

    def step(self, row: Any, position: int) -> None:
        self.length += 1
        follows = position == self.length and row.previous_hash == self.last
        if self.holds and not (follows and row.hash == self._hash(row)):
            self.first_fault = self.length
        self.last = row.hash

    @property
    def holds(self) -> bool:
        return self.first_fault is None

    def ends(self, length: int, last: str) -> bool:
        return self.holds and (self.length, self.last) == (length, last)


def verify(portal: Portal, log: Iterable[str] = ()) -> Verified:
    """Walk every chain of one moment of the database, hold every row against what the records vouch for, and compare
    with the anchors, and with the lines of a `log` where one is at hand. Changes nothing."""
    kept = anchors(portal.settings.instance_path)
    with portal.database.reading() as session:
        records.hold_one_moment(session)
        return verify_records(session, [*kept, *told_in(log)])


def verify_records(session: Session, kept: Anchors) -> Verified:
    """The same with a session and the anchors at hand. Where a row cannot be read at all nothing but that is said."""
    try:
        return _verify_readable(session, kept)
    except (ValueError, TypeError):
        found = list(records.unreadable(session))
        if not found:
            raise
        sentences = tuple(f"{each}: what stands in it cannot be read." for each in found)
        return Verified(0, (UNREADABLE,), sentences)


def _verify_readable(session: Session, kept: Anchors) -> Verified:
    lock = records.chain_lock(session) or ChainLock(
        last_id=0, last_hash="", account_position=0, account_hash="", anchored_on=""
    )
    findings = Findings(covers_all=records.vouches_for_all(session))
    rows_of_releases = _verify_releases(session, findings)
    events = _verify_accounts(session, lock, findings)
    _verify_global_chain(session, lock, kept, findings)
    if lock.anchored_on and all(_on(anchor) != lock.anchored_on for anchor in kept):
        findings.add(ANCHOR_FILE, f"{FILE_NAME} has no line of {lock.anchored_on}; the database has")
    broken, sentences = tuple(findings.broken), tuple(findings.sentences)
    return Verified(rows_of_releases + events, broken, sentences, findings.before)


def _on(anchor: Mapping[str, Any]) -> Any:
    return anchor.get("hour") or anchor.get("day")


def take_over(portal: Portal, *, now: datetime) -> int:
    """Vouch for what was there before the records vouched for anything, once; how many rows. 0 where all is known."""
    with portal.database.reading() as session:
        if records.vouches_for_all(session):
            return 0
    with portal.work() as work:
        timeline.lock(work)
        if records.vouches_for_all(work.session):
            return 0
        count = timeline.take_over(work)
        timeline.append_account_event(work, fact="records_taken_over", now=now, detail={"rows": count})
        work.commit()
    return count


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
            "chain_holds": not any(_chain_faults(case.release, rows["timeline"], rows["chain_heads"])),
            "release": _columns(case.release),
            "organisation": _columns(case.release.organisation),
            **{table: [_columns(row) for row in found] for table, found in rows.items()},
        }


def _verify_releases(session: Session, findings: Findings) -> int:
    """How many timeline rows there are. A page of releases is in memory at a time."""
    traces = (records.release_chains(session), records.entries(session), records.heads_of_releases(session))
    count, page = 0, Page(session, findings)
    for release_id, group in groupby(merge(*traces, key=_owner), key=_owner):
        rows = list(group)
        entries = [row for row in rows if isinstance(row, TimelineEntry)]
        heads = [row for row in rows if isinstance(row, ChainHead)]
        count += len(entries)
        release = rows[0] if len(rows) > len(entries) + len(heads) else None
        if release is None:
            findings.add(VANISHED.format(release_id), "the release is gone; its records are there")
            continue
        for fault in _chain_faults(release, entries, heads):
            findings.add(release.reference, fault)
        page.add(release_id, release.reference, heads, entries)
    page.compare()
    return count


def _chain_faults(
    release: Any, entries: Sequence[TimelineEntry], heads: Sequence[ChainHead]
) -> Iterator[str]:
    """A timeline against the length and head on its release, and row by row against the global chain."""
    walk = _Walk(lambda row: timeline.hash_of(row, timeline.ENTRY_FIELDS))
    for entry in entries:
        walk.step(entry, entry.position)
    if not walk.holds:
        yield f"its timeline does not hold from row {walk.first_fault} on"
    elif not walk.ends(release.chain_count, release.chain_head):
        yield f"its timeline has {walk.length} rows; the release says {release.chain_count}, or ends elsewhere"
    told = [head for head in heads if head.count]
    if [(entry.position, entry.hash) for entry in entries] != [(head.count, head.head) for head in told]:
        yield "its timeline is not the one that the chain of all records tells of"
    elif any(head.row_id not in (None, entry.id) for head, entry in zip(told, entries, strict=True)):
        yield "a row of its timeline has another number than its record"


def _verify_accounts(session: Session, lock: ChainLock, findings: Findings) -> int:
    """How many account events there are. Their chain, and people, houses and the like, which belong to no release."""
    walk, fits, vouched = _Walk(lambda row: timeline.hash_of(row, timeline.EVENT_FIELDS)), True, Vouched()
    heads = (head for head in _kept(records.heads_of_accounts(session), vouched) if head.count)
    for event, head in zip_longest(records.account_events(session), heads):
        if event is None:
            fits = False
            break
        walk.step(event, event.position)
        told = (head.count, head.head) if head is not None else None
        fits = fits and told == (event.position, event.hash) and head.row_id in (None, event.id)
    for _ in heads:  # those that vouch for something stand behind, too
        fits = False
    if not (fits and walk.ends(lock.account_position, lock.account_hash)):
        findings.add(ACCOUNTS, f"the account events do not hold: {walk.length} rows were read")
    compare_none(session, vouched, findings)
    return walk.length


def _kept(heads: Iterator[ChainHead], vouched: Vouched) -> Iterator[ChainHead]:
    for head in heads:
        vouched.take(head)
        yield head


def _verify_global_chain(session: Session, lock: ChainLock, kept: Anchors, findings: Findings) -> None:
    """The one chain of all heads, against its last row's mark and against every anchor."""
    anchored = {(str(anchor.get("rows")), str(anchor["head"])) for anchor in kept if anchor.get("rows")}
    walk, met = _Walk(timeline.head_hash), set()
    for row in records.global_chain(session):
        walk.step(row, row.id)
        met |= {(str(walk.length), row.hash)} & anchored
    if not walk.holds:
        findings.add(GLOBAL_CHAIN, f"the chain of all records does not hold from row {walk.first_fault} on")
    elif not walk.ends(lock.last_id, lock.last_hash):
        sentence = f"the chain of all records has {walk.length} rows; its mark says {lock.last_id}, or ends elsewhere"
        findings.add(GLOBAL_CHAIN, sentence)
    for rows, head in sorted(anchored - met):
        sentence = (
            f"the chain of all records is not the one that was anchored at {rows} rows, head {head[:12]}…"
        )
        findings.add(GLOBAL_CHAIN, sentence)


def _columns(row: Any) -> dict[str, Any]:
    return {column.key: _plain(getattr(row, column.key)) for column in type(row).__table__.columns}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
