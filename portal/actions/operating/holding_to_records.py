"""Every row that carries truth, held against what the records vouch for: what was changed, what is gone, what was put in.

Beside that, two things are worked out anew: the hash of every text, and where each release of before the vouchers
stood by its own timeline.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from portal.actions.releases import content as contents
from portal.storage import vouching
from portal.storage.queries import records
from portal.storage.tables import ChainHead, TimelineEntry
from portal.storage.vouching import OF_NONE, OF_RELEASES, PAGE, Truth, Voucher

OTHERS = {
    "person": "accounts",
    "membership": "accounts",
    "link": "accounts",
    "registration": "accounts",
    "organisation": "organisations",
    "identity-record": "organisations",
    "issue": "daily-email",
}
"""Under which word a row that belongs to no release stands among the broken references."""
SAID: Mapping[str, str] = {
    "publication": "whether it is public",
    "live_from": "from when it is public",
    "went_live_at": "when it went public",
    "updated_at": "when readers last saw a change",
    "removed_at": "when it was removed",
    "live_revision_id": "which text is public",
    "decided_by_id": "who decided",
    "decided_at": "when it was decided",
    "undone_at": "whether it was taken back",
    "revision_hash": "the hash of the text it was taken on",
    "user_id": "whose it is",
    "author_id": "who wrote it",
}


class Findings:
    """What differs, in the order of finding; each reference once."""

    def __init__(self, *, covers_all: bool) -> None:
        # False in a database that was brought up to date by hand: rows that no record knows are of before then.
        self.covers_all = covers_all
        self.broken: dict[str, None] = {}
        self.sentences: list[str] = []
        self.before = 0

    def add(self, reference: str, what: str) -> None:
        self.broken[reference] = None
        self.sentences.append(f"{reference}: {what}.")

    def compare(self, reference: str, key: str, row: Voucher | None, vouched: Vouched) -> None:
        """A row as it stands and as the records have it; None where it is not there."""
        if key not in vouched.rows:
            if self.covers_all:
                self.add(reference, f"{_named(key)} stands in no record")
            else:
                self.before += 1
            return
        told = vouched.rows[key]
        if row is None and told is not None:
            self.add(reference, f"{_named(key)} is gone; the records have it")
        elif row is not None and told is None:
            self.add(reference, f"{_named(key)} is there; the records say that it was deleted")
        elif row is not None and told is not None:
            for column in (each for each in {**told, **row} if told.get(each) != row.get(each)):
                self.add(reference, f"{_named(key)}: {_difference(column, told, row)}")


class Vouched:
    """What the records say of each row, by `table:id`: as it was put in, with every change of a column since."""

    def __init__(self) -> None:
        self.rows: dict[str, Voucher | None] = {}
        self.taken_over: dict[str, Voucher] = {}

    def take(self, head: ChainHead) -> None:
        said = head.vouches if isinstance(head.vouches, dict) else {}
        rows = said.get("rows", {})
        self.rows.update(rows)
        for key, changed in said.get("changes", {}).items():
            told = self.rows.get(key)
            if told is not None:  # else nothing tells of the row as a whole, and that is what is said of it
                every = {**told, **changed}
                self.rows[key] = {name: value for name, value in every.items() if value is not None}
        if said.get("taken_over"):
            self.taken_over.update(rows)


class Page:
    """So many releases at once, each with what the records say of it."""

    def __init__(self, session: Session, findings: Findings) -> None:
        self._session, self._findings = session, findings
        self._begin()

    def add(
        self, number: int, reference: str, heads: Iterable[ChainHead], entries: Sequence[TimelineEntry]
    ) -> None:
        self._references[number], self._vouched[number] = reference, Vouched()
        for head in heads:
            self._vouched[number].take(head)
        self._findings.before += len(self._vouched[number].taken_over)
        for what in _not_as_told(self._vouched[number].taken_over, entries):
            self._findings.add(reference, what)
        if len(self._references) >= PAGE:
            self.compare()

    def compare(self) -> None:
        """Hold all rows of these releases against their records, and begin a new page."""
        seen: dict[int, set[str]] = {number: set() for number in self._references}
        for truth in OF_RELEASES:
            for owner, key, row in self._rows(truth):
                self._findings.compare(self._references[owner], key, row, self._vouched[owner])
                seen[owner].add(key)
        for number, vouched in self._vouched.items():
            for key in (each for each in vouched.rows if each not in seen[number]):
                self._findings.compare(self._references[number], key, None, vouched)
        self._rehash()
        self._begin()

    def _begin(self) -> None:
        self._references: dict[int, str] = {}
        self._vouched: dict[int, Vouched] = {}

    def _rows(self, truth: Truth) -> Iterable[tuple[int, str, Voucher]]:
        rows = self._session.execute(truth.rows(truth.owner.in_(self._references)))
        return ((owner, key, row) for owner, key, row in vouching.written(truth, rows) if owner is not None)

    def _rehash(self) -> None:
        """Every text against its own hash, and every decision against the hash of the text that it names."""
        for text in records.hashes_of_texts(self._session, self._references):
            reference = self._references[text.release_id]
            if contents.content_hash(text.content) != text.hash:
                self._findings.add(reference, f"version {text.number} of the text does not have its hash")
        for decision in records.hashes_of_decisions(self._session, self._references):
            if decision.revision_hash != decision.hash:
                reference = self._references[decision.release_id]
                self._findings.add(
                    reference, f"decision {decision.id} was taken on another text than the one it names"
                )


def compare_none(session: Session, vouched: Vouched, findings: Findings) -> None:
    """Rows that belong to no release: people, houses, memberships, call-backs, mailed links, issues."""
    findings.before += len(vouched.taken_over)
    seen: set[str] = set()
    for truth in OF_NONE:
        rows = session.execute(truth.rows(), execution_options=records.STREAMED)
        for _, key, row in vouching.written(truth, rows):
            findings.compare(OTHERS[truth.name], key, row, vouched)
            seen.add(key)
    for key in (each for each in vouched.rows if each not in seen):
        findings.compare(OTHERS[key.partition(":")[0]], key, None, vouched)


def _not_as_told(taken_over: Mapping[str, Voucher], entries: Sequence[TimelineEntry]) -> Iterable[str]:
    """Of a release that was taken over: did it stand then where its timeline had left it? Replayed from the facts."""
    if not taken_over or not entries:
        return
    last = {entry.edition_id: entry.to_state for entry in entries if entry.to_state}
    for key, row in taken_over.items():
        if key.startswith("edition:"):
            state = last.get(int(key.partition(":")[2]))
            if state and state != row.get("state"):
                yield f"{_named(key)}: state was {_shown(row.get('state'))}, and its timeline says {_shown(state)}"
        elif key.startswith("release:") and row.get("publication") != entries[-1].publication:
            was, told = _shown(row.get("publication")), _shown(entries[-1].publication)
            yield f"{_named(key)}: whether it is public was {was}, and its timeline says {told}"
    decided = {entry.detail.get("decision"): entry for entry in entries}
    for key, row in taken_over.items():
        if key.startswith("decision:"):
            fact = decided.get(int(key.partition(":")[2]))
            if fact is None:
                yield f"{_named(key)} was there before and no fact tells of it"
            elif fact.actor_id != row.get("decided_by_id"):
                yield f"{_named(key)}: who decided was {row.get('decided_by_id')}, and its fact says {fact.actor_id}"


def _named(key: str) -> str:
    name, _, number = key.partition(":")
    return f"{name.replace('-', ' ')} {number}"


def _difference(column: str, told: Voucher, row: Voucher) -> str:
    said = SAID.get(column, column.replace("_", " ").removesuffix(" id"))
    was, stands = told.get(column), row.get(column)
    if any(_is_hash(each) for each in (was, stands)):
        return f"{said} is not what was recorded"
    return f"{said} is {_shown(stands)}, and the records say {_shown(was)}"


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and len(value) == vouching.KEPT_OF_A_HASH


def _shown(value: Any) -> str:
    return "nothing" if value in (None, "") else f"“{value}”"
