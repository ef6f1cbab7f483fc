"""What the records vouch for: the rows that carry truth, and how a row is written down so that a change of it shows.

A voucher names every column of a row that is not empty; that of a change the columns that were written, with null for
what is empty now. Short words, numbers and instants stand in it as they are, so
that a verification can say what they were; what people wrote is named by its hash alone.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from json import dumps
from types import MappingProxyType
from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, String, null, select
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Session

from portal.storage.tables import (
    CheckRecord,
    Decision,
    DecisionReason,
    DigestIssue,
    Edition,
    Endorsement,
    Examination,
    IdentityRecord,
    Membership,
    Message,
    Note,
    Organisation,
    Registration,
    Release,
    Revision,
    SingleUseToken,
    User,
)

LONGEST_PLAIN = 20
"""Letters of a column that stands in a voucher as it is: the words of a table of rules, never somebody's own."""
KEPT_OF_A_HASH = 32
PAGE = 200

Voucher = Mapping[str, Any]
# By owner (a release, or None for what belongs to none): by `table:id` the voucher, None for a row that is gone.
Vouchers = dict[int | None, dict[str, Voucher | None]]


@dataclass(frozen=True)
class Truth:
    """One table that is vouched for. `left_out`: columns that move without a record, because nothing hangs on them."""

    table: Any  # a mapped class
    name: str
    owner: Any = None  # the column that names the release
    by_way_of: tuple[tuple[Any, ColumnElement[bool]], ...] = ()  # tables to join on the way to it
    left_out: frozenset[str] = frozenset()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        own = (column.key for column in self.table.__table__.columns)
        return tuple(key for key in own if key != "id" and key not in self.left_out)

    @cached_property
    def plain(self) -> tuple[bool, ...]:
        """Of each of these columns: does it stand in a voucher as it is?"""
        return tuple(_is_plain(self.table.__table__.c[key].type) for key in self.columns)

    def rows(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        """Owner, id and every column that counts."""
        return self._rows.where(*conditions)

    @cached_property
    def _rows(self) -> Select[Any]:
        owner = null() if self.owner is None else self.owner
        named = [getattr(self.table, key) for key in self.columns]
        chosen = select(owner.label("owner"), self.table.id.label("row_id"), *named)
        statement = chosen.select_from(self.table)
        for table, condition in self.by_way_of:
            statement = statement.join(table, condition)
        return statement


# What is only typed and not sent yet, leases and reminders: each moves on its own, and a sending freezes the text.
_OF_WORK = frozenset(
    (
        "draft",
        "draft_saved_at",
        "draft_saved_by_id",
        "headline",
        "language",
        "submission_key",
        "ladder_step",
        "ladder_next_at",
        "claim_expires_at",
        "lapsed_holder_id",
        "kept_for_id",
        "kept_until",
        "reminders",
        "reminder_next_at",
    )
)
_VERSION = frozenset(("version",))


def _by_edition(table: Any) -> tuple[tuple[Any, ColumnElement[bool]], ...]:
    return ((Edition, Edition.id == table.edition_id),)


TRUTHS = (
    Truth(
        Release,
        "release",
        Release.id,
        left_out=_VERSION | {"moved_at", "chain_count", "chain_head", "answer_wanted_at"},
    ),
    Truth(Edition, "edition", Edition.release_id, left_out=_OF_WORK),
    Truth(Revision, "text", Edition.release_id, _by_edition(Revision)),
    Truth(Examination, "examination", Edition.release_id, _by_edition(Examination)),
    Truth(Decision, "decision", Edition.release_id, _by_edition(Decision)),
    Truth(
        DecisionReason,
        "reason",
        Edition.release_id,
        ((Decision, Decision.id == DecisionReason.decision_id), *_by_edition(Decision)),
    ),
    Truth(Endorsement, "first-yes", Endorsement.release_id),
    Truth(CheckRecord, "check", Edition.release_id, _by_edition(CheckRecord)),
    Truth(Message, "message", Message.release_id),
    Truth(Note, "note", Note.release_id),
    Truth(User, "person", left_out=_VERSION),
    Truth(Organisation, "organisation", left_out=_VERSION),
    Truth(Membership, "membership"),
    Truth(IdentityRecord, "identity-record"),
    Truth(SingleUseToken, "link"),
    Truth(Registration, "registration"),
    Truth(DigestIssue, "issue", left_out=_VERSION),
)
BY_TABLE: Mapping[Any, Truth] = MappingProxyType({truth.table: truth for truth in TRUTHS})
OF_RELEASES = tuple(truth for truth in TRUTHS if truth.owner is not None)
OF_NONE = tuple(truth for truth in TRUTHS if truth.owner is None)


def of_rows(
    session: Session, truth: Truth, ids: Collection[int]
) -> Iterator[tuple[int | None, str, Voucher]]:
    """Owner, key and voucher of those of these rows that are there."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), PAGE):
        page = truth.rows(truth.table.id.in_(wanted[start : start + PAGE]))
        yield from written(truth, session.execute(page))


def pages(session: Session, truth: Truth) -> Iterator[list[tuple[int | None, str, Voucher]]]:
    """Every row of a table, a page at a time."""
    last = 0
    while found := session.execute(
        truth.rows(truth.table.id > last).order_by(truth.table.id).limit(PAGE)
    ).all():
        last = found[-1].row_id
        yield list(written(truth, found))


def written(truth: Truth, rows: Any) -> Iterator[tuple[int | None, str, Voucher]]:
    """The same for rows of a statement of `Truth.rows`."""
    for row in rows:
        owner, number, *values = row
        each = zip(truth.columns, values, truth.plain, strict=True)
        voucher = {key: _written(truth, number, key, value, plain) for key, value, plain in each if value}
        yield owner, f"{truth.name}:{number}", voucher


def _is_plain(column: Any) -> bool:  # a column's type
    """Numbers, ticks, instants and short words."""
    if isinstance(column, LongText | JSON):
        return False
    return not isinstance(column, String) or (column.length or 0) <= LONGEST_PLAIN


def _written(truth: Truth, number: int, key: str, value: Any, plain: bool) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if plain:
        return value
    named = dumps([truth.name, number, key, value], sort_keys=True, separators=(",", ":"))
    return sha256(named.encode()).hexdigest()[:KEPT_OF_A_HASH]
