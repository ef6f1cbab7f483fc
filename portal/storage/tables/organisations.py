"""Organisations, who acts for them, and how we know that they are who they say."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.storage.tables.base import Base, Instant, one_of
from portal.storage.tables.people import User

OWNER = "owner"
MEMBER = "member"


class Organisation(Base):
    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    website: Mapped[str] = mapped_column(String(300), default="")
    domain: Mapped[str] = mapped_column(String(253), default="", index=True)
    about: Mapped[str] = mapped_column(Text, default="")
    about_html: Mapped[str] = mapped_column(Text, default="")
    # Set when the name or the web domain was another organisation's already: the editors are shown it.
    lookalike_of_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    lookalike_by: Mapped[str] = mapped_column(String(10), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)
    members: Mapped[list["Membership"]] = relationship(back_populates="organisation")


class Membership(Base):
    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint(one_of("role", (OWNER, MEMBER)), name="role_known"),
        Index(
            "uq_memberships_active",
            "user_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[str] = mapped_column(String(10), default=MEMBER)
    created_at: Mapped[datetime] = mapped_column(Instant)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    organisation: Mapped[Organisation] = relationship(back_populates="members")


class IdentityRecord(Base):
    """Who was called back, on which number, and where that number was found."""

    __tablename__ = "identity_records"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    person: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(String(300))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
