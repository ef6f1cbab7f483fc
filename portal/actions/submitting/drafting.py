"""Writing a release: start it, save its pages, start anew from an old text. Nothing typed is ever lost."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select

from portal.actions.portal import Portal
from portal.actions.presses import begin_press, keep_press
from portal.actions.releases import content as contents
from portal.actions.releases import mail_hold
from portal.actions.releases.columns import new_submission_key
from portal.actions.releases.moving import Act, acting
from portal.actions.submitting.changing_kind import without_what_was_set_aside
from portal.actions.submitting.following_place import followed
from portal.actions.submitting.putting_in_place import (
    REST,
    STEP,
    put_in_place,
    with_rest,
    without_what_was_taken_out,
)
from portal.rules.issues import Issue
from portal.rules.kinds import KINDS
from portal.rules.permissions import Person
from portal.rules.refusals import Invalid, NotFound
from portal.rules.release_states import DRAFT, HIDDEN
from portal.storage import timeline
from portal.storage.tables import Edition, Organisation, Release
from portal.storage.unit_of_work import UnitOfWork

SHOWS_WHAT_WAS_SET_ASIDE = "news"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Saved:
    """What became of a page: the new version, what on it cannot be read (saved as typed all the same), and whether parts
    of a pasted story were left out."""

    version: int
    issues: tuple[Issue, ...]
    left_something_out: bool = False


def start(
    portal: Portal, actor: Person, kind: str, *, now: datetime, organisation_id: int | None = None
) -> str:
    """A new draft; its reference at once.

    Raises Invalid for an unknown kind, NotFound for somebody else's house, and Repeated with the reference where the
    same press began one already.
    """
    if kind not in KINDS:
        raise Invalid("Choose the kind of your news.")
    with portal.work() as work:
        pressed = begin_press(work, portal.press, still=lambda begun: _is_untouched(work, begun))
        begun = _Beginning(work, portal, actor, now)
        release = begun.release(_own_organisation(work, actor, organisation_id), kind)
        begun.edition(release, contents.empty())
        begun.record(release)
        keep_press(pressed, result=release.reference)
        work.commit()
        return release.reference


def save(
    portal: Portal,
    actor: Person,
    reference: str,
    *,
    page: str,
    posted: Mapping[str, str],
    version: int,
    now: datetime,
) -> Saved:
    """Save one page as typed. Raises NotFound, or Conflict when the release moved since the page was made.

    Words that stand there already change nothing, whichever version their page showed. Beside the answers of the
    page, `posted` may hold lines that came behind a headline (`REST`) and what to put in its place (`STEP`).
    """
    with acting(portal, actor, reference, now=now) as act:
        act.require_step("save")
        kind, timeless = act.release.kind, act.edition.is_correction
        draft = contents.merged(act.edition.draft, kind, page, posted, is_correction=timeless)
        draft = without_what_was_taken_out(draft) if page == "story" else draft
        draft = put_in_place(
            with_rest(draft, posted.get(REST, "")), posted.get(STEP, ""), act.release.organisation
        )
        draft = followed(act.edition.draft, draft, posted, act.settings.timezone)
        draft = without_what_was_set_aside(draft) if page == SHOWS_WHAT_WAS_SET_ASIDE else draft
        if draft != act.edition.draft:
            act.require_version(version)
        _keep(act, draft)
        if act.release.version != version:
            mail_hold.end(act.work, act.case, now=now)
        issues = contents.unreadable_on(kind, page, act.edition.draft, is_correction=timeless)
        left_out = page == "story" and "left_out" in act.edition.draft
        return Saved(act.release.version, tuple(issues), left_out)


def clone(portal: Portal, actor: Person, reference: str, *, version: int, now: datetime) -> str:
    """A new draft of a new release from a text that was not accepted, withdrawn or expired."""
    with acting(portal, actor, reference, now=now) as act:
        row = act.require("clone", version)
        begun = _Beginning(act.work, portal, actor, now)
        release = begun.release(
            _own_organisation(act.work, actor, act.release.organisation_id), act.release.kind
        )
        release.ancestor_id = act.release.id
        begun.edition(release, contents.copied(act.edition.draft))
        begun.record(release, ancestor=act.release.reference)
        act.move(row, detail={"to": release.reference})
        return act.leads_to(release.reference)


def _keep(act: Act, draft: contents.Content) -> None:
    edition, changed = act.edition, draft != act.edition.draft
    edition.draft = draft
    edition.draft_saved_at, edition.draft_saved_by_id = act.now, act.person.id
    edition.headline = draft["values"].get("headline", "")
    edition.language = draft["values"].get("language", "")[:40]
    if changed:
        act.release.version += 1
        act.release.moved_at = act.now


def _is_untouched(work: UnitOfWork, reference: str) -> bool:
    """Is this draft as it was begun? A second tab for another story must not write into the first one's."""
    drafts = work.session.scalars(
        select(Edition.draft)
        .join(Release, Release.id == Edition.release_id)
        .where(Release.reference == reference)
    )
    return all(draft == contents.empty() for draft in drafts)


def _own_organisation(work: UnitOfWork, actor: Person, organisation_id: int | None) -> Organisation:
    chosen = organisation_id if organisation_id is not None else min(actor.memberships, default=None)
    if chosen not in actor.memberships:
        raise NotFound
    return work.session.get_one(Organisation, chosen)


@dataclass(frozen=True)
class _Beginning:
    """A member at work on a release that is not there yet: its row, its first edition and its first fact."""

    work: UnitOfWork
    portal: Portal
    actor: Person
    now: datetime

    def release(self, organisation: Organisation, kind: str) -> Release:
        release = Release(
            reference=self._fresh_reference(),
            feed_id=f"urn:uuid:{uuid4()}",
            kind=kind,
            organisation=organisation,
            created_by_id=self.actor.id,
            created_at=self.now,
            moved_at=self.now,
            chain_count=0,
            chain_head="",
            publication=HIDDEN,
            version=1,
        )
        self.work.session.add(release)
        self.work.session.flush()
        return release

    def edition(self, release: Release, draft: contents.Content) -> None:
        edition = Edition(
            release_id=release.id,
            number=1,
            state=DRAFT,
            draft=draft,
            draft_saved_at=self.now,
            draft_saved_by_id=self.actor.id,
            headline=draft["values"].get("headline", ""),
            language=draft["values"].get("language", ""),
            submission_key=new_submission_key(),
        )
        self.work.session.add(edition)
        self.work.session.flush()

    def record(self, release: Release, ancestor: str = "") -> None:
        timeline.append(
            self.work,
            release,
            fact="draft_started",
            now=self.now,
            actor_id=self.actor.id,
            actor_name=self.actor.name,
            to_state=DRAFT,
            detail={"from": ancestor} if ancestor else {},
        )

    def _fresh_reference(self) -> str:
        settings = self.portal.settings
        year = self.now.astimezone(settings.zone).year
        while True:
            letters = "".join(secrets.choice(ALPHABET) for _ in range(5))
            reference = f"{settings.reference_prefix}-{year}-{letters}"
            taken = select(Release.id).where(Release.reference == reference)
            if self.work.session.scalar(taken) is None:
                return reference
