"""The sender's desk: an organisation's releases, the last moved first."""

from collections.abc import Collection, Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, selectinload

from portal.storage.queries.cursors import read_cursor
from portal.storage.tables import Delivery, Edition, Message, Outbox, ParkedForm, Release

PAGE = 30


def page(
    session: Session, organisation_ids: Collection[int], *, after: str | None = None, size: int = PAGE
) -> list[Release]:
    """One page of releases with their editions, `size` + 1 at the most."""
    statement = (
        select(Release)
        .where(Release.organisation_id.in_(organisation_ids))
        .options(selectinload(Release.editions).joinedload(Edition.holder))
    )
    position = read_cursor(after)
    if position:
        statement = statement.where(tuple_(Release.moved_at, Release.id) < tuple_(*position))
    return list(
        session.scalars(statement.order_by(Release.moved_at.desc(), Release.id.desc()).limit(size + 1))
    )


def messages(session: Session, release: Release) -> Sequence[Message]:
    """What both sides wrote, oldest first."""
    return session.scalars(select(Message).where(Message.release_id == release.id).order_by(Message.id)).all()


def deliveries(session: Session, release: Release) -> Sequence[tuple[Outbox, Delivery | None]]:
    """Every mail about a release with the fact that caused it; None while it is not yet addressed."""
    statement = (
        select(Outbox, Delivery)
        .outerjoin(Delivery, Delivery.outbox_id == Outbox.id)
        .where(Outbox.release_id == release.id)
        .order_by(Outbox.id, Delivery.id)
    )
    return [(outbox, delivery) for outbox, delivery in session.execute(statement)]


def parked(session: Session, user_id: int, path: str) -> ParkedForm | None:
    """What this person typed here when their login had run out."""
    return session.scalars(
        select(ParkedForm)
        .where(ParkedForm.user_id == user_id, ParkedForm.path == path)
        .order_by(ParkedForm.id.desc())
        .limit(1)
    ).one_or_none()
