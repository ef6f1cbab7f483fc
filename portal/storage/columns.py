"""The columns that steps set on an edition or a release, by name and kind, so that a wrong one is found by the checker.

Several of them are handed about together: "nobody holds it", "a promise begins anew". A test holds them against
the tables.
"""

from datetime import datetime
from typing import Any, TypedDict


class EditionColumns(TypedDict, total=False):
    """Everything that a step may set on an edition besides its state, which moves with the step."""

    number: int
    draft: dict[str, Any]  # the content as typed
    draft_saved_at: datetime
    draft_saved_by_id: int
    headline: str
    language: str

    round: int
    submission_key: str
    revision_id: int | None
    submitted_at: datetime | None
    submitted_by_id: int | None
    promise_at: datetime | None
    due_at: datetime | None
    ladder_step: int
    ladder_next_at: datetime | None
    changes_due_at: datetime | None
    wish_at: datetime | None
    is_first: bool

    holder_id: int | None
    claim_expires_at: datetime | None
    lapsed_holder_id: int | None
    asked_back_at: datetime | None

    correction_kind: str
    correction_what: str
    correction_why: str
    published_at: datetime | None

    edited_by_id: int | None
    edited_materially: bool
    sender_revision_id: int | None
    signoff_due_at: datetime | None
    kept_for_id: int | None
    kept_until: datetime | None

    reminders: int
    reminder_next_at: datetime | None
    appealed_at: datetime | None
    rejected_by_id: int | None

    examined_at: datetime | None
    priority: int
    flags: list[str]
    advice_count: int
    decided_at: datetime | None


class ReleaseColumns(TypedDict, total=False):
    """Everything that a step may set on a release besides its publication, its version and its chain."""

    answer_wanted_at: datetime | None
    live_from: datetime | None
    went_live_at: datetime | None
    updated_at: datetime | None
    expires_at: datetime | None
    archived_at: datetime | None
    slug: str | None
    notice_kind: str
    notice_text: str
    notice_at: datetime | None
    removed_at: datetime | None
    removal_text: str
    removal_reasons: list[str]
    country_slug: str
    city_slug: str
    live_edition_id: int | None
    live_revision_id: int | None
