"""What the background half keeps: which clock holds the lease, and whether publishing is held."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.storage.tables.base import Base, Instant, one_of

CLOCK, RESTORE = "clock", "restore"
HOLD_KINDS = (CLOCK, RESTORE)


class ClockLease(Base):
    """One row: of several clocks, the one whose name stands here ticks until the lease ends."""

    __tablename__ = "clock_lease"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    holder: Mapped[str] = mapped_column(String(80))
    # Real time in seconds since 1970: leases must not stand still when a test clock does.
    expires: Mapped[float] = mapped_column()
    ticked_at: Mapped[datetime | None] = mapped_column(Instant)
    # Which run of the database this is and how far it has come; each machine keeps both outside of it, too, and so
    # notices a copy that was put back. `past_epochs`, with spaces between, are those that an operator has ended.
    epoch: Mapped[str] = mapped_column(String(32), default="")
    ticks: Mapped[int] = mapped_column(BigInteger, default=0)
    past_epochs: Mapped[str] = mapped_column(Text, default="")


class ClockHold(Base):
    """A row here holds publishing: time has jumped (an editor lifts it), or this is a restored copy (an operator
    confirms it, and until then no mail leaves either). One of each kind at the most."""

    __tablename__ = "clock_hold"
    __table_args__ = (CheckConstraint(one_of("kind", HOLD_KINDS), name="kind_known"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10), default=CLOCK, unique=True)
    since: Mapped[datetime] = mapped_column(Instant)
    why: Mapped[str] = mapped_column(Text)


class PublicGeneration(Base):
    """One row whose mark is another one after every change that readers can see; `storage/public_changes.py` says how."""

    __tablename__ = "public_generation"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mark: Mapped[int] = mapped_column(BigInteger)
