"""What is known of an edition's risk flags from earlier texts: what the checks had found, what editors said."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.storage.asked_once import asked_once, known
from portal.storage.tables import Edition, Examination, TimelineEntry


def found_before(session: Session, edition: Edition) -> frozenset[str]:
    """The flags that the checks found on the text before the current one; none where they had not looked."""
    others = (each for each in examinations_of(session, edition) if each.revision_id != edition.revision_id)
    found = next(others, None)
    return frozenset(found.flags if found else ())


def examinations_of(session: Session, edition: Edition) -> Sequence[Examination]:
    """What the checks found on each text of an edition, newest first: one for each time it was sent or worded."""
    statement = (
        select(Examination).where(Examination.edition_id == edition.id).order_by(Examination.id.desc())
    )
    return asked_once(session, ("examinations", edition.id), lambda: session.scalars(statement).all())


def timeline_of(release_id: int) -> Hashable:
    """Under this the timeline of a release is kept where it was read as a whole."""
    return "timeline", release_id


def set_by_editors(session: Session, edition: Edition) -> dict[str, datetime]:
    """The flags that an editor set and none took off since, each with when it was set."""
    flags: dict[str, datetime] = {}
    for at, change in _changes(session, edition):
        flags |= dict.fromkeys(change.get("added", ()), at)
        for flag in change.get("removed", ()):
            flags.pop(flag, None)
    return flags


def _changes(session: Session, edition: Edition) -> Iterable[tuple[datetime, dict[str, Any]]]:
    """When editors changed the flags, and how, oldest first."""
    whole = known(session, timeline_of(edition.release_id))
    if whole is not None:
        own = (each for each in reversed(whole) if each.edition_id == edition.id)
        return [(each.at, each.detail) for each in own if each.fact == "flags_changed"]
    statement = (
        select(TimelineEntry.at, TimelineEntry.detail)
        .where(
            TimelineEntry.release_id == edition.release_id,
            TimelineEntry.edition_id == edition.id,
            TimelineEntry.fact == "flags_changed",
        )
        .order_by(TimelineEntry.position)
    )
    return [(at, change) for at, change in session.execute(statement)]
