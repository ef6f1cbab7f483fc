"""What a state is called, to the sender and in the newsroom, and which shape stands beside the word."""

from __future__ import annotations

from dataclasses import dataclass

from portal.rules.removal import NOTICE_WORDS


@dataclass(frozen=True)
class StateWords:
    """A state as it is shown: a word for the sender, one for the newsroom, and the class that draws its shape."""

    sender: str
    newsroom: str
    shape: str = ""


STATES = {
    "draft": StateWords("Draft", "Draft"),
    "submitted": StateWords("Waiting for an editor", "Waiting", "s-wait"),
    "in_review": StateWords("An editor is reading it", "Being read", "s-read"),
    "awaiting_second": StateWords("A second editor will confirm", "Needs a second editor", "s-read"),
    "changes_requested": StateWords("Changes asked", "Changes asked", "s-ask"),
    "awaiting_signoff": StateWords("Edited: your sign-off is asked", "Waits for the sign-off", "s-ask"),
    "approved": StateWords("Approved", "Approved", "s-live"),
    "rejected": StateWords("Not accepted", "Not accepted", "s-no"),
    "withdrawn": StateWords("Withdrawn", "Withdrawn", "s-gone"),
    "expired": StateWords("Lapsed", "Lapsed", "s-gone"),
    "hidden": StateWords("Not public", "Not public"),
    "live": StateWords("Published", "Published", "s-live"),
    "scheduled": StateWords("Approved, runs at its time", "Runs at its time", "s-time"),
    "published": StateWords("Published", "Published", "s-live"),
    "archived": StateWords("Published, in the archive", "Archived", "s-live"),
    "killed": StateWords("Removed by the editors", "Killed", "s-no"),
    "taken_down": StateWords("Taken down", "Taken down", "s-gone"),
}
STAYS = ("live", "published", "archived")
UNKNOWN_STATE = StateWords("Unknown", "Unknown")


def state_word(state: str, reader: str = "sender") -> str:
    """The words for a review or publication state; `reader` is sender or newsroom."""
    words = STATES.get(state, UNKNOWN_STATE)
    return words.newsroom if reader == "newsroom" else words.sender


def state_shape(state: str) -> str:
    """The CSS class that draws the state's shape."""
    return STATES.get(state, UNKNOWN_STATE).shape


def with_notice(state: str, notice_kind: str, reader: str = "sender") -> str:
    """The words for a state and what a notice says over a text that stays: `Published, postponed`."""
    words = state_word(state, reader)
    notice = NOTICE_WORDS.get(notice_kind, "") if state in STAYS else ""
    return f"{words}, {notice.lower()}" if notice else words
