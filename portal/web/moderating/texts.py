"""The texts of one release as the newsroom reads them: which is current, against what it is compared, who may change it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.actions.moderating.reservations import ALONE, reservation
from portal.actions.releases.asking import Offers
from portal.rules import release_states as states
from portal.settings import Settings
from portal.storage.queries import people, releases
from portal.storage.queries.releases import Case
from portal.storage.tables import Edition, Revision
from portal.text.reading_copy import changes
from portal.web.release_pages.status_page import Story
from portal.web.release_pages.versions import Version, public_word, versions_of


@dataclass(frozen=True)
class Comparison:
    """What has changed in the text, and since which text; no pairs where there is nothing to compare."""

    since: str
    pairs: list[tuple[str, str]]


@dataclass(frozen=True)
class Texts:
    """`reserved`: why this editor may not take it now. `writes`: the sender's correction that is not sent yet;
    `worded_by`: whose wording the current text is, where it is an editor's."""

    comparison: Comparison
    versions: list[Version]
    reserved: str
    alone: str
    may_correct: bool
    may_reopen: bool
    writes: Edition | None
    worded_by: str = ""


def case_to_read(session: Session, case: Case | None) -> Case | None:
    """The case with a text to read: while its sender writes a correction, that is the public edition."""
    if case is None or case.edition.revision is not None or not case.edition.is_correction:
        return case
    live = session.get(Edition, case.release.live_edition_id or 0)
    newest = select(Edition).where(Edition.release_id == case.release.id, Edition.revision_id.is_not(None))
    found = live or session.scalars(newest.order_by(Edition.number.desc()).limit(1)).first()
    return Case(case.release, found) if found else case


def texts_of(
    session: Session, case: Case, told: Story, offered: Offers, settings: Settings, moment: datetime
) -> Texts:
    held = reservation(session, case, offered.person, now=moment, zone=settings.timezone)
    waits = case.edition.state == states.SUBMITTED
    writes = releases.being_written(session, case.release)
    is_open = case.edition.state in states.OPEN_STATES
    return Texts(
        comparison=comparison(session, case, told.revisions),
        versions=versions_of(session, case, told.revisions, visible=told.visible),
        reserved=held.barred if waits else "",
        alone=ALONE if waits and held.alone else "",
        may_correct=bool(public_word(case, told.visible, moment))
        and not is_open
        and offered.may("editor").allowed,
        may_reopen=offered.takes("reopen"),
        writes=writes,
        worded_by=people.name_of(session, case.edition.edited_by_id) if case.edition.edited_by_id else "",
    )


def comparison(session: Session, case: Case, revisions: list[Revision]) -> Comparison:
    """A correction against the public text; any other text against the version before it."""
    current = case.edition.revision
    live_id = case.release.live_revision_id
    live = session.get(Revision, live_id) if live_id else None
    if current is None:
        return Comparison("", [])
    if case.edition.is_correction and live is not None and live.id != current.id:
        return Comparison("the public text", changes(case.release.kind, live.content, current.content))
    before = next((each for each in revisions if each.number < current.number), None)
    if before is None:
        return Comparison("", [])
    return Comparison(f"version {before.number}", changes(case.release.kind, before.content, current.content))
