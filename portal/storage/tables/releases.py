"""A release, its editions and their immutable revisions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, TextClause, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.rules import release_states as states
from portal.storage.tables.base import Base, Instant, one_of
from portal.storage.tables.organisations import Organisation
from portal.storage.tables.people import User

_LIVE = text("publication = 'live'")
_NOT_YET_RECORDED = text("publication = 'live' AND went_live_at IS NULL")
_REMOVED = text("removed_at IS NOT NULL")
_NOTICED = text("notice_kind <> ''")
_ENDS = text("publication = 'live' AND expires_at IS NOT NULL")
_NOT_YET_ARCHIVED = text("publication = 'live' AND expires_at IS NOT NULL AND archived_at IS NULL")
_ASKS = text("answer_wanted_at IS NOT NULL")
_UNDONE = text("publication = 'hidden' AND updated_at IS NOT NULL")
_WAITING = text("state IN ('submitted', 'in_review', 'awaiting_second')")
_UNANSWERED = text("state = 'awaiting_signoff'")
_ASKED = text("state = 'changes_requested'")
_HELD = text("state = 'in_review'")
_UNEXAMINED = text("state IN ('submitted', 'in_review', 'awaiting_second') AND examined_at IS NULL")
_CORRECTS = text("correction_kind <> ''")
_OPEN = text(
    "state IN ('draft', 'submitted', 'in_review', 'awaiting_second', 'changes_requested', 'awaiting_signoff')"
)


# Lists and feeds go by one of these, and lists by two of them.
_LISTED_BY = (
    ("organisation", "organisation_id"),
    ("kind", "kind"),
    ("country", "country_slug"),
    ("city", "city_slug"),
)
_LISTED_BY_BOTH = (
    ("organisation_kind", "organisation_id", "kind"),
    ("organisation_country", "organisation_id", "country_slug"),
    ("organisation_city", "organisation_id", "city_slug"),
    ("country_kind", "country_slug", "kind"),
    ("city_kind", "city_slug", "kind"),
)


def _of_rows(where: TextClause, name: str, *columns: str) -> Index:
    """An index of some rows only, on both databases."""
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


def _of_leaving() -> tuple[Index, ...]:
    """For each sort of list: what was removed, what ended, whose approval was undone. So the newest of each is at hand."""
    return tuple(
        _of_rows(where, f"ix_releases_{name}_{sort}", column, *columns)
        for sort, column in _LISTED_BY
        for name, where, columns in (
            ("gone", _REMOVED, ("removed_at",)),
            ("removed", _REMOVED, ("live_from", "id")),
            ("ends", _ENDS, ("expires_at",)),
            ("undone", _UNDONE, ("updated_at",)),
        )
    )


class Place(Base):
    """A country, or a city within one, under the slug that addresses and feeds use."""

    __tablename__ = "places"

    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    country: Mapped[str] = mapped_column(String(2))
    city: Mapped[str] = mapped_column(String(120), default="")


class Release(Base):
    """One story with one reference, one address and one feed id for life."""

    __tablename__ = "releases"
    __table_args__ = (
        CheckConstraint(one_of("publication", states.PUBLICATION_STATES), name="publication_known"),
        CheckConstraint("publication <> 'live' OR live_from IS NOT NULL", name="live_has_time"),
        CheckConstraint("publication <> 'live' OR live_revision_id IS NOT NULL", name="live_has_text"),
        CheckConstraint(
            "(publication IN ('killed', 'taken_down')) = (removed_at IS NOT NULL)", name="removed_has_time"
        ),
        CheckConstraint(
            one_of("notice_kind", ("", "cancelled", "postponed", "outdated")), name="notice_known"
        ),
        Index("ix_releases_public", "live_from", "id", sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index(
            "ix_releases_public_kind", "kind", "live_from", "id", sqlite_where=_LIVE, postgresql_where=_LIVE
        ),
        Index(
            "ix_releases_public_organisation",
            "organisation_id",
            "live_from",
            "id",
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(
            "ix_releases_public_country",
            "country_slug",
            "live_from",
            "id",
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(
            "ix_releases_public_city",
            "city_slug",
            "live_from",
            "id",
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(
            "ix_releases_due",
            "live_from",
            sqlite_where=_NOT_YET_RECORDED,
            postgresql_where=_NOT_YET_RECORDED,
        ),
        Index("ix_releases_desk", "organisation_id", "moved_at", "id"),
        Index("ix_releases_removed", "live_from", "id", sqlite_where=_REMOVED, postgresql_where=_REMOVED),
        Index("ix_releases_ends", "expires_at", sqlite_where=_ENDS, postgresql_where=_ENDS),
        Index("ix_releases_undone", "updated_at", sqlite_where=_UNDONE, postgresql_where=_UNDONE),
        Index("ix_releases_asking", "answer_wanted_at", "id", sqlite_where=_ASKS, postgresql_where=_ASKS),
        # Its first column is always empty, so that SQLite takes it for the nearest: it knows no size of an empty index.
        _of_rows(_NOT_YET_ARCHIVED, "ix_releases_to_archive", "archived_at", "expires_at"),
        _of_rows(_REMOVED, "ix_releases_gone", "removed_at"),
        _of_rows(_NOTICED, "ix_releases_noticed", "notice_at"),
        *(
            _of_rows(_LIVE, f"ix_releases_public_{name}", *columns, "live_from", "id")
            for name, *columns in _LISTED_BY_BOTH
        ),
        *_of_leaving(),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(32), unique=True)
    feed_id: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    ancestor_id: Mapped[int | None] = mapped_column(ForeignKey("releases.id"))
    # Moves on edits by people and on changes of state; every form that changes a release carries it.
    version: Mapped[int] = mapped_column(default=1)
    moved_at: Mapped[datetime] = mapped_column(Instant)

    # Since when a message of the sender waits for the desk's answer: until somebody writes, decides or ticks it off.
    answer_wanted_at: Mapped[datetime | None] = mapped_column(Instant)

    publication: Mapped[str] = mapped_column(String(12), default=states.HIDDEN)
    live_from: Mapped[datetime | None] = mapped_column(Instant)
    went_live_at: Mapped[datetime | None] = mapped_column(Instant)
    # When readers last saw a change. Kept where an approval was undone: readers saw it leave then.
    updated_at: Mapped[datetime | None] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    # When its leaving the lists was recorded; it leaves them by `expires_at` alone.
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
    slug: Mapped[str | None] = mapped_column(String(100))
    # Said over a text that stays readable: cancelled, postponed, outdated.
    notice_kind: Mapped[str] = mapped_column(String(12), default="")
    notice_text: Mapped[str] = mapped_column(Text, default="")
    notice_at: Mapped[datetime | None] = mapped_column(Instant)
    # What stands under the address of a killed release, and since when it or a taken down one is gone.
    removed_at: Mapped[datetime | None] = mapped_column(Instant)
    removal_text: Mapped[str] = mapped_column(Text, default="")
    removal_reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    country_slug: Mapped[str] = mapped_column(String(120), default="")
    city_slug: Mapped[str] = mapped_column(String(120), default="")
    # No foreign keys here and at Edition.revision_id: they would close a circle of tables, which SQLite
    # cannot add afterwards. The actions set them to rows of the same transaction only.
    live_edition_id: Mapped[int | None] = mapped_column()
    live_revision_id: Mapped[int | None] = mapped_column()

    # The timeline's length and last hash, so that a cut-off tail shows.
    chain_count: Mapped[int] = mapped_column(default=0)
    chain_head: Mapped[str] = mapped_column(String(64), default="")

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    live_revision: Mapped["Revision | None"] = relationship(
        primaryjoin="foreign(Release.live_revision_id) == Revision.id", viewonly=True
    )
    editions: Mapped[list["Edition"]] = relationship(
        foreign_keys="Edition.release_id", order_by="Edition.number", back_populates="release"
    )
    # What readers are told of: corrections that are public and are more than a matter of form.
    corrections: Mapped[list["Edition"]] = relationship(
        primaryjoin="and_(Release.id == foreign(Edition.release_id), Edition.state == 'approved', "
        "Edition.published_at.is_not(None), Edition.correction_kind.in_(('material', 'minor')))",
        order_by="Edition.number",
        viewonly=True,
    )


class Edition(Base):
    """One attempt to put text before the public: number 1 is the release, later ones are corrections."""

    __tablename__ = "editions"
    __table_args__ = (
        CheckConstraint(one_of("state", states.REVIEW_STATES), name="state_known"),
        CheckConstraint(
            "(state = 'in_review') = (holder_id IS NOT NULL AND claim_expires_at IS NOT NULL)",
            name="read_by_holder",
        ),
        CheckConstraint(
            one_of("correction_kind", ("", "material", "minor", "format")), name="correction_known"
        ),
        CheckConstraint(
            "(state = 'awaiting_signoff') = (signoff_due_at IS NOT NULL)", name="signoff_has_end"
        ),
        CheckConstraint(
            "state NOT IN ('submitted', 'in_review') OR promise_at IS NOT NULL", name="sent_has_promise"
        ),
        Index(None, "release_id", "number", unique=True),
        Index("uq_editions_open", "release_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_editions_queue", "promise_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_editions_timed", "wish_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index(
            "ix_editions_first",
            "is_first",
            "promise_at",
            "id",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index(
            "ix_editions_signoff",
            "signoff_due_at",
            sqlite_where=_UNANSWERED,
            postgresql_where=_UNANSWERED,
        ),
        Index("ix_editions_reminder", "reminder_next_at", sqlite_where=_ASKED, postgresql_where=_ASKED),
        Index("ix_editions_held", "holder_id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_editions_sent", "submitted_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        _of_rows(_HELD, "ix_editions_claims", "claim_expires_at"),
        # As above, an empty first column.
        _of_rows(_UNEXAMINED, "ix_editions_unexamined", "examined_at", "submitted_at", "id"),
        _of_rows(_CORRECTS, "ix_editions_corrections", "published_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"))
    number: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(20), default=states.DRAFT)
    # What is typed and not yet sent: {"values": {...}, "body_html": ...}. Sending freezes it into a revision.
    draft: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    draft_saved_at: Mapped[datetime] = mapped_column(Instant)
    draft_saved_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    # What lists of work show without opening the draft.
    headline: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(40), default="")

    round: Mapped[int] = mapped_column(default=0)
    submission_key: Mapped[str] = mapped_column(String(64))
    revision_id: Mapped[int | None] = mapped_column()
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    promise_at: Mapped[datetime | None] = mapped_column(Instant)
    # By when a decision is due: the promise, or the new time after the one honest notice of delay.
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    ladder_step: Mapped[int] = mapped_column(default=0)
    ladder_next_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    changes_due_at: Mapped[datetime | None] = mapped_column(Instant)
    # The sender's wish for a time, and whether nothing of this organisation was ever approved: for the views.
    wish_at: Mapped[datetime | None] = mapped_column(Instant)
    is_first: Mapped[bool] = mapped_column(default=False)

    holder_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    claim_expires_at: Mapped[datetime | None] = mapped_column(Instant)
    # A holder whose claim lapsed and whom nobody followed takes it again by the next POST.
    lapsed_holder_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    asked_back_at: Mapped[datetime | None] = mapped_column(Instant)

    # A correction says what was wrong and why; every edition keeps when it went public.
    correction_kind: Mapped[str] = mapped_column(String(10), default="")
    correction_what: Mapped[str] = mapped_column(Text, default="")
    correction_why: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime | None] = mapped_column(Instant)

    # An editor's own wording: whose it is, whether it waits for the sender's word, and which text was the sender's.
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    edited_materially: Mapped[bool] = mapped_column(default=False)
    sender_revision_id: Mapped[int | None] = mapped_column()
    signoff_due_at: Mapped[datetime | None] = mapped_column(Instant)
    # After the sender's answer it is kept for that editor for one claim's length.
    kept_for_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    kept_until: Mapped[datetime | None] = mapped_column(Instant)

    # How many reminders of changes went, and when the clock looks again: for the next one, or for the end.
    reminders: Mapped[int] = mapped_column(default=0)
    reminder_next_at: Mapped[datetime | None] = mapped_column(Instant)
    appealed_at: Mapped[datetime | None] = mapped_column(Instant)
    # Who said no before an appeal: another editor has to read it then.
    rejected_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    examined_at: Mapped[datetime | None] = mapped_column(Instant)
    priority: Mapped[int] = mapped_column(default=0)
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    advice_count: Mapped[int] = mapped_column(default=0)
    decided_at: Mapped[datetime | None] = mapped_column(Instant, index=True)

    release: Mapped[Release] = relationship(foreign_keys=[release_id], back_populates="editions")
    holder: Mapped[User | None] = relationship(foreign_keys=[holder_id])
    kept_for: Mapped[User | None] = relationship(foreign_keys=[kept_for_id], viewonly=True)
    revision: Mapped["Revision | None"] = relationship(
        primaryjoin="foreign(Edition.revision_id) == Revision.id", viewonly=True
    )

    @property
    def is_correction(self) -> bool:
        """The first edition is the release; every later one corrects what is public."""
        return self.number > 1


class Revision(Base):
    """An immutable, hashed saving of an edition's content: what an editor reads and a decision names."""

    __tablename__ = "revisions"
    __table_args__ = (Index(None, "edition_id", "number", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    number: Mapped[int] = mapped_column()
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[str] = mapped_column(String(64))
    headline: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(40))
    city: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    excerpt: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    created_by: Mapped[User] = relationship(viewonly=True)


class IdempotencyKey(Base):
    """One sending: the same key again finds this row and the answer that was given."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index(None, "edition_id", "key", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    key: Mapped[str] = mapped_column(String(64))
    round: Mapped[int] = mapped_column()
    used_at: Mapped[datetime] = mapped_column(Instant)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
