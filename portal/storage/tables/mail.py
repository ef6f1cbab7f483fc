"""What must be said: outbox rows written with their cause, and the deliveries that came of them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.storage.tables.base import Base, Instant, one_of

DELIVERY_STATES = ("pending", "sending", "sent", "failed", "uncertain", "dropped")
_UNRELAYED = text("relayed_at IS NULL")
_UNSENT = text("state IN ('pending', 'sending')")


class Outbox(Base):
    """A fact that somebody must be told about. It holds ids only; the words are made when the mail is composed."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_unrelayed", "id", sqlite_where=_UNRELAYED, postgresql_where=_UNRELAYED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fact: Mapped[str] = mapped_column(String(40))
    timeline_id: Mapped[int | None] = mapped_column(ForeignKey("timeline.id"), unique=True)
    release_id: Mapped[int | None] = mapped_column(ForeignKey("releases.id"), index=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    # The person a fact is about: whoever sent the edition, the holder to tell, the new member.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    # The organisation whose people a fact changed.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    token_id: Mapped[int | None] = mapped_column(ForeignKey("single_use_tokens.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    # A reader of the daily e-mail is no user; the row outlives an erased reader, so there is no foreign key.
    subscriber_id: Mapped[int | None] = mapped_column(index=True)
    # The issue of the daily e-mail that somebody wants to see as a letter; it need not be closed.
    digest_date: Mapped[str | None] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(Instant)
    not_before: Mapped[datetime] = mapped_column(Instant)
    relayed_at: Mapped[datetime | None] = mapped_column(Instant)
    # Taken back while it was held: relayed to nobody.
    dropped_at: Mapped[datetime | None] = mapped_column(Instant)


class Delivery(Base):
    """One fact for one outlet and one recipient: unique, with its own retries and receipt."""

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint(one_of("state", DELIVERY_STATES), name="state_known"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
        Index(None, "outbox_id", "outlet", "template", "recipient", unique=True),
        Index("ix_deliveries_next", "next_at", "id", sqlite_where=_UNSENT, postgresql_where=_UNSENT),
        Index(None, "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"))
    outlet: Mapped[str] = mapped_column(String(20), default="mail")
    template: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[str] = mapped_column(String(254))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    state: Mapped[str] = mapped_column(String(12), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Instant)
    claimed_until: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    message_id: Mapped[str] = mapped_column(String(200), default="")
    last_error: Mapped[str] = mapped_column(Text, default="")


class MailPace(Base):
    """One row for each mail server that has a rate: until when its slots are taken, by whichever process."""

    __tablename__ = "mail_pace"

    host: Mapped[str] = mapped_column(String(255), primary_key=True)
    # Real time in seconds since 1970, like the clock's lease.
    free_at: Mapped[float] = mapped_column()
