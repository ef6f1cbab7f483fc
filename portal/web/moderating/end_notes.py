"""What the page after an act says of it: the effect with its time, who is told, and whether it can be taken back.

Read from the record and not from the request, so that a reload says only what is still so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.actions.releases.moving import TALK
from portal.rules.flag_words import flag_word
from portal.rules.permissions import Person
from portal.rules.removal import NOTICE_WORDS
from portal.storage.queries import releases, removal, senders
from portal.storage.queries.releases import Case
from portal.storage.tables import TimelineEntry
from portal.web.at_hand import settings
from portal.web.times import clock, when

FACTS = {
    "notice": ("notice_set",),
    "expire": ("expiry_set",),
    "reschedule": ("rescheduled", "unscheduled"),
    "kill": ("kill_asked", "killed"),
    "take-down": ("taken_down",),
    "put-back": ("put_back",),
    "revert": ("reverted",),
    "flags": ("flags_changed",),
    "endorse": ("dissented",),
    "message": ("message_answered",),
    "answered": ("answer_ticked_off",),
    "correct": ("correction_opened",),
    "reopen": ("reopened",),
    "let-go": ("let_go",),
    "hand-back": ("handed_back",),
    "take-over": ("taken_over",),
    "edit": ("text_edited", "signoff_asked"),
    "undo": ("decision_undone",),
}
"""The acts by the last part of their addresses, with the facts that they may leave."""
AT_ONCE = "is told by mail at once."


@dataclass(frozen=True)
class EndNote:
    """One line: `effect` with its time, `told` says who hears of it, `undo` what can still be done about it."""

    act: str
    effect: str
    told: str
    undo: str = ""
    link: str = ""
    link_word: str = ""


@dataclass(frozen=True)
class _Happened:
    """What there is to tell from."""

    session: Session
    case: Case
    entry: TimelineEntry
    now: datetime

    @property
    def house(self) -> str:
        return self.case.release.organisation.name

    @property
    def address(self) -> str:
        return f"/newsroom/releases/{self.case.release.reference}"

    @property
    def at(self) -> str:
        return _clock(self.entry.at)

    def detail(self, name: str) -> datetime | None:
        """An instant that the fact names."""
        text = self.entry.detail.get(name)
        return datetime.fromisoformat(text) if text else None


def end_note(session: Session, case: Case, person: Person, act: str, now: datetime) -> EndNote | None:
    """The note after this person's act, where it is the last thing that was done; else None."""
    if act == "note":
        return _noted(session, case, person)
    besides = () if act in ("message", "answered") else (*TALK, "answer_ticked_off")
    last = releases.last_act_of_a_person(session, case.release, besides=besides)
    if last is None or last.actor_id != person.id or last.fact not in FACTS.get(act, ()):
        return None
    effect, told, undo, *link = _WORDS[last.fact](_Happened(session, case, last, now))
    return EndNote(act, effect, told, undo, *link)


def _noted(session: Session, case: Case, person: Person) -> EndNote | None:
    mine = [note for note in senders.notes(session, case.release) if note.author_id == person.id]
    if not mine:
        return None
    effect = f"Noted for the desk at {_clock(mine[-1].written_at)}."
    return EndNote("note", effect, "The sender does not see it, and nobody is mailed.", "It stays.")


def _notice(it: _Happened) -> tuple[str, ...]:
    word = NOTICE_WORDS.get(it.entry.detail.get("notice", ""))
    effect = (
        f"“{word}” stands on the page since {it.at}."
        if word
        else f"The notice is off the page since {it.at}."
    )
    return effect, f"{it.house} {AT_ONCE}", "You can change it under “After publication”."


def _archive_day(it: _Happened) -> tuple[str, ...]:
    ends = it.detail("expires_at")
    effect = "It stays in the lists for good."
    if ends is not None:
        over = (
            f"Out of the lists since {_when(ends)}."
            if ends <= it.now
            else f"Leaves the lists on {_when(ends)}."
        )
        effect = f"{over} Its page stays."
    return effect, f"{it.house} {AT_ONCE}", "You can set another day under “After publication”."


def _moved(it: _Happened) -> tuple[str, ...]:
    at = it.detail("live_from")
    if at is not None and at <= it.now:
        return (
            f"Public since {_when(at)}.",
            f"{it.house} {AT_ONCE}",
            "Its time is over; it cannot be moved any more.",
        )
    return f"Moved: it goes public {_when(at)}.", f"{it.house} {AT_ONCE}", "Until then it can be moved again."


def _off_its_time(it: _Happened) -> tuple[str, ...]:
    effect = f"Taken off its time at {it.at}: it waits for a decision again. Nothing is public."
    return effect, f"{it.house} {AT_ONCE}", "It cannot be undone; it can be approved anew."


def _kill_asked(it: _Happened) -> tuple[str, ...]:
    falls = _when(it.detail("falls_at"))
    effect = f"Kill asked at {it.at}. Another editor must agree by {falls}; until then it stays public."
    return effect, "The other editors are mailed at once.", "Unanswered, the request falls by itself."


def _killed(it: _Happened) -> tuple[str, ...]:
    asked_by = it.entry.detail.get("asked_by")
    readers = (
        len(removal.received(it.session, it.case.release.id)) if it.entry.detail.get("mail_readers") else 0
    )
    who = f"{readers} who had mail about it and {it.house} are" if readers else f"{it.house} is"
    by = f"by {asked_by} and you" if asked_by else "by you"
    notice = f"/releases/{it.case.release.reference}/{it.case.release.slug}"
    undo = "A senior editor can take it back."
    return (
        f"Killed {it.at} {by}. The text is gone.",
        f"{who} told by mail at once.",
        undo,
        notice,
        "See the notice",
    )


def _taken_down(it: _Happened) -> tuple[str, ...]:
    return f"Taken down {it.at}: the address answers “gone”.", f"{it.house} {AT_ONCE}", "It can be put back."


def _put_back(it: _Happened) -> tuple[str, ...]:
    return f"Public again since {it.at}.", f"{it.house} {AT_ONCE}", "It can be taken down again."


def _reverted(it: _Happened) -> tuple[str, ...]:
    effect = f"The kill is taken back: public again since {it.at}."
    return effect, f"{it.house} and everybody who was told of the kill are told by mail at once.", ""


def _flags(it: _Happened) -> tuple[str, ...]:
    added, removed = (
        ", ".join(flag_word(flag) for flag in it.entry.detail.get(name, ())) for name in ("added", "removed")
    )
    parts = []
    if added:
        parts.append(f"Flagged at {it.at}: {added}. Two editors from now on, or what is asked for on record.")
    if removed:
        parts.append(f"No longer flagged since {it.at}: {removed}. Your note stands.")
    return " ".join(parts), "The sender is not told.", "You can change them again."


def _dissented(it: _Happened) -> tuple[str, ...]:
    first = it.entry.detail.get("first", "The first editor")
    effect = f"Not confirmed at {it.at}: back in the queue. Nothing is public."
    return effect, f"{first} is mailed your reason; the sender is not told.", "It cannot be undone."


def _message(it: _Happened) -> tuple[str, ...]:
    told = f"{it.house} reads it by mail and on its page."
    return f"Sent to {it.house} at {it.at}.", told, "A message cannot be taken back."


def _ticked_off(it: _Happened) -> tuple[str, ...]:
    return (
        f"Ticked off at {it.at}: no answer is wanted.",
        "The sender is not told.",
        "You can still write below.",
    )


def _correction(it: _Happened) -> tuple[str, ...]:
    effect = f"Correction begun at {it.at}. Nothing public has changed, and you hold it."
    return effect, f"{it.house} {AT_ONCE}", "", f"{it.address}/edit", "Edit the text"


def _reopened(it: _Happened) -> tuple[str, ...]:
    effect = f"Opened again at {it.at}: it waits in the queue with a new promise."
    return effect, f"{it.house} {AT_ONCE}", "It cannot be undone; it can be decided anew."


def _let_go(it: _Happened) -> tuple[str, ...]:
    return (
        f"Let go at {it.at}: free for anybody.",
        "Nobody is mailed.",
        "You can take it again while it is free.",
    )


def _handed_back(it: _Happened) -> tuple[str, ...]:
    return (
        f"Given back to {it.house} to edit at {it.at}.",
        f"{it.house} {AT_ONCE}",
        "It comes back when it is sent again.",
    )


def _taken_over(it: _Happened) -> tuple[str, ...]:
    return f"You hold it since {it.at}.", "Whoever held it is told by mail.", "You can let it go."


def _edited(it: _Happened) -> tuple[str, ...]:
    version = it.entry.detail.get("version", "")
    told = "The sender sees the change word by word once it is decided."
    effect = f"Saved as version {version} at {it.at}, worded by you."
    return effect, told, "You can edit it again.", it.address, "See whether the checks are done"


def _signoff(it: _Happened) -> tuple[str, ...]:
    effect = (
        f"Saved at {it.at}; it waits for the sender’s sign-off until {_when(it.detail('signoff_due_at'))}."
    )
    return effect, f"{it.house} {AT_ONCE}", "Without an answer it counts as agreed."


def _undone(it: _Happened) -> tuple[str, ...]:
    effect = f"Taken back at {it.at}: you hold it again, and nothing of that decision stands."
    return effect, "The mail was not sent, so nobody is told.", "You can decide anew."


_WORDS: dict[str, Callable[[_Happened], tuple[str, ...]]] = {
    "notice_set": _notice,
    "expiry_set": _archive_day,
    "rescheduled": _moved,
    "unscheduled": _off_its_time,
    "kill_asked": _kill_asked,
    "killed": _killed,
    "taken_down": _taken_down,
    "put_back": _put_back,
    "reverted": _reverted,
    "flags_changed": _flags,
    "dissented": _dissented,
    "message_answered": _message,
    "answer_ticked_off": _ticked_off,
    "correction_opened": _correction,
    "reopened": _reopened,
    "let_go": _let_go,
    "handed_back": _handed_back,
    "taken_over": _taken_over,
    "text_edited": _edited,
    "signoff_asked": _signoff,
    "decision_undone": _undone,
}


def _when(instant: datetime | None) -> str:
    return when(instant, settings().timezone) if instant else ""


def _clock(instant: datetime) -> str:
    return clock(instant, settings().timezone)
