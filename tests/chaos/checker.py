"""Compares what was acknowledged with what exists: rows, timeline and the mails in the folder."""

from __future__ import annotations

import email
import email.policy
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from portal.actions import notifying
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
    half: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    mails: int = 0
    repeated: int = 0
    """Mails that a kill between sending and marking sent again, under the same Message-ID."""

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.half or self.double)

    @property
    def sentences(self) -> list[str]:
        return [*self.lost, *self.half, *self.double]


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


def check(portal: Portal, history: History) -> Verdict:
    """After the portal is whole again and had its time."""
    verdict = Verdict(lost=waits(portal), half=half_states(portal), double=double_states(portal))
    rows = _Rows(portal)
    for op in FACTS:
        for reference in sorted(history.acknowledged(op)):
            _check_acknowledged(verdict, rows, reference, op)
    _check_mails(verdict, rows, portal.settings.instance_path / "mail")
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
    if told and not mailed:
        verdict.lost.append(f"nobody was mailed about {op} of {reference}")
    for recipient, count in Counter(row.recipient for row in mailed).items():
        if count > 1:
            verdict.double.append(f"{recipient} was mailed {count} times about {op} of {reference}")


def _check_mails(verdict: Verdict, rows: _Rows, folder: Path) -> None:
    files = Counter(_message_id(path) for path in folder.glob("*.eml"))
    sent = {row.message_id: row for row in rows.deliveries if row.state == "sent"}
    known = {row.message_id for row in rows.deliveries}
    verdict.mails = files.total()
    verdict.lost += [
        f"mail {row.id} counts as sent and is nowhere" for key, row in sent.items() if key not in files
    ]
    for message_id, count in files.items():
        if message_id not in known:
            verdict.half.append(f"a mail went out for something that was never saved ({message_id})")
        elif count > 1 and sent[message_id].attempts < count:
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
            release_id = causes[delivery.outbox_id]
            if release_id is not None and delivery.state == "sent":
                self.mails[names[release_id]].append(delivery)


def _message_id(path: Path) -> str:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return str(message["Message-ID"])
