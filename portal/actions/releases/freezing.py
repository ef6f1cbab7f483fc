"""A text becomes an immutable, hashed revision: by sending, by an editor's wording, by beginning a correction."""

from portal.actions.releases import content as contents
from portal.actions.releases.moving import Act
from portal.storage.columns import EditionColumns
from portal.storage.queries import releases
from portal.storage.tables import Revision


def freeze(act: Act, content: contents.Content) -> Revision:
    """The content as the newest revision of the edition; the same text again is a new one all the same.

    Revisions are numbered through the life of a release, so that “version 3” means one text only.
    """
    content = contents.as_sent(content)
    values = content["values"]
    revision = Revision(
        edition_id=act.edition.id,
        number=releases.newest_revision_number(act.session, act.release) + 1,
        content=content,
        hash=contents.content_hash(content),
        headline=values.get("headline", ""),
        language=values.get("language", "")[:40],
        city=values.get("city", ""),
        country=values.get("country", "")[:2],
        excerpt=contents.excerpt(content),
        created_at=act.now,
        created_by_id=act.person.id,
    )
    act.session.add(revision)
    act.session.flush()
    return revision


def shown_in_lists(content: contents.Content) -> EditionColumns:
    """The columns of an edition that lists of work show, for this content."""
    values = content["values"]
    return {"headline": values.get("headline", ""), "language": values.get("language", "")[:40]}
