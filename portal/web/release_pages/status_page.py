"""The status page: where a release stands, what happens next and by when, and everything that has happened."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.rules import release_states as states
from portal.rules.facts import FACTS
from portal.rules.shown_times import shown
from portal.storage.queries import desk, public_releases, releases
from portal.storage.queries.releases import Case
from portal.storage.tables import Decision, Delivery, Message, Outbox, Revision, TimelineEntry
from portal.web.at_hand import clock_zone

# Steps that a correction takes as a release does; what comes after publication is always about the release.
OF_EITHER = ("submitted", "recalled", "withdrawn", "approved")
ANSWERS = ("message_sent", "message_answered")
WAITS_ANEW = ("signed_off", "objected", "signoff_lapsed", "appealed", "reopened")
ALONE = "No other editor may decide, so the appeal is read by the one who decided before."


@dataclass(frozen=True)
class Mail:
    """A mail that belongs to an entry: `at` is None while it waits."""

    to: str
    at: datetime | None
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of the timeline as its reader sees it."""

    fact: str
    at: datetime
    words: str
    said: str = ""
    codes: list[str] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)


@dataclass(frozen=True)
class Story:
    """Everything a status or review page needs to tell about a release."""

    case: Case
    state: str
    visible: bool
    decision: Decision | None
    entries: list[Entry]
    revisions: list[Revision]


def story(session: Session, case: Case, now: datetime, *, for_desk: bool, decision: Decision | None) -> Story:
    """Read it once; `for_desk` adds what only the newsroom sees. `decision`: the one that stands on the edition."""
    visible = public_releases.is_visible(session, case.release, now)
    return Story(
        case=case,
        state=shown_state(case, visible, now),
        visible=visible,
        decision=decision,
        entries=_entries(session, case, for_desk),
        revisions=releases.revisions(session, case.release),
    )


def shown_state(case: Case, visible: bool, now: datetime) -> str:
    """The word for where a release stands: an approved one is scheduled or published."""
    release = case.release
    gone = release.publication in (states.KILLED, states.TAKEN_DOWN)
    if case.edition.state != states.APPROVED and not gone:
        return case.edition.state
    expired = release.expires_at is not None and release.expires_at <= now
    return states.shown_publication(release.publication, visible=visible, expired=expired)


def _entries(session: Session, case: Case, for_desk: bool) -> list[Entry]:
    rows = releases.timeline(session, case.release)
    corrections = releases.corrections(session, case.release)
    mails = _mails(session, case, for_desk)
    decisions = _by_id(session, Decision, (row.detail.get("decision") for row in rows))
    messages = _by_id(session, Message, (row.detail.get("message") for row in rows))
    return [
        _entry(
            row,
            mails.get(row.id, []),
            decisions,
            messages,
            _words(row, for_desk, row.edition_id in corrections),
            for_desk,
        )
        for row in rows
        if for_desk or not FACTS[row.fact].desk_only
    ]


def _entry(
    row: TimelineEntry,
    mails: list[Mail],
    decisions: dict[int, Any],
    messages: dict[int, Any],
    words: str,
    for_desk: bool,
) -> Entry:
    decision = decisions.get(row.detail.get("decision") or 0)
    if decision is not None and decision.undone_at is not None and not for_desk:
        decision = None  # what was taken back is told as a fact, without its words
    message = messages.get(row.detail.get("message") or 0)
    said = decision.message if decision else message.body if message else _said(row, for_desk)
    codes = [reason.code for reason in decision.reasons] if decision else row.detail.get("codes", [])
    return Entry(row.fact, row.at, words, said, codes, mails)


def _said(row: TimelineEntry, for_desk: bool) -> str:
    """Words that a step carries itself; some are the newsroom's own."""
    if row.detail.get("what"):
        return "\n\n".join(filter(None, (row.detail["what"], row.detail.get("why", ""))))
    return row.detail.get("why", "") or (row.detail.get("to_desk", "") if for_desk else "")


def _words(row: TimelineEntry, for_desk: bool, corrects: bool) -> str:
    """The sentence of an entry; the newsroom is told who, where the sender is told only that it was an editor."""
    fact, who = FACTS[row.fact], row.actor_name or "Somebody"
    said = fact.told_of(who) if for_desk else fact.says.replace("{who}", who)
    if row.detail.get("alone"):
        said = f"{said} {ALONE}"
    if row.fact == "flags_changed":
        said = f"{said} {_flags_changed(row)}"
    extra = {
        "submitted": ("promise_at", "We promised an answer by {}."),
        "promise_missed": ("new_time", "The new time is {}."),
        "approved": ("live_from", "Public from {}."),
        "confirmed": ("live_from", "Public from {}."),
        "rescheduled": ("live_from", "Public from {}."),
        "unscheduled": ("promise_at", "We decide by {}."),
        "signoff_asked": ("signoff_due_at", "Without an answer by {} it counts as agreed."),
        **dict.fromkeys(WAITS_ANEW, ("promise_at", "We decide by {}.")),
        "kill_asked": ("falls_at", "The request falls {}."),
        "expiry_set": ("expires_at", "It leaves them {}."),
    }.get(row.fact)
    if corrects and row.fact in OF_EITHER:
        said = said.replace("the release", "the correction")
    if row.detail.get("correction"):
        return said  # it went public then and there
    if extra and row.detail.get(extra[0]):
        at = datetime.fromisoformat(row.detail[extra[0]])
        return f"{said} {extra[1].replace('{}', shown(at, clock_zone()))}"
    return said


def _flags_changed(row: TimelineEntry) -> str:
    changes = (("added", "Set"), ("removed", "Taken off"))
    told = [f"{word}: {', '.join(row.detail[key])}." for key, word in changes if row.detail.get(key)]
    return " ".join(told).replace("_", " ")


def _mails(session: Session, case: Case, for_desk: bool) -> dict[int, list[Mail]]:
    """Mails by the timeline row that caused them. A sender sees the sender's mails, never editors' addresses."""
    found: dict[int, list[Mail]] = {}
    for outbox, delivery in desk.deliveries(session, case.release):
        if delivery and outbox.timeline_id and (for_desk or _is_for_sender(outbox, delivery)):
            found.setdefault(outbox.timeline_id, []).append(_mail(delivery))
    return found


def _is_for_sender(outbox: Outbox, delivery: Delivery) -> bool:
    return FACTS[outbox.fact].tells_sender_by(delivery.template)


def _mail(delivery: Delivery) -> Mail:
    notes = {
        "failed": "It could not be delivered; the operator was told.",
        "dropped": "It was not needed any more.",
        "uncertain": "It may have arrived; the line broke at the end.",
    }
    return Mail(delivery.recipient, delivery.sent_at, notes.get(delivery.state, ""))


def _by_id(session: Session, table: type[Any], ids: Iterable[Any]) -> dict[int, Any]:
    wanted = {row_id for row_id in ids if row_id}
    if not wanted:
        return {}
    return {row.id: row for row in session.scalars(select(table).where(table.id.in_(wanted)))}
