"""What editors and checks said about an edition, and what both sides wrote to each other."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.storage.tables.base import Base, Instant, one_of
from portal.storage.tables.people import User

_STANDS = text("undone_at IS NULL")
_STANDS_OPEN = text("ended_at IS NULL")


class Decision(Base):
    """Outcome, the hash of the text that was read, and the reasons. One that stands for each round."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint(one_of("outcome", ("approve", "request_changes", "reject")), name="outcome_known"),
        CheckConstraint("outcome = 'approve' OR length(message) > 0", name="refusal_says_why"),
        Index(
            "uq_decisions_round",
            "edition_id",
            "round",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        Index(None, "decided_at", "id"),
        Index(None, "edition_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    round: Mapped[int] = mapped_column()
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    revision_hash: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(20))
    message: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    # The columns of edition and release that an undo puts back.
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    decided_by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    reasons: Mapped[list["DecisionReason"]] = relationship(
        order_by="DecisionReason.id", lazy="selectin", cascade="all"
    )


class DecisionReason(Base):
    __tablename__ = "decision_reasons"
    __table_args__ = (Index(None, "decision_id", "code", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))
    code: Mapped[str] = mapped_column(String(30))


class Endorsement(Base):
    """A first yes: to an approval that needs two people, or to a kill. Bound to the hash of the text."""

    __tablename__ = "endorsements"
    __table_args__ = (
        CheckConstraint(one_of("act", ("approve", "kill")), name="act_known"),
        Index(
            "uq_endorsements_open",
            "release_id",
            "act",
            unique=True,
            sqlite_where=_STANDS_OPEN,
            postgresql_where=_STANDS_OPEN,
        ),
        Index(
            "ix_endorsements_falls",
            "falls_at",
            "id",
            sqlite_where=_STANDS_OPEN,
            postgresql_where=_STANDS_OPEN,
        ),
        Index(None, "edition_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str] = mapped_column(String(10))
    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    revision_hash: Mapped[str] = mapped_column(String(64))
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    message: Mapped[str] = mapped_column(Text, default="")
    # What the first person asked for besides: the time of an approval, the public words of a kill.
    asked: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    falls_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class CheckRecord(Base):
    """A recorded act that makes one editor enough for a flagged release: consent seen, facts checked."""

    __tablename__ = "check_records"
    __table_args__ = (CheckConstraint(one_of("act", ("consent", "check")), name="act_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    act: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class Examination(Base):
    """What the checks found on one revision."""

    __tablename__ = "examinations"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), unique=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    issues: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    flags: Mapped[list[str]] = mapped_column(JSON)
    near_copies: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    priority: Mapped[int] = mapped_column()
    examined_at: Mapped[datetime] = mapped_column(Instant)


class SimilarityBand(Base):
    """Hash bands of a sent text: two texts that share one may tell the same story."""

    __tablename__ = "similarity_bands"
    # It holds all that the look-up reads: a band is counted by the number of those who share it.
    __table_args__ = (Index(None, "band", "revision_id", "release_id"),)

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    band: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"))


class Message(Base):
    """What the sender and the desk write to each other; both sides read it."""

    __tablename__ = "messages"
    __table_args__ = (CheckConstraint(one_of("side", ("sender", "desk")), name="side_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"), index=True)
    side: Mapped[str] = mapped_column(String(10))
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)


class Note(Base):
    """The newsroom's own remarks. A table apart from messages, which no mail code imports."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)
    author: Mapped[User] = relationship(lazy="joined", innerjoin=True)
