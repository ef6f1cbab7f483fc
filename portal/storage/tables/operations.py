"""What the background half keeps: which clock holds the lease, and whether publishing is held."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.storage.tables.base import Base, Instant


class ClockLease(Base):
    """One row: of several clocks, the one whose name stands here ticks until the lease ends."""

    __tablename__ = "clock_lease"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    holder: Mapped[str] = mapped_column(String(80))
    # Real time in seconds since 1970: leases must not stand still when a test clock does.
    expires: Mapped[float] = mapped_column()
    ticked_at: Mapped[datetime | None] = mapped_column(Instant)


class ClockHold(Base):
    """A row here says that time has jumped: nothing new goes public until an editor lifts it."""

    __tablename__ = "clock_hold"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[datetime] = mapped_column(Instant)
    why: Mapped[str] = mapped_column(Text)
