"""The timeline of every release and the chain that shows whether it was touched."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.storage.tables.base import Base, Instant


class TimelineEntry(Base):
    """A fact about a release: who, when, from which state to which. Appended, never edited."""

    __tablename__ = "timeline"
    __table_args__ = (Index(None, "release_id", "position", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    position: Mapped[int] = mapped_column()
    fact: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    from_state: Mapped[str] = mapped_column(String(20), default="")
    to_state: Mapped[str] = mapped_column(String(20), default="")
    publication: Mapped[str] = mapped_column(String(12), default="")
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    request_id: Mapped[str] = mapped_column(String(40), default="")
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class ChainHead(Base):
    """The one global chain: each row names a release (or the accounts) with its length and head at that time.

    A count of 0: nothing was recorded beside it, and the row only vouches for what was written.
    """

    __tablename__ = "chain_heads"
    __table_args__ = (Index(None, "release_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    release_id: Mapped[int | None] = mapped_column(ForeignKey("releases.id"))
    count: Mapped[int] = mapped_column()
    head: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    # The id of the timeline's or the accounts' row; and for which rows this one vouches, by `table:id` (vouching.py):
    # {"rows": {...}, "changes": {...}, "taken_over": true where they are of before}. None in rows of before there
    # were vouchers.
    row_id: Mapped[int | None] = mapped_column()
    vouches: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class ChainLock(Base):
    """One row that every writer of the global chain locks, so that it has one order on PostgreSQL too."""

    __tablename__ = "chain_lock"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_id: Mapped[int] = mapped_column(default=0)
    last_hash: Mapped[str] = mapped_column(String(64), default="")
    account_position: Mapped[int] = mapped_column(default=0)
    account_hash: Mapped[str] = mapped_column(String(64), default="")
    # The hour of the newest anchor, in UTC; a day alone where it is of before there was one each hour.
    anchored_on: Mapped[str] = mapped_column(String(13), default="")
