"""Writing a release: start it, save its pages, start anew from an old text. Nothing typed is ever lost."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select

from portal.actions.portal import Portal
from portal.actions.releases import content as contents
from portal.actions.releases import mail_hold, moving
from portal.actions.releases.columns import new_submission_key
from portal.rules.issues import Issue
from portal.rules.kinds import KINDS
from portal.rules.permissions import Person
from portal.rules.refusals import Invalid, NotFound
from portal.rules.release_states import DRAFT
from portal.storage import timeline
from portal.storage.queries.releases import Case
from portal.storage.tables import Edition, Organisation, Release
from portal.storage.unit_of_work import UnitOfWork

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Saved:
    """What became of a page: the new version, and what on it cannot be read (saved as typed all the same)."""

    version: int
    issues: tuple[Issue, ...]


def start(
    portal: Portal, actor: Person, kind: str, *, now: datetime, organisation_id: int | None = None
) -> str:
    """A new draft; its reference at once. Raises Invalid for an unknown kind, NotFound for somebody else's house."""
    if kind not in KINDS:
        raise Invalid("Choose the kind of your news.")
    with portal.work() as work:
        organisation = _own_organisation(work, actor, organisation_id)
        release = _new_release(work, portal, actor, organisation, kind, now)
        _new_edition(work, release, actor, contents.empty(), now)
        _record_start(work, release, actor, now)
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
    """Save one page as typed. Raises NotFound, or Conflict when the release moved since the page was made."""
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        moving.require_step(work, case, "save", actor)
        moving.require_version(work, case, version)
        kind, timeless = case.release.kind, case.edition.is_correction
        draft = contents.merged(case.edition.draft, kind, page, posted, is_correction=timeless)
        _keep(case, actor, draft, now)
        if case.release.version != version:
            mail_hold.end(work, case, now=now)
        issues = contents.unreadable_on(kind, page, case.edition.draft, is_correction=timeless)
        work.commit()
        return Saved(case.release.version, tuple(issues))


def clone(portal: Portal, actor: Person, reference: str, *, version: int, now: datetime) -> str:
    """A new draft of a new release from a text that was not accepted, withdrawn or expired."""
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        row = moving.require_step(work, case, "clone", actor)
        moving.require_version(work, case, version)
        organisation = _own_organisation(work, actor, case.release.organisation_id)
        release = _new_release(work, portal, actor, organisation, case.release.kind, now)
        release.ancestor_id = case.release.id
        _new_edition(work, release, actor, contents.copied(case.edition.draft), now)
        _record_start(work, release, actor, now, ancestor=case.release.reference)
        moving.move(work, case, row, actor=actor, now=now, detail={"to": release.reference})
        work.commit()
        return release.reference


def _keep(case: Case, actor: Person, draft: contents.Content, now: datetime) -> None:
    changed = draft != case.edition.draft
    case.edition.draft = draft
    case.edition.draft_saved_at, case.edition.draft_saved_by_id = now, actor.id
    case.edition.headline = draft["values"].get("headline", "")
    case.edition.language = draft["values"].get("language", "")[:40]
    if changed:
        case.release.version += 1
        case.release.moved_at = now


def _own_organisation(work: UnitOfWork, actor: Person, organisation_id: int | None) -> Organisation:
    chosen = organisation_id if organisation_id is not None else min(actor.memberships, default=None)
    if chosen not in actor.memberships:
        raise NotFound
    return work.session.get_one(Organisation, chosen)


def _new_release(
    work: UnitOfWork, portal: Portal, actor: Person, organisation: Organisation, kind: str, now: datetime
) -> Release:
    release = Release(
        reference=_fresh_reference(work, portal, now),
        feed_id=f"urn:uuid:{uuid4()}",
        kind=kind,
        organisation=organisation,
        created_by_id=actor.id,
        created_at=now,
        moved_at=now,
        chain_count=0,
        chain_head="",
        publication="hidden",
        version=1,
    )
    work.session.add(release)
    work.session.flush()
    return release


def _fresh_reference(work: UnitOfWork, portal: Portal, now: datetime) -> str:
    year = now.astimezone(portal.settings.zone).year
    while True:
        letters = "".join(secrets.choice(ALPHABET) for _ in range(5))
        reference = f"{portal.settings.reference_prefix}-{year}-{letters}"
        if work.session.scalar(select(Release.id).where(Release.reference == reference)) is None:
            return reference


def _new_edition(
    work: UnitOfWork, release: Release, actor: Person, draft: contents.Content, now: datetime
) -> Edition:
    edition = Edition(
        release_id=release.id,
        number=1,
        state=DRAFT,
        draft=draft,
        draft_saved_at=now,
        draft_saved_by_id=actor.id,
        headline=draft["values"].get("headline", ""),
        language=draft["values"].get("language", ""),
        submission_key=new_submission_key(),
    )
    work.session.add(edition)
    work.session.flush()
    return edition


def _record_start(
    work: UnitOfWork, release: Release, actor: Person, now: datetime, ancestor: str = ""
) -> None:
    timeline.append(
        work,
        release,
        fact="draft_started",
        now=now,
        actor_id=actor.id,
        actor_name=actor.name,
        to_state=DRAFT,
        detail={"from": ancestor} if ancestor else {},
    )
