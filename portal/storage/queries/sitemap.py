"""Every public address, oldest first, in parts that stay as they are while new ones are added at the end."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from portal.storage.queries.newsletter import digests
from portal.storage.queries.public_releases import visible
from portal.storage.tables import DigestIssue, Organisation, Place, Release

PART = 1_000
"""Addresses in one file; the protocol allows 50,000, a news sitemap 1,000."""
MOST = 10_000
"""Addresses of one sort beside the releases."""
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC), 0


class Address(NamedTuple):
    """What a sitemap says of a public release, and the place that a part begins after."""

    reference: str
    slug: str | None
    changed: datetime
    live_from: datetime
    id: int


def part(session: Session, now: datetime, after: tuple[datetime, int], size: int = PART) -> list[Address]:
    """The public releases that follow the place (time, row), at most `size`; archived ones, too."""
    columns = (
        Release.reference,
        Release.slug,
        case((Release.updated_at > Release.live_from, Release.updated_at), else_=Release.live_from),
        Release.live_from,
        Release.id,
    )
    statement: Select[*tuple[Any, ...]] = (
        select(*columns)
        .where(visible(now), tuple_(Release.live_from, Release.id) > tuple_(*after))
        .order_by(Release.live_from, Release.id)
        .limit(size)
    )
    return [Address(*row) for row in session.execute(statement)]


def beginnings(session: Session, now: datetime, size: int = PART) -> list[tuple[datetime, int]]:
    """The places that the parts begin after. Reads one key of an index for each public release, and nothing else."""
    ends = session.execute(_every(now, size)).all()
    return [BEGINNING, *((row.live_from, row.id) for row in ends)]


def kinds(session: Session, now: datetime, among: Sequence[str]) -> list[str]:
    """Those of these kinds that have a public release."""
    return [kind for kind in among if session.scalar(select(_one_of(Release.kind == kind, now)))]


def places(session: Session, now: datetime) -> list[str]:
    """The slugs of countries and cities with public releases."""
    country = _one_of((Release.country_slug == Place.slug) & (Place.city == ""), now)
    city = _one_of((Release.city_slug == Place.slug) & (Place.city != ""), now)
    return list(
        session.scalars(select(Place.slug).where(or_(country, city)).order_by(Place.slug).limit(MOST))
    )


def organisations(session: Session, now: datetime) -> list[str]:
    """The slugs of organisations with public releases."""
    has_one = _one_of(Release.organisation_id == Organisation.id, now)
    statement = select(Organisation.slug).where(has_one).order_by(Organisation.slug).limit(MOST)
    return list(session.scalars(statement))


def letters(session: Session) -> list[str]:
    """The days of the daily e-mails that some reader was sent, the newest first."""
    statement = select(DigestIssue.date).where(digests.went_out())
    return list(session.scalars(statement.order_by(DigestIssue.date.desc()).limit(MOST)))


def _one_of(which: ColumnElement[bool], now: datetime) -> ColumnElement[bool]:
    listed = or_(Release.expires_at.is_(None), Release.expires_at > now)
    return exists().where(which, visible(now), listed)


def _every(now: datetime, size: int) -> Select[*tuple[datetime | None, int]]:
    """Each `size`-th public release that another one follows."""
    order = (Release.live_from, Release.id)
    numbered = (
        select(
            *order,
            func.row_number().over(order_by=order).label("number"),
            func.count().over().label("all"),
        )
        .where(visible(now))
        .subquery()
    )
    chosen = (numbered.c.number % size == 0) & (numbered.c.number < numbered.c.all)
    return select(numbered.c.live_from, numbered.c.id).where(chosen).order_by(numbered.c.number)
