"""The two state machines of a release, each one table that can be read aloud.

Buttons, permissions, tests and the drawing in ARCHITECTURE.md are derived from these rows.
A step that no row names is refused and changes nothing.
"""

from dataclasses import dataclass

DRAFT = "draft"
SUBMITTED = "submitted"
IN_REVIEW = "in_review"
AWAITING_SECOND = "awaiting_second"
CHANGES_REQUESTED = "changes_requested"
AWAITING_SIGNOFF = "awaiting_signoff"
APPROVED = "approved"
REJECTED = "rejected"
WITHDRAWN = "withdrawn"
EXPIRED = "expired"

REVIEW_STATES = (
    DRAFT,
    SUBMITTED,
    IN_REVIEW,
    AWAITING_SECOND,
    CHANGES_REQUESTED,
    AWAITING_SIGNOFF,
    APPROVED,
    REJECTED,
    WITHDRAWN,
    EXPIRED,
)
# An edition in one of these still moves; a release has one such edition at the most.
OPEN_STATES = (DRAFT, SUBMITTED, IN_REVIEW, AWAITING_SECOND, CHANGES_REQUESTED, AWAITING_SIGNOFF)
WAITING_STATES = (SUBMITTED, IN_REVIEW, AWAITING_SECOND)
DECIDED_STATES = (CHANGES_REQUESTED, APPROVED, REJECTED)
EDITABLE_STATES = (DRAFT, CHANGES_REQUESTED)

HIDDEN = "hidden"
LIVE = "live"
KILLED = "killed"
TAKEN_DOWN = "taken_down"
PUBLICATION_STATES = (HIDDEN, LIVE, KILLED, TAKEN_DOWN)

# Shown, never stored: they follow from `live`, the public query and the time.
SCHEDULED = "scheduled"
PUBLISHED = "published"
ARCHIVED = "archived"

UNCHANGED = "unchanged"
NOTHING = "nothing"


@dataclass(frozen=True)
class Step:
    """One row: from these states, this step, by these people, leads there and records that fact."""

    step: str
    sources: tuple[str, ...]
    to: str
    who: str
    fact: str | None
    needs_reason: bool = False
    offered: bool = True


REVIEW = (
    Step("start", (NOTHING,), DRAFT, "member", "draft_started"),
    Step("start_correction", (NOTHING,), DRAFT, "member", "correction_started"),
    Step("open_correction", (NOTHING,), IN_REVIEW, "editor", "correction_opened"),
    Step("save", (DRAFT, CHANGES_REQUESTED), UNCHANGED, "member", None),
    Step("submit", (DRAFT, CHANGES_REQUESTED), SUBMITTED, "member", "submitted"),
    Step("claim", (SUBMITTED, IN_REVIEW), IN_REVIEW, "editor", "claimed"),
    Step("let_go", (IN_REVIEW,), SUBMITTED, "holder", "let_go"),
    Step("lapse_claim", (IN_REVIEW,), SUBMITTED, "clock", "claim_lapsed"),
    Step("take_over", (IN_REVIEW,), IN_REVIEW, "senior", "taken_over", needs_reason=True),
    Step("recall", (SUBMITTED,), DRAFT, "member", "recalled"),
    Step("ask_back", (IN_REVIEW,), IN_REVIEW, "member", "asked_back"),
    Step("hand_back", (IN_REVIEW,), DRAFT, "holder", "handed_back"),
    Step(
        "withdraw",
        (DRAFT, SUBMITTED, IN_REVIEW, AWAITING_SECOND, CHANGES_REQUESTED, AWAITING_SIGNOFF, APPROVED),
        WITHDRAWN,
        "member",
        "withdrawn",
    ),
    Step("request_changes", (IN_REVIEW,), CHANGES_REQUESTED, "holder", "changes_requested", True),
    Step("lapse_changes", (CHANGES_REQUESTED,), EXPIRED, "clock", "expired"),
    Step("reject", (IN_REVIEW,), REJECTED, "holder", "rejected", needs_reason=True),
    Step("appeal", (REJECTED,), SUBMITTED, "member", "appealed", True),
    Step("reopen", (REJECTED,), SUBMITTED, "senior", "reopened", True),
    Step("edit_text", (IN_REVIEW,), IN_REVIEW, "holder", "text_edited"),
    Step("edit_materially", (IN_REVIEW,), AWAITING_SIGNOFF, "holder", "signoff_asked"),
    Step("sign_off", (AWAITING_SIGNOFF,), SUBMITTED, "member", "signed_off"),
    Step("lapse_signoff", (AWAITING_SIGNOFF,), SUBMITTED, "clock", "signoff_lapsed"),
    Step("object", (AWAITING_SIGNOFF,), SUBMITTED, "member", "objected"),
    Step("approve", (IN_REVIEW,), APPROVED, "holder", "approved"),
    Step("approve_first", (IN_REVIEW,), AWAITING_SECOND, "holder", "first_yes"),
    Step("confirm", (AWAITING_SECOND,), APPROVED, "second_editor", "confirmed"),
    Step("dissent", (AWAITING_SECOND,), SUBMITTED, "second_editor", "dissented", True),
    Step(
        "undo",
        (APPROVED, REJECTED, CHANGES_REQUESTED, AWAITING_SECOND),
        IN_REVIEW,
        "decider",
        "decision_undone",
    ),
    Step("unschedule", (APPROVED,), SUBMITTED, "editor", "unscheduled", True),
    Step("clone", (REJECTED, WITHDRAWN, EXPIRED), UNCHANGED, "member", "cloned"),
    Step("close", OPEN_STATES, WITHDRAWN, "clock", "correction_closed"),
)

PUBLICATION = (
    Step("approve", (HIDDEN,), LIVE, "holder", "approved"),
    Step("confirm", (HIDDEN,), LIVE, "second_editor", "confirmed"),
    Step("reschedule", (SCHEDULED,), LIVE, "editor", "rescheduled"),
    Step("lift_embargo", (SCHEDULED,), LIVE, "member", "embargo_lifted"),
    Step("unschedule", (SCHEDULED,), HIDDEN, "editor", "unscheduled", True),
    Step("withdraw", (SCHEDULED,), HIDDEN, "member", "withdrawn"),
    Step("undo", (SCHEDULED, PUBLISHED), HIDDEN, "decider", "decision_undone"),
    Step("undo_correction", (PUBLISHED, ARCHIVED), LIVE, "decider", "decision_undone"),
    Step("go_live", (LIVE,), LIVE, "clock", "went_live"),
    Step("approve_correction", (PUBLISHED, ARCHIVED), LIVE, "holder", "correction_published"),
    Step("notice", (PUBLISHED,), LIVE, "editor", "notice_set"),
    Step("expire_on", (PUBLISHED, ARCHIVED), LIVE, "editor", "expiry_set"),
    Step("ask_kill", (PUBLISHED, ARCHIVED, TAKEN_DOWN), UNCHANGED, "editor", "kill_asked", True),
    Step("kill", (PUBLISHED, ARCHIVED, TAKEN_DOWN), KILLED, "killer", "killed", True),
    Step("take_down", (PUBLISHED, ARCHIVED), TAKEN_DOWN, "senior", "taken_down", True),
    Step("put_back", (TAKEN_DOWN,), LIVE, "senior", "put_back", True),
    Step("revert", (KILLED,), LIVE, "senior", "reverted", True),
    Step("expire", (PUBLISHED,), ARCHIVED, "clock", "archived"),
)


def review_step(step: str, state: str) -> Step | None:
    """The row that allows this step from this review state, or None."""
    return _row(REVIEW, step, state)


def publication_step(step: str, state: str) -> Step | None:
    """The row that allows this step from this (stored or shown) publication state, or None."""
    return _row(PUBLICATION, step, state)


def who_takes(step: str, table: tuple[Step, ...] = REVIEW) -> str:
    """The word of the permission table for whoever takes this step. Raises StopIteration for an unknown one."""
    return next(row.who for row in table if row.step == step)


def steps_from(state: str) -> tuple[Step, ...]:
    """Every offered review step that leaves or keeps this state."""
    return tuple(row for row in REVIEW if row.offered and state in row.sources)


def shown_publication(stored: str, *, visible: bool, expired: bool = False) -> str:
    """The word that people see for a stored publication state."""
    if stored != LIVE:
        return stored
    if not visible:
        return SCHEDULED
    return ARCHIVED if expired else PUBLISHED


def _row(table: tuple[Step, ...], step: str, state: str) -> Step | None:
    return next((row for row in table if row.step == step and state in row.sources), None)
