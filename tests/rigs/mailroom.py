"""A newsroom with people, a release, and facts that somebody must be told of; and senders that keep what they get."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiosmtpd.controller import Controller

from portal.actions.portal import Portal
from portal.outlets.mail.senders import SENT, Outgoing, Receipt
from portal.rules.facts import ASKER, FACTS, PERSON, READER
from portal.storage import outbox, timeline
from portal.storage.tables import (
    Decision,
    Delivery,
    Outbox,
    Registration,
    Release,
    SingleUseToken,
    Subscriber,
    User,
)
from portal.storage.unit_of_work import UnitOfWork
from tests import builders
from tests.builders import NOON
from workers.bench import Bench

TO_STATES = {
    "submitted": "submitted",
    "changes_requested": "changes_requested",
    "rejected": "rejected",
    "approved": "approved",
    "withdrawn": "withdrawn",
    "recalled": "draft",
    "handed_back": "draft",
}
TO_AN_EDITOR = (
    "taken_over",
    "asked_back",
    "signed_off",
    "objected",
    "signoff_lapsed",
    "dissented",
    "kill_lapsed",
)
OF_THE_PROGRAM = ("clock_held", "clock_silent", "recorded_late", "jobs_refused")
# What went out before a removal or its taking back is told to readers.
MAILED_BEFORE = {"killed": ("approved", "approved"), "reverted": ("killed", "killed_reader")}
LINKS = {
    "registered": "confirm",
    "confirmation_asked_again": "confirm",
    "reset_asked": "reset",
    "invited": "invite",
}


@dataclass
class Newsroom:
    """Ids of the people and of their one release."""

    member: int
    editor: int
    senior: int
    admin: int
    release: int
    edition: int


class StillClock:
    """A clock that stands still."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now


@dataclass
class KeepingSender:
    """Keeps what it is given; answers with the next of its receipts, or that all is well."""

    receipts: list[Receipt] = field(default_factory=list)
    kept: list[Outgoing] = field(default_factory=list)
    refused_recipients: tuple[str, ...] = ()

    def deliver(self, item: Outgoing) -> Receipt:
        self.kept.append(item)
        if item.recipient in self.refused_recipients:
            return Receipt("refused", "550 no such person")
        return self.receipts.pop(0) if self.receipts else Receipt(SENT)


def newsroom(portal: Portal, *, state: str = "submitted", **values: Any) -> Newsroom:
    """One of each role; the member owns the organisation and sent the release."""
    with portal.work() as work:
        people = {role: builders.user(work, role=role, name=f"{role.title()} Name") for role in _ROLES}
        house = builders.organisation(work)
        builders.membership(work, people["member"], house)
        row = _release(work, state, house, people, values)
        found = Newsroom(
            release=row.id, edition=row.editions[0].id, **{role: user.id for role, user in people.items()}
        )
        work.commit()
    return found


_ROLES = ("member", "editor", "senior", "admin")


def _release(work: UnitOfWork, state: str, house: Any, people: dict[str, User], values: Any) -> Release:
    more = {"house": house, "sender": people["member"], **values}
    if state == "in_review":
        return builders.claimed_release(work, editor=people["editor"], **more)
    if state in ("changes_requested", "rejected"):
        outcome = {"changes_requested": "request_changes", "rejected": "reject"}[state]
        return builders.decided_release(work, outcome, editor=people["editor"], **more)
    if state == "published":
        return builders.published_release(work, **more)
    return builders.release(work, state=state, **more)


def happen(portal: Portal, room: Newsroom, fact: str, *, now: datetime = NOON, **more: Any) -> int:
    """Record a fact with its outbox row, as the actions do; answers with the outbox id."""
    with portal.work() as work:
        row = outbox.put(work, fact, now=now, **_about(work, room, fact, now, more))
        assert row is not None
        work.commit()
        return row.id


def _about(
    work: UnitOfWork, room: Newsroom, fact: str, now: datetime, more: dict[str, Any]
) -> dict[str, Any]:
    if fact in OF_THE_PROGRAM:
        return more
    if FACTS[fact].notices[0].to in (PERSON, ASKER) and fact not in TO_AN_EDITOR:
        return {"user_id": room.member, "token_id": _token(work, room, fact, now), **more}
    if FACTS[fact].notices[0].to == READER:
        return {"subscriber_id": _reader(work, now).id, **more}
    release = work.session.get_one(Release, room.release)
    writes = {"message_sent": room.member, "message_answered": room.editor, "asked_back": room.member}
    known: dict[str, Any] = {"release_id": room.release, "edition_id": room.edition}
    if fact in writes:
        author = work.session.get_one(User, writes[fact])
        known["message_id"] = builders.message(
            work, release, author, more.pop("text", "A word.\nAnd more.")
        ).id
    if fact in TO_AN_EDITOR:
        known["user_id"] = room.editor
    if fact in MAILED_BEFORE:
        _mailed_a_reader(work, room, *MAILED_BEFORE[fact], now)
    detail = {"mail_readers": True} if fact == "killed" else {}
    known["timeline_id"] = _entry(work, room, fact, now, more.pop("detail", detail)).id
    return known | more


def _reader(work: UnitOfWork, now: datetime) -> Subscriber:
    address = f"reader{secrets.token_hex(4)}@elsewhere.example"
    row = Subscriber(email=address, nonce="0123456789abcdef", asked_at=now)
    work.session.add(row)
    work.session.flush()
    return row


def _mailed_a_reader(work: UnitOfWork, room: Newsroom, fact: str, template: str, now: datetime) -> None:
    """Somebody outside the house who was mailed about the release before."""
    row = Outbox(fact=fact, release_id=room.release, created_at=now, not_before=now, relayed_at=now)
    work.session.add(row)
    work.session.flush()
    to, sent = "reader@elsewhere.example", {"state": "sent", "sent_at": now}
    work.session.add(Delivery(outbox_id=row.id, template=template, recipient=to, next_at=now, **sent))


def _entry(work: UnitOfWork, room: Newsroom, fact: str, now: datetime, detail: Any) -> Any:
    release = work.session.get_one(Release, room.release)
    decision = work.session.query(Decision).filter_by(edition_id=room.edition).one_or_none()
    if decision is not None:
        detail = {"decision": decision.id, **detail}
    return timeline.append(
        work,
        release,
        fact=fact,
        now=now,
        edition_id=room.edition,
        revision_id=release.editions[0].revision_id,
        actor_id=room.editor,
        actor_name="Editor Name",
        to_state=TO_STATES.get(fact, ""),
        detail=detail,
    )


def _token(work: UnitOfWork, room: Newsroom, fact: str, now: datetime) -> int | None:
    if fact not in LINKS:
        return None
    person = work.session.get_one(User, room.member)
    row = SingleUseToken(
        purpose=LINKS[fact],
        nonce="0123456789abcdef",
        user_id=person.id,
        email=person.email,
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    work.session.add(row)
    work.session.flush()
    if fact == "confirmation_asked_again":
        typed = {"name": person.name, "password_hash": "", "organisation": "Selat Biru Ferries"}
        work.session.add(Registration(token_id=row.id, user_id=person.id, asked_at=now, **typed))
    return row.id


def bench_of(portal: Portal, sender: Any, now: datetime = NOON) -> Bench:
    return Bench(portal, StillClock(now), sender)


class ScriptedSmtp:
    """A mail server that answers to DATA and RCPT with what its script says, then with 250."""

    def __init__(self, data: list[str] | None = None, recipient: list[str] | None = None) -> None:
        self.data = data or []
        self.recipient = recipient or []
        self.taken: list[bytes] = []

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        answer = self.recipient.pop(0) if self.recipient else "250 OK"
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.data.pop(0) if self.data else "250 OK"
        if answer.startswith("2"):
            self.taken.append(envelope.content)
        return answer


@contextmanager
def running_smtp(handler: ScriptedSmtp) -> Iterator[str]:
    """The `smtp://` URL of a mail server on a port of its own."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
