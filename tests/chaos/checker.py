"""Compares what was acknowledged with what exists: rows, timeline and the mails in the folder."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import func, select

from portal.actions.mailing import notifying
from portal.actions.portal import Portal
from portal.storage.queries import mailing
from portal.storage.tables import Decision, Delivery, Edition, Outbox, Release, TimelineEntry
from tests.chaos.history import History
from tests.rigs.half_states import double_states, half_states

TEMPLATES = {
    "submit": "receipt",
    "approve": "approved",
    "request_changes": "changes_requested",
    "reject": "rejected",
    "withdraw": "withdrawn",
}
FACTS = {
    "submit": "submitted",
    "approve": "approved",
    "request_changes": "changes_requested",
    "reject": "rejected",
    "withdraw": "withdrawn",
}


@dataclass
class Verdict:
    """Sentences about each thing that was lost, half done or done twice. All empty is what we promise."""

    lost: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    """Still waiting when we stopped looking, though one after the other was being done: slow, and not lost."""
    half: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    mails: int = 0
    repeated: int = 0
    """Mails that a kill between sending and marking sent again, under the same Message-ID."""

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.late or self.half or self.double)

    @property
    def sentences(self) -> list[str]:
        return [*self.lost, *self.half, *self.double, *self.late]


def waits(portal: Portal) -> list[str]:
    """What still has to be done, whoever should do it."""
    now = datetime.now(UTC)
    with portal.database.reading() as session:
        editions = mailing.unexamined_editions(session, limit=1000)
        unsent = session.scalars(select(Delivery.id).where(Delivery.state.in_(mailing.UNSENT))).all()
        unrecorded = session.scalars(
            select(Release.reference).where(
                Release.publication == "live", Release.live_from <= now, Release.went_live_at.is_(None)
            )
        ).all()
    outbox = notifying.due_outbox(portal, now=now, limit=1000)
    return [
        *(f"edition {row} was never examined" for row in editions),
        *(f"the fact of outbox row {row} was never told" for row in outbox),
        *(f"mail {row} never left" for row in unsent),
        *(f"the going live of {reference} was never recorded" for reference in unrecorded),
    ]


def still_to_come(portal: Portal) -> int:
    """Releases whose minute has not come: they are waited for, too, before anything is called whole."""
    now = datetime.now(UTC)
    with portal.database.reading() as session:
        later = select(func.count()).where(Release.publication == "live", Release.live_from > now)
        return session.scalar(later) or 0


def latest_recording(portal: Portal) -> float:
    """Seconds from the minute of a release to its recording, the most of all."""
    with portal.database.reading() as session:
        times = session.execute(
            select(Release.live_from, Release.went_live_at).where(
                Release.live_from.is_not(None), Release.went_live_at.is_not(None)
            )
        ).all()
    return max(((recorded - due).total_seconds() for due, recorded in times), default=0.0)


def check(portal: Portal, history: History, mails: Counter[str], *, was_moving: bool) -> Verdict:
    """After the portal is whole again and had its time; `was_moving`: what still waits was being worked off."""
    verdict = Verdict(half=half_states(portal), double=double_states(portal))
    verdict.late, verdict.lost = (waits(portal), []) if was_moving else ([], waits(portal))
    rows = _Rows(portal)
    for op in FACTS:
        for reference in sorted(history.acknowledged(op)):
            _check_acknowledged(verdict, rows, reference, op)
    _check_mails(verdict, rows, mails)
    return verdict


def _check_acknowledged(verdict: Verdict, rows: _Rows, reference: str, op: str) -> None:
    """Exactly one fact, one decision where it is one, and one mail to its sender."""
    told = rows.facts[reference].count(FACTS[op])
    mailed = [row for row in rows.mails[reference] if row.template == TEMPLATES[op]]
    if told == 0:
        verdict.lost.append(f"{op} of {reference} was acknowledged and is not there")
    elif told > 1:
        verdict.double.append(f"{op} of {reference} happened {told} times")
    if op in ("approve", "request_changes", "reject") and rows.decisions[reference].count(op) != 1:
        verdict.lost.append(f"the decision {op} of {reference} has no row, or more than one")
    if told and not mailed and not verdict.late:  # where it is late, it stands among what waits
        verdict.lost.append(f"nobody was mailed about {op} of {reference}")
    for recipient, count in Counter(row.recipient for row in mailed).items():
        if count > 1:
            verdict.double.append(f"{recipient} was mailed {count} times about {op} of {reference}")


def _check_mails(verdict: Verdict, rows: _Rows, mails: Counter[str]) -> None:
    sent = {row.message_id: row for row in rows.deliveries if row.state == "sent"}
    known = {row.message_id: row for row in rows.deliveries}
    verdict.mails = mails.total()
    verdict.lost += [
        f"mail {row.id} counts as sent and is nowhere" for key, row in sent.items() if key not in mails
    ]
    for message_id, count in mails.items():
        if message_id not in known:
            verdict.half.append(f"a mail went out for something that was never saved ({message_id})")
        elif count > 1 and known[message_id].attempts < count:
            verdict.double.append(f"one try sent {count} mails ({message_id})")
        else:
            verdict.repeated += count - 1


class _Rows:
    """What the checks above look at, by reference."""

    def __init__(self, portal: Portal) -> None:
        self.facts: dict[str, list[str]] = defaultdict(list)
        self.decisions: dict[str, list[str]] = defaultdict(list)
        self.mails: dict[str, list[Delivery]] = defaultdict(list)
        with portal.database.reading() as session:
            names = {row.id: row.reference for row in session.scalars(select(Release))}
            for entry in session.scalars(select(TimelineEntry)):
                self.facts[names[entry.release_id]].append(entry.fact)
            decided = select(Decision, Edition.release_id).join(Edition, Edition.id == Decision.edition_id)
            for decision, release_id in session.execute(decided):
                self.decisions[names[release_id]].append(decision.outcome)
            self.deliveries = list(session.scalars(select(Delivery)))
            causes = {row.id: row.release_id for row in session.scalars(select(Outbox))}
        for delivery in self.deliveries:
            told_of = causes[delivery.outbox_id]
            if told_of is not None and delivery.state == "sent":
                self.mails[names[told_of]].append(delivery)
