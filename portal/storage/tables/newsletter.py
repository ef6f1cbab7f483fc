"""The daily e-mail: who reads it, what stood in each day's issue, and what was sent to whom, once."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.storage.tables.base import Base, Instant, one_of

SUBSCRIBER_STATES = ("asked", "confirmed", "left")
DIGEST_STATES = ("pending", "sending", "sent", "failed", "uncertain", "dropped")
_UNSENT = text("state IN ('pending', 'sending')")
_UNFINISHED = text("finished_at IS NULL")
_TROUBLED = text("state IN ('failed', 'uncertain', 'dropped')")


class Subscriber(Base):
    """A reader of the daily e-mail. The nonce makes every link of this reader; changing it kills old links."""

    __tablename__ = "subscribers"
    __table_args__ = (
        CheckConstraint(one_of("state", SUBSCRIBER_STATES), name="state_known"),
        CheckConstraint("state <> 'confirmed' OR confirmed_at IS NOT NULL", name="confirmed_has_time"),
        Index(None, "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="asked")
    nonce: Mapped[str] = mapped_column(String(32))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    paused_until: Mapped[datetime | None] = mapped_column(Instant)
    corrections_only: Mapped[bool] = mapped_column(default=False)
    # What was chosen on asking and waits for the confirming tap: {"kinds": [...], "places": [...]}.
    asked_for: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)
    subscriptions: Mapped[list["Subscription"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="Subscription.id"
    )


class Subscription(Base):
    """One choice of a reader: a kind or a place. None of a dimension means all of it."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        CheckConstraint(one_of("dimension", ("kind", "place")), name="dimension_known"),
        Index(None, "subscriber_id", "dimension", "value", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"))
    dimension: Mapped[str] = mapped_column(String(5))
    value: Mapped[str] = mapped_column(String(120))


class ErasedReader(Base):
    """That there was a reader, and nothing of who: the hash of the link to leave, which stands in old letters."""

    __tablename__ = "erased_readers"

    id: Mapped[int] = mapped_column(primary_key=True)
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    erased_at: Mapped[datetime] = mapped_column(Instant)


class Suppression(Base):
    """An address that is not mailed: refused for good, refused too often, or asked to be left alone."""

    __tablename__ = "suppressions"
    __table_args__ = (
        CheckConstraint(one_of("reason", ("refused", "soft", "complaint", "asked")), name="reason_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    reason: Mapped[str] = mapped_column(String(10))
    detail: Mapped[str] = mapped_column(Text, default="")
    # Soft refusals count and decay; `holds` says whether the address is suppressed now.
    soft_count: Mapped[int] = mapped_column(default=0)
    last_soft_at: Mapped[datetime | None] = mapped_column(Instant)
    holds: Mapped[bool] = mapped_column(default=True)
    since: Mapped[datetime] = mapped_column(Instant)
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    lifted_why: Mapped[str] = mapped_column(Text, default="")


class DigestIssue(Base):
    """The issue of one local date: exactly one, its contents frozen when it is closed."""

    __tablename__ = "digest_issues"
    __table_args__ = (
        Index(
            "ix_digest_issues_unfinished", "due_at", sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED
        ),
        Index(None, "closed_at"),
        Index(None, "covers_until"),
        Index(None, "due_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The date in the site's zone, YYYY-MM-DD.
    date: Mapped[str] = mapped_column(String(10), unique=True)
    due_at: Mapped[datetime] = mapped_column(Instant)
    # What is public from here on belongs to this issue, up to `covers_until`.
    covers_from: Mapped[datetime | None] = mapped_column(Instant)
    covers_until: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    late: Mapped[bool] = mapped_column(default=False)
    held_at: Mapped[datetime | None] = mapped_column(Instant)
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    intro: Mapped[str] = mapped_column(Text, default="")
    # References in the editors' order; empty for the order of the rules.
    chosen_order: Mapped[list[str]] = mapped_column(JSON, default=list)
    # [{"release_id", "reference", "revision_id", "hash", "kind", "country", "city", "section"}] in order.
    contents: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    # [{"release_id", "reference", "what": "correction" | "kill" | "notice", "at"}] since the issue before.
    afterwards: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    paused_at: Mapped[datetime | None] = mapped_column(Instant)
    queued_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)


class DigestDelivery(Base):
    """One issue for one reader: unique, claimed by lease, committed before SMTP. Also the ledger of who got what."""

    __tablename__ = "digest_deliveries"
    __table_args__ = (
        CheckConstraint(one_of("state", DIGEST_STATES), name="state_known"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
        Index(None, "issue_id", "subscriber_id", unique=True),
        Index(
            "ix_digest_deliveries_next",
            "issue_id",
            "next_at",
            "id",
            sqlite_where=_UNSENT,
            postgresql_where=_UNSENT,
        ),
        Index(None, "issue_id", "state"),
        Index(
            "ix_digest_deliveries_troubled", "state", "id", sqlite_where=_TROUBLED, postgresql_where=_TROUBLED
        ),
        Index(None, "subscriber_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("digest_issues.id"))
    # Kept without a foreign key when a reader is erased: the count stays, the person does not.
    subscriber_id: Mapped[int] = mapped_column()
    nonce: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(10), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Instant)
    claimed_until: Mapped[datetime | None] = mapped_column(Instant)
    # Set just before the final dot: a crash after it leaves the row uncertain.
    handed_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    last_error: Mapped[str] = mapped_column(Text, default="")


class DigestItem(Base):
    """What one delivery named: the ledger that corrections and kills are told by."""

    __tablename__ = "digest_items"

    delivery_id: Mapped[int] = mapped_column(ForeignKey("digest_deliveries.id"), primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"), primary_key=True, index=True)
    as_what: Mapped[str] = mapped_column(String(12), default="news")
