"""The one door to every state: somebody at work on a release, the tables that say what they may, and the trace they leave.

An edition and a release's publication move by compare-and-set (`UPDATE … WHERE state = …`); the version moves with
them, the timeline row and the outbox row are written beside it, all in one transaction that ends with the act.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import Update, update
from sqlalchemy.orm import Session

from portal.actions.portal import Portal
from portal.actions.presses import begin_press, keep_press
from portal.actions.releases import asking, finding, mail_hold
from portal.rules import permissions
from portal.rules import release_states as states
from portal.rules.facts import FACTS
from portal.rules.permissions import Matter, Person, Verdict
from portal.rules.refusals import Conflict, NotFound, Winner
from portal.rules.release_states import (
    DRAFT,
    EDITABLE_STATES,
    PUBLICATION,
    UNCHANGED,
    Step,
    publication_step,
    review_step,
    who_takes,
)
from portal.settings import Settings
from portal.storage import outbox, timeline
from portal.storage.columns import EditionColumns, ReleaseColumns
from portal.storage.queries import endorsements, people, releases
from portal.storage.queries.releases import Case
from portal.storage.tables import Edition, PressedForm, Release, TimelineEntry
from portal.storage.unit_of_work import UnitOfWork

# What people write to each other moves no version.
TALK = ("message_sent", "message_answered")
FASTER = "Somebody else was faster."
NOT_POSSIBLE = "This step is no longer possible."


class Told(TypedDict, total=False):
    """What goes with a fact: `detail` into the timeline, the others into the mails that it sets off.

    `tell`: the user whom its notices concern where that is not the sender. `message_id`: the words that go along.
    `not_before`: until when its mails are held.
    """

    detail: Mapping[str, Any]
    tell: int | None
    message_id: int | None
    not_before: datetime | None


@dataclass(frozen=True)
class Act:
    """Somebody at work on a release, in one transaction. `actor` is None where the clock acts."""

    work: UnitOfWork
    portal: Portal
    case: Case
    actor: Person | None
    now: datetime
    pressed: PressedForm | None = None

    @property
    def release(self) -> Release:
        return self.case.release

    @property
    def edition(self) -> Edition:
        return self.case.edition

    @property
    def session(self) -> Session:
        return self.work.session

    @property
    def settings(self) -> Settings:
        return self.portal.settings

    @property
    def person(self) -> Person:
        """Whoever acts, where it is a person."""
        assert self.actor is not None  # the clock takes only steps of its own
        return self.actor

    def on(self, case: Case) -> "Act":
        """The same person at work on another edition or release, in the same transaction."""
        return replace(self, case=case)

    def by_itself(self) -> "Act":
        """What follows from a step by itself, as the clock's own steps do."""
        return replace(self, actor=None)

    def leads_to(self, reference: str) -> str:
        """Where the answer of this act leads, also when its press comes again."""
        keep_press(self.pressed, result=reference)
        return reference

    def matter(self) -> Matter:
        """What the permission table is asked about."""
        return asking.matter_of(self.session, self.case)

    def shown_publication(self) -> str:
        return asking.shown_publication(self.session, self.case, self.now)

    def require(self, step: str, version: int) -> Step:
        """The row that allows this step now, to a page that is of today. Raises NotFound, Conflict."""
        row = self.require_step(step)
        self.require_version(version)
        return row

    def require_step(self, step: str) -> Step:
        """The row that allows this step now, for this person.

        Raises NotFound where the person's role may not know of it, Conflict where the state or the rules say no.
        """
        return self._required(review_step(step, self.edition.state), who_takes(step), NOT_POSSIBLE)

    def require_publication(self, step: str, version: int) -> Step:
        """The same for a step of the publication."""
        row = self.require_publication_step(step)
        self.require_version(version)
        return row

    def require_publication_step(self, step: str, *, otherwise: str = NOT_POSSIBLE) -> Step:
        """The row of the publication table that allows this step now, for this person.

        Raises NotFound, or Conflict with the sentence `otherwise` where the publication does not allow it.
        """
        row = publication_step(step, self.shown_publication())
        return self._required(row, who_takes(step, PUBLICATION), otherwise)

    def require_member(self) -> None:
        """For what only the sender's side does. Raises NotFound."""
        self._require("member")

    def require_editor(self) -> None:
        """For what editors do beside the states. Raises NotFound, or Conflict for one's own organisation."""
        self._require("editor")

    def require_version(self, version: int) -> None:
        """Raises Conflict where somebody moved the release after the asker's page was made."""
        if self.release.version != version:
            raise self.conflict("The release changed after you opened this page.", besides=TALK)

    def conflict(self, sentence: str, *, besides: Collection[str] = ()) -> Conflict:
        """The refusal for somebody who came second: it names who did what, when; `besides` is what did not do it."""
        last = releases.last_act_of_a_person(self.session, self.release, besides=besides)
        saved_at, saver_id = self.edition.draft_saved_at, self.edition.draft_saved_by_id
        if last is None or _saved_after(self.case, last):
            return Conflict(
                sentence, Winner(people.name_of(self.session, saver_id), "saved", saved_at, saver_id)
            )
        return Conflict(sentence, Winner(last.actor_name, last.fact, last.at, last.actor_id))

    def move(
        self, row: Step, *, changes: EditionColumns | None = None, **told: Unpack[Told]
    ) -> TimelineEntry:
        """Take the step: state, version, timeline and outbox together. `changes`: what else it sets on the edition.

        Raises Conflict where the state changed meanwhile.
        """
        was = self.edition.state
        becomes = was if row.to == UNCHANGED else row.to
        self._set_state(was, becomes, changes or {})
        if was == states.AWAITING_SECOND != becomes:
            endorsements.end(self.work, self.edition, now=self.now)
        if row.who != "clock":
            self.release.version += 1
        self.release.moved_at = self.now
        return self.record(row.fact or row.step, from_state=was, to_state=becomes, **told)

    def begin_edition(self, row: Step, columns: EditionColumns, detail: Mapping[str, Any]) -> "Act":
        """A further edition of a public release, in the state that the row leads to. `columns`: all else of it."""
        edition = Edition(release_id=self.release.id, state=row.to, **columns)
        self.session.add(edition)
        self.session.flush()
        self.release.version += 1
        self.release.moved_at = self.now
        begun = self.on(Case(self.release, edition))
        begun.record(row.fact or row.step, to_state=row.to, detail=detail)
        return begun

    def move_publication(
        self, row: Step, *, changes: ReleaseColumns | None = None, **told: Unpack[Told]
    ) -> TimelineEntry:
        """Take a step of the publication: compare-and-set, version, timeline and outbox together.

        `changes`: what else it sets on the release. A row that leads to a shown state keeps what is stored.
        """
        version = Release.version + (0 if row.who == "clock" else 1)
        self._set_publication(row, {**(changes or {}), "moved_at": self.now, "version": version})
        return self.record(row.fact or row.step, **told)

    def carry_publication(self, row: Step, changes: ReleaseColumns) -> None:
        """The publication’s part of a step whose fact and version the review’s part writes. Raises Conflict."""
        self._set_publication(row, changes)

    def record(
        self, fact: str, *, from_state: str = "", to_state: str = "", **told: Unpack[Told]
    ) -> TimelineEntry:
        """Write a fact and what must be said about it, without a change of state.

        What a person does ends the hold of earlier mails; what comes of itself is said after them.
        """
        not_before, message_id = self._heed_the_hold(told.get("not_before")), told.get("message_id")
        entry = timeline.append(
            self.work,
            self.release,
            fact=fact,
            now=self.now,
            edition_id=self.edition.id,
            actor_id=self.actor.id if self.actor else None,
            actor_name=self.actor.name if self.actor else "",
            from_state=from_state,
            to_state=to_state,
            revision_id=self.edition.revision_id,
            detail={**told.get("detail", {}), **({"message": message_id} if message_id else {})},
        )
        if FACTS[fact].notices:
            outbox.put(
                self.work,
                fact,
                now=self.now,
                timeline_id=entry.id,
                release_id=self.release.id,
                edition_id=self.edition.id,
                user_id=told.get("tell"),
                message_id=message_id,
                not_before=not_before,
            )
        return entry

    def _heed_the_hold(self, not_before: datetime | None) -> datetime | None:
        """Until when the mails of this fact wait."""
        if self.actor is None:
            return not_before or mail_hold.end_of_the_wait(self.work, self.case, self.now)
        mail_hold.end(self.work, self.case, now=self.now)
        return not_before

    def _set_state(self, was: str, becomes: str, changes: EditionColumns) -> None:
        """The row comes back with the statement that changed it; whom and what it names is looked up when asked for."""
        self.session.flush()
        hit = self.session.scalars(
            update(Edition)
            .where(Edition.id == self.edition.id, Edition.state == was)
            .values(state=becomes, **changes)
            .returning(Edition),
            execution_options={"synchronize_session": False, "populate_existing": True},
        ).one_or_none()
        if hit is None:
            raise self.conflict(FASTER)
        self.session.expire(self.edition, ("holder", "kept_for", "revision"))

    def _set_publication(self, row: Step, changes: Mapping[str, Any]) -> None:
        """What is kept for searching follows."""
        was = self.release.publication
        becomes = row.to if row.to in states.PUBLICATION_STATES else was
        self._hit_one(
            update(Release)
            .where(Release.id == self.release.id, Release.publication == was)
            .values(publication=becomes, **changes)
        )
        self.session.refresh(self.release)
        finding.follow(self.work, self.release)

    def _hit_one(self, statement: Update) -> None:
        """The compare-and-set: a row that somebody else moved meanwhile is not hit."""
        self.session.flush()
        hit = self.session.execute(statement.execution_options(synchronize_session=False))
        if hit.rowcount != 1:  # type: ignore[attr-defined]  # a CursorResult
            raise self.conflict(FASTER)

    def _required(self, row: Step | None, who: str, otherwise: str) -> Step:
        verdict = permissions.may(who, self.person, self.matter())
        if verdict.hidden:
            raise NotFound
        if row is None or not row.offered:
            raise self.conflict(otherwise)
        self._allow(verdict)
        return row

    def _require(self, who: str) -> None:
        self._allow(permissions.may(who, self.person, self.matter()))

    def _allow(self, verdict: Verdict) -> None:
        if verdict.hidden:
            raise NotFound
        if not verdict.allowed:
            raise self.conflict(verdict.reason)


@contextmanager
def acting(portal: Portal, actor: Person, reference: str, *, now: datetime) -> Iterator[Act]:
    """Somebody at work on a release, locked; what they did is committed at the end of the block, or none of it.

    Raises NotFound for a stranger as for no release, and Repeated where the press that set it off has done its work.
    """
    with portal.work() as work:
        case = releases.find_for_change(work, reference)
        if case is None or not permissions.may_know(actor, asking.matter_of(work.session, case)):
            raise NotFound
        pressed = begin_press(work, portal.press, case.release)
        yield Act(work, portal, case, actor, now, pressed)
        keep_press(pressed, case.release)
        work.commit()


@contextmanager
def clock_acting(
    portal: Portal, find: Callable[[UnitOfWork], Case | None], *, now: datetime
) -> Iterator[Act | None]:
    """The clock at work on what it found, locked and read again; None where it is there no more."""
    with portal.work() as work:
        case = find(work)
        yield Act(work, portal, case, None, now) if case else None
        work.commit()


def hidden() -> ReleaseColumns:
    """Of a release that no reader meets, nor will by itself. Its slug stays: an address is never another's."""
    return {"live_from": None, "went_live_at": None, "live_edition_id": None, "live_revision_id": None}


def gone_live(planned: datetime, now: datetime) -> ReleaseColumns:
    """Of a release whose going live is recorded now; also what the sweep writes for many at once."""
    return {"went_live_at": now, "updated_at": planned}


def _saved_after(case: Case, last: TimelineEntry) -> bool:
    """Was the draft saved after the last step? A saving is no row of the timeline, and a test clock stands still."""
    saved_at, state = case.edition.draft_saved_at, case.edition.state
    return state in EDITABLE_STATES and (saved_at > last.at or (saved_at == last.at and state == DRAFT))
