"""A text becomes an immutable, hashed revision: by sending, by an editor's wording, by beginning a correction."""

from datetime import datetime

from portal.actions.releases import content as contents
from portal.rules.permissions import Person
from portal.storage.queries import releases
from portal.storage.queries.releases import Case
from portal.storage.tables import Revision
from portal.storage.unit_of_work import UnitOfWork


def freeze(
    work: UnitOfWork, case: Case, content: contents.Content, actor: Person, *, now: datetime
) -> Revision:
    """The content as the newest revision of the edition; the same text again is a new one all the same.

    Revisions are numbered through the life of a release, so that “version 3” means one text only.
    """
    values = content["values"]
    revision = Revision(
        edition_id=case.edition.id,
        number=releases.newest_revision_number(work.session, case.release) + 1,
        content=content,
        hash=contents.content_hash(content),
        headline=values.get("headline", ""),
        language=values.get("language", "")[:40],
        city=values.get("city", ""),
        country=values.get("country", "")[:2],
        excerpt=contents.excerpt(content),
        created_at=now,
        created_by_id=actor.id,
    )
    work.session.add(revision)
    work.session.flush()
    return revision


def shown_in_lists(content: contents.Content) -> dict[str, str]:
    """The columns of an edition that lists of work show, for this content."""
    values = content["values"]
    return {"headline": values.get("headline", ""), "language": values.get("language", "")[:40]}
