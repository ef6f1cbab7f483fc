"""What has become of a release since it was decided, in a few words: `Killed 05:30 by Wei Tan`."""

from dataclasses import dataclass
from datetime import datetime

from portal.rules.removal import NOTICE_WORDS
from portal.storage.queries.queue import DecidedItem
from portal.storage.tables import TimelineEntry
from portal.web.at_hand import settings
from portal.web.times import clock, day, when

# By fact: the state whose shape stands beside the words, and the words.
WORDS = {
    "decision_undone": ("in_review", "Taken back"),
    "unscheduled": ("submitted", "Taken off its time"),
    "rescheduled": ("scheduled", "Moved to another time"),
    "embargo_lifted": ("published", "Embargo lifted"),
    "killed": ("killed", "Killed"),
    "kill_asked": ("published", "Kill asked"),
    "kill_lapsed": ("published", "Kill request fell"),
    "reverted": ("published", "Kill taken back"),
    "taken_down": ("taken_down", "Taken down"),
    "put_back": ("published", "Put back"),
    "archived": ("archived", "Archived"),
    "correction_published": ("published", "Corrected"),
    "withdrawn": ("withdrawn", "Withdrawn"),
    "appealed": ("submitted", "Appealed"),
    "reopened": ("submitted", "Opened again"),
    "submitted": ("submitted", "Sent again"),
    "recalled": ("draft", "Taken back by its sender"),
    "expired": ("expired", "Lapsed"),
}


@dataclass(frozen=True)
class Newest:
    """The state whose shape it has, and the words."""

    state: str
    words: str


def newest_fact(item: DecidedItem, now: datetime) -> Newest | None:
    """What happened after the decision; None where it stands as it was taken."""
    decision, fact = item.decision, item.newest
    if fact is not None and fact.at >= decision.decided_at and not _is_of_the_decision(item, fact):
        return _told(fact, decision.decided_by.name, now)
    if decision.undone_at is not None:
        return Newest("in_review", f"Taken back {_at(decision.undone_at, now)}")
    return None


def _is_of_the_decision(item: DecidedItem, fact: TimelineEntry) -> bool:
    """A sending that was decided in the same minute came before its decision; a correction goes public by it."""
    if fact.fact == "correction_published":
        return item.edition.is_correction
    return fact.fact in ("submitted", "appealed", "reopened") and fact.at == item.decision.decided_at


def _told(fact: TimelineEntry, decider: str, now: datetime) -> Newest | None:
    if fact.fact == "notice_set":
        notice = NOTICE_WORDS.get(fact.detail.get("notice", ""))
        state, words = "published", f"Published, {notice.lower()}" if notice else "Notice taken off"
    else:
        state, words = WORDS[fact.fact]
    both = " and ".join(filter(None, (fact.detail.get("asked_by"), fact.actor_name)))
    by = f" by {both}" if both and not (fact.fact == "decision_undone" and both == decider) else ""
    return Newest(state, f"{words} {_at(fact.at, now)}{by}")


def _at(instant: datetime, now: datetime) -> str:
    zone = settings().timezone
    return clock(instant, zone) if day(instant, zone) == day(now, zone) else when(instant, zone)
