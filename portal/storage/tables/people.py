"""People, their sessions and tokens, and what their accounts went through."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.rules import permissions
from portal.storage.tables.base import Base, Instant, one_of


class User(Base):
    __tablename__ = "users"
    __table_args__ = (CheckConstraint(one_of("role", permissions.ROLES), name="role_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(10), default=permissions.MEMBER, index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    blocked_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)


class Session(Base):
    """A login. The cookie holds a token of which only the hash is kept, so a copied database opens nothing."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    agent: Mapped[str] = mapped_column(String(120), default="")
    address_key: Mapped[str] = mapped_column(String(64), default="")
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class SingleUseToken(Base):
    """What a mailed link points to. The token itself is HMAC(mail key, purpose, id, nonce), never stored."""

    __tablename__ = "single_use_tokens"
    __table_args__ = (
        CheckConstraint(one_of("purpose", ("confirm", "reset", "invite")), name="purpose_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10))
    nonce: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    email: Mapped[str] = mapped_column(String(254), index=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Registration(Base):
    """What one try to register typed, behind the link of its own mail, until a link of the address is pressed."""

    __tablename__ = "registrations"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("single_use_tokens.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200))
    website: Mapped[str] = mapped_column(String(300), default="")
    next_page: Mapped[str] = mapped_column(String(300), default="")
    address_key: Mapped[str] = mapped_column(String(64), default="")
    asked_at: Mapped[datetime] = mapped_column(Instant, index=True)
    token: Mapped[SingleUseToken] = relationship(lazy="joined", innerjoin=True)


class KnownNetwork(Base):
    """That somebody has logged in from a network, a hashed one. Strangers who guess do not lock them out there."""

    __tablename__ = "known_networks"
    __table_args__ = (Index(None, "user_id", "key", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    key: Mapped[str] = mapped_column(String(64))
    seen_at: Mapped[datetime] = mapped_column(Instant, index=True)


class LoginAttempt(Base):
    """A failure or a costly request, counted for the limits; keys are hashed, so they name nobody.

    `network_key` is the network around the address (IPv4 /24, IPv6 /56), `site_key` the /48 of an IPv6 address.
    """

    __tablename__ = "login_attempts"
    __table_args__ = (
        Index(None, "purpose", "account_key", "at"),
        Index(None, "purpose", "address_key", "at"),
        Index(None, "purpose", "network_key", "at"),
        Index(None, "purpose", "site_key", "at"),
        Index(None, "purpose", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(12))
    account_key: Mapped[str] = mapped_column(String(64))
    address_key: Mapped[str] = mapped_column(String(64))
    network_key: Mapped[str] = mapped_column(String(64), default="")
    site_key: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[datetime] = mapped_column(Instant)


class AccountEvent(Base):
    """What happened to an account: append-only, hash-chained like the timeline."""

    __tablename__ = "account_events"
    __table_args__ = (Index(None, "fact", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(unique=True)
    fact: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Instant)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    address_key: Mapped[str] = mapped_column(String(64), default="")
    request_id: Mapped[str] = mapped_column(String(40), default="")
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class ParkedForm(Base):
    """What somebody typed when their login had run out: given back to that same person after the next login."""

    __tablename__ = "parked_forms"
    __table_args__ = (Index(None, "user_id", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    path: Mapped[str] = mapped_column(String(300))
    fields: Mapped[str] = mapped_column(Text)
    parked_at: Mapped[datetime] = mapped_column(Instant)


class PressedForm(Base):
    """A form that did its work: the same press again finds this row, and with it what the first one led to.

    `pressed` is in seconds of real time, for the order in which forms were drawn and sent. `version_after` is the
    release's once the press had done its work.
    """

    __tablename__ = "pressed_forms"
    __table_args__ = (Index(None, "mark", unique=True), Index(None, "words"), Index(None, "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    mark: Mapped[str] = mapped_column(String(64))
    words: Mapped[str] = mapped_column(String(64))
    pressed: Mapped[float] = mapped_column()
    at: Mapped[datetime] = mapped_column(Instant)
    version_after: Mapped[int | None] = mapped_column()
    result: Mapped[str] = mapped_column(String(64), default="")
