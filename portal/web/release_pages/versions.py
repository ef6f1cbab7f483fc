"""The texts of a release side by side: who made which version when, which one is public, what an editor changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.rules import release_states as states
from portal.rules.permissions import NEWSROOM
from portal.storage.queries import releases
from portal.storage.queries.releases import Case
from portal.storage.tables import Revision, User
from portal.text.reading_copy import changes


@dataclass(frozen=True)
class Version:
    """One readable text of a release: who made it when, and whether readers see it now."""

    number: int
    says: str
    at: datetime
    is_public: bool
    corrects: bool


def public_word(case: Case, visible: bool, moment: datetime) -> str:
    """How readers meet the release now, whatever becomes of a correction; empty while they do not."""
    expires = case.release.expires_at
    expired = expires is not None and expires <= moment
    word = states.shown_publication(case.release.publication, visible=visible, expired=expired)
    return word if word in (states.PUBLISHED, states.ARCHIVED) else ""


def wording(session: Session, case: Case) -> list[tuple[str, str]]:
    """What an editor changed in the sender's text, word by word; empty where the text is the sender's own."""
    own, current = session.get(Revision, case.edition.sender_revision_id or 0), case.edition.revision
    return changes(case.release.kind, own.content, current.content) if own and current else []


def versions_of(session: Session, case: Case, revisions: list[Revision], *, visible: bool) -> list[Version]:
    """Newest first."""
    corrections = releases.corrections(session, case.release)
    return [
        Version(
            number=each.number,
            says=_says(each.created_by),
            at=each.created_at,
            is_public=visible and each.id == case.release.live_revision_id,
            corrects=each.edition_id in corrections,
        )
        for each in revisions
    ]


def kind_of(session: Session, case: Case, revision: Revision) -> str:
    """Which kind of news it was when this text was sent."""
    later = (
        row.detail["from"]
        for row in reversed(releases.timeline(session, case.release))
        if row.fact == "kind_changed" and row.at >= revision.created_at
    )
    return next(later, case.release.kind)


def _says(maker: User) -> str:
    return f"Worded by {maker.name}" if maker.role in NEWSROOM else "Sent"
