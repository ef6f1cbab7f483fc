"""A house, a newsroom and the actions between them: what tests of whole steps stand on.

Everything here goes through the actions, as the pages do; `Desk.sent()` is a release that waits for an editor.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import event, func, select

from portal.actions.moderating import examining, reading
from portal.actions.moderating.reading import Verdict
from portal.actions.portal import Portal
from portal.actions.releases import content as contents
from portal.actions.submitting import drafting, sending
from portal.rules.permissions import Person
from portal.rules.refusals import Refused
from portal.settings import Settings
from portal.storage.queries import people, public_releases, releases
from portal.storage.queries.releases import Case
from portal.storage.tables import Base, Outbox
from portal.storage.unit_of_work import UnitOfWork
from tests import builders
from tests.rules.examples import EXAMPLES

PAGES = ("news", "facts", "story", "contact")
RECORDED = {
    "identity_person": "Bambang Hartanto",
    "identity_number": "+62 31 555 0100",
    "identity_source": "the harbour office’s own list",
    "consent_note": "Seen, signed on paper.",
    "check_note": "Looked up in the court’s list.",
}
DECLARED = {"declare_authorised": "y", "declare_facts": "y", "declare_rights": "y"}


@dataclass(frozen=True)
class People:
    """Everybody that a step may be tried by."""

    owner: Person
    member: Person
    stranger: Person
    editor: Person
    other_editor: Person
    insider: Person
    senior: Person
    admin: Person

    def all(self) -> dict[str, Person]:
        return dict(vars(self))


def gather(work: UnitOfWork) -> People:
    """Eight people, two houses. The insider is an editor who belongs to the first house."""
    house = builders.organisation(work, name="Selat Biru Ferries")
    other = builders.organisation(work, name="Kinta Rovers", domain="rovers.example")
    rows = {
        name: builders.user(work, name=f"{name} {surname}", role=role)
        for name, surname, role in (
            ("owner", "Hartanto", "member"),
            ("member", "Anggraini", "member"),
            ("stranger", "Osman", "member"),
            ("editor", "Lim", "editor"),
            ("other_editor", "Vongsa", "editor"),
            ("insider", "Prihadi", "editor"),
            ("senior", "Chenda", "senior"),
            ("admin", "Noy", "admin"),
        )
    }
    builders.membership(work, rows["owner"], house)
    builders.membership(work, rows["member"], house, "member")
    builders.membership(work, rows["insider"], house, "member")
    builders.membership(work, rows["stranger"], other)
    return People(**{name: people.person(work.session, row) for name, row in rows.items()})


class Desk:
    """Takes the steps of a release with short words, always by the newest version unless one is given."""

    def __init__(self, portal: Portal, cast: People, now: datetime) -> None:
        self.portal, self.people, self.now = portal, cast, now

    def draft(self, kind: str = "business", *, by: Person | None = None, **changes: str) -> str:
        """A whole draft; its reference."""
        actor = by or self.people.member
        reference = drafting.start(self.portal, actor, kind, now=self.now)
        with self.portal.work() as work:
            case = releases.find_for_change(work, reference)
            assert case is not None
            case.edition.draft = whole(kind, **changes)
            case.edition.headline = case.edition.draft["values"]["headline"]
            case.release.version += 1
            work.commit()
        return reference

    def save(
        self, reference: str, page: str, values: Mapping[str, str], *, by: Person | None = None
    ) -> drafting.Saved:
        return drafting.save(
            self.portal,
            by or self.people.member,
            reference,
            page=page,
            posted=values,
            version=self.version(reference),
            now=self.now,
        )

    def send(
        self, reference: str, *, key: str = "", version: int = 0, by: Person | None = None
    ) -> sending.Sent:
        return sending.submit(
            self.portal,
            by or self.people.member,
            reference,
            posted=DECLARED,
            version=version or self.version(reference),
            key=key or self.edition(reference).submission_key,
            now=self.now,
        )

    def sent(self, kind: str = "business", **changes: str) -> str:
        reference = self.draft(kind, **changes)
        self.send(reference)
        return reference

    def claim(self, reference: str, *, by: Person | None = None) -> None:
        actor = by or self.people.editor
        reading.claim(self.portal, actor, reference, version=self.version(reference), now=self.now)

    def held(self, kind: str = "business", *, by: Person | None = None, **changes: str) -> str:
        """Sent, and an editor reads it."""
        reference = self.sent(kind, **changes)
        self.claim(reference, by=by)
        return reference

    def decide(
        self, reference: str, decision: str = "approve", *, by: Person | None = None, **more: Any
    ) -> reading.Decided:
        version = more.pop("version", 0) or self.version(reference)
        return reading.decide(
            self.portal,
            by or self.people.editor,
            reference,
            self.verdict(reference, decision, **more),
            version=version,
            now=self.now,
        )

    def verdict(self, reference: str, decision: str = "approve", **more: Any) -> Verdict:
        """A complete decision on the text as it stands; an approval comes with every recorded act."""
        if decision == "approve":
            more = RECORDED | more
        if decision != "approve":
            more = {"reasons": ["WEAK_LEAD"], "message": "Say in the first sentence what is new."} | more
        revision = self.edition(reference).revision
        return Verdict(**{"decision": decision, "revision_hash": revision.hash if revision else "", **more})

    def decided(self, decision: str, kind: str = "business", **changes: str) -> str:
        reference = self.held(kind, **changes)
        self.decide(reference, decision)
        return reference

    def take(self, step: Callable[..., Any], reference: str, by: Person, **more: Any) -> Any:
        """Any action that takes a version."""
        version = more.pop("version", 0) or self.version(reference)
        return step(self.portal, by, reference, version=version, now=self.now, **more)

    def examine(self, reference: str) -> bool:
        return examining.examine(self.portal, self.edition(reference).id, now=self.now)

    def case(self, reference: str) -> Case:
        with self.portal.database.reading() as session:
            found = releases.find(session, reference)
            assert found is not None
            return found

    def edition(self, reference: str) -> Any:
        return self.case(reference).edition

    def release(self, reference: str) -> Any:
        return self.case(reference).release

    def version(self, reference: str) -> int:
        return self.case(reference).release.version

    def state(self, reference: str) -> str:
        return self.edition(reference).state

    def values(self, reference: str) -> dict[str, str]:
        return self.edition(reference).draft["values"]

    def facts(self, reference: str) -> list[str]:
        """The timeline's facts, oldest first."""
        with self.portal.database.reading() as session:
            rows = releases.timeline(session, self.release(reference))
            return [row.fact for row in reversed(rows)]

    def told(self, fact: str) -> list[Outbox]:
        """The outbox rows of a fact."""
        with self.portal.database.reading() as session:
            return list(session.scalars(select(Outbox).where(Outbox.fact == fact).order_by(Outbox.id)))

    def is_public(self, reference: str, at: datetime) -> bool:
        with self.portal.database.reading() as session:
            return public_releases.one(session, at, reference) is not None

    def count(self, table: Any) -> int:
        with self.portal.database.reading() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def rows(self) -> dict[str, list[Any]]:
        """Everything in the database, to say that nothing changed."""
        with self.portal.database.reading() as session:
            return {
                table.name: [
                    tuple(row) for row in session.execute(table.select().order_by(*table.primary_key))
                ]
                for table in Base.metadata.sorted_tables
            }


def open_desk(database: Any, settings: Settings, now: datetime) -> Desk:
    """A desk in an empty database, at one instant."""
    if database.is_sqlite:
        event.listen(database.engine, "connect", _hurry)
    portal = Portal(database, replace(settings, database_url=database.url), request_id="request-1")
    with portal.work() as work:
        cast = gather(work)
        work.commit()
    return Desk(portal, cast, now)


def _hurry(connection: Any, _record: Any) -> None:
    """No test here is about a power cut."""
    connection.execute("PRAGMA synchronous=OFF")


def whole(kind: str, **changes: str) -> contents.Content:
    """What all pages of an example leave in an edition."""
    content = contents.empty()
    for page in PAGES:
        content = contents.merged(content, kind, page, {**EXAMPLES[kind], **changes})
    return content


def at_once(steps: Sequence[Callable[[], Any]]) -> list[Any]:
    """Take all steps at the same moment, each in a thread of its own. Answers or refusals, in their order."""
    barrier = threading.Barrier(len(steps))

    def take(step: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return step()
        except Refused as refused:
            return refused

    with ThreadPoolExecutor(len(steps)) as threads:
        return list(threads.map(take, steps))
