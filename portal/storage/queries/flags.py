"""What is known of an edition's risk flags from earlier texts: what the checks had found, what editors said."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.storage.tables import Edition, Examination, TimelineEntry


def found_before(session: Session, edition: Edition) -> frozenset[str]:
    """The flags that the checks found on the text before the current one; none where they had not looked."""
    statement = (
        select(Examination.flags)
        .where(Examination.edition_id == edition.id, Examination.revision_id != edition.revision_id)
        .order_by(Examination.id.desc())
        .limit(1)
    )
    return frozenset(session.scalar(statement) or ())


def set_by_editors(session: Session, edition: Edition) -> dict[str, datetime]:
    """The flags that an editor set and none took off since, each with when it was set."""
    changes = session.execute(
        select(TimelineEntry.at, TimelineEntry.detail)
        .where(
            TimelineEntry.release_id == edition.release_id,
            TimelineEntry.edition_id == edition.id,
            TimelineEntry.fact == "flags_changed",
        )
        .order_by(TimelineEntry.position)
    )
    flags: dict[str, datetime] = {}
    for at, change in changes:
        flags |= dict.fromkeys(change.get("added", ()), at)
        for flag in change.get("removed", ()):
            flags.pop(flag, None)
    return flags
