"""Public events by the time at which they take place, the soonest to end first."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from portal.storage.queries import public_releases
from portal.storage.tables import EventDate, Place, Release
from portal.storage.unit_of_work import UnitOfWork


class DatedEvent(NamedTuple):
    """A public event with its hours, as instants."""

    release: Release
    starts_at: datetime
    ends_at: datetime


def upcoming(session: Session, now: datetime, place: Place | None, size: int) -> list[DatedEvent]:
    """Public events that have not ended yet, those that are off and archived ones, too; with their text."""
    statement = (
        public_releases.public_releases(now)
        .join(EventDate, EventDate.release_id == Release.id)
        .where(public_releases.same_revision(EventDate.revision_id), EventDate.ends_at > now)
        .add_columns(EventDate.starts_at, EventDate.ends_at)
        .order_by(EventDate.ends_at, EventDate.release_id)
        .limit(size)
    )
    if place is not None:
        column = Release.city_slug if place.city else Release.country_slug
        statement = statement.where(column == place.slug)
    return [
        DatedEvent(row[0], row.starts_at, row.ends_at) for row in public_releases.read(session, statement)
    ]


def hours(session: Session, release_ids: Sequence[int]) -> dict[int, tuple[datetime, datetime]]:
    """The hours of these events by release, whether they are public or not."""
    statement = select(EventDate).where(EventDate.release_id.in_(release_ids))
    return {row.release_id: (row.starts_at, row.ends_at) for row in session.scalars(statement)}


def put(work: UnitOfWork, release_id: int, revision_id: int, starts_at: datetime, ends_at: datetime) -> None:
    """Keep the hours of an approved event, in place of those that were kept before."""
    remove(work, release_id)
    work.session.execute(
        insert(EventDate).values(
            release_id=release_id, revision_id=revision_id, starts_at=starts_at, ends_at=ends_at
        )
    )


def remove(work: UnitOfWork, release_id: int) -> None:
    work.session.execute(delete(EventDate).where(EventDate.release_id == release_id))
