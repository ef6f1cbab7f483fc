"""Every public address, oldest first, in parts that stay as they are while new ones are added at the end."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, exists, or_, select, tuple_
from sqlalchemy.orm import Session

from portal.storage.queries.newsletter import digests
from portal.storage.queries.public_releases import visible
from portal.storage.tables import DigestIssue, Organisation, Release, SitemapPart
from portal.storage.tables import Place as PlaceRow
from portal.storage.unit_of_work import UnitOfWork

PART = 1_000
"""Addresses in one file; the protocol allows 50,000, a news sitemap 1,000."""
MOST = 10_000
"""Addresses of one sort beside the releases."""
MOST_PARTS = 50_000
"""Parts of one index, by the protocol."""
MOST_IN_PART = 10_000
"""A part that is kept may grow, where releases come back into it; the protocol's own limit is five times as far."""
MOST_BEHIND = 20
"""So many parts are found by reading where no clock has kept them yet."""
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC), 0

Place = tuple[datetime, int]


class Address(NamedTuple):
    """What a sitemap says of a public release, and the place that a part begins after."""

    reference: str
    slug: str | None
    changed: datetime
    live_from: datetime
    id: int


def part(
    session: Session,
    now: datetime,
    after: Place,
    size: int = PART,
    *,
    until: Place | None = None,
) -> list[Address]:
    """The public releases that follow the place (time, row), up to and with `until`, at most `size`; archived ones, too."""
    columns = (
        Release.reference,
        Release.slug,
        case((Release.updated_at > Release.live_from, Release.updated_at), else_=Release.live_from),
        Release.live_from,
        Release.id,
    )
    place = tuple_(Release.live_from, Release.id)
    statement: Select[*tuple[Any, ...]] = select(*columns).where(visible(now), place > tuple_(*after))
    if until is not None:
        statement = statement.where(place <= tuple_(*until))
    statement = statement.order_by(Release.live_from, Release.id).limit(size)
    return [Address(*row) for row in session.execute(statement)]


def beginnings(session: Session, now: datetime, size: int = PART) -> list[Place]:
    """The places that the parts begin after: those that are kept, and what has come since the last of them was."""
    kept = select(SitemapPart.live_from, SitemapPart.release_id).order_by(SitemapPart.id).limit(MOST_PARTS)
    places = [BEGINNING, *((row.live_from, row.release_id) for row in session.execute(kept))]
    for _ in range(MOST_BEHIND):
        following = next_beginning(session, now, places[-1], size)
        if following is None:
            break
        places.append(following)
    return places


def next_beginning(
    session: Session, now: datetime, after: Place, size: int = PART, *, recorded: bool = False
) -> Place | None:
    """The `size`-th public release from a place on; None as long as no other one follows it.

    `recorded`: of those whose going live is recorded, so that no wrong clock's place is written down.
    """
    place = tuple_(Release.live_from, Release.id)
    statement = (
        select(Release.live_from, Release.id)
        .where(visible(now), place > tuple_(*after))
        .order_by(Release.live_from, Release.id)
        .offset(size - 1)
        .limit(2)
    )
    if recorded:
        statement = statement.where(Release.went_live_at.is_not(None))
    found = session.execute(statement).all()
    return (found[0].live_from, found[0].id) if len(found) > 1 else None


def end_of_part(session: Session, after: Place) -> Place | None:
    """Where the part that begins after a place ends; None for the last one that is kept."""
    place = tuple_(SitemapPart.live_from, SitemapPart.release_id)
    following = select(SitemapPart.live_from, SitemapPart.release_id).where(place > tuple_(*after))
    found = session.execute(following.order_by(SitemapPart.id).limit(1)).one_or_none()
    return (found.live_from, found.release_id) if found else None


def last_kept(session: Session) -> Place:
    """The place that the last kept part begins after."""
    newest = select(SitemapPart.live_from, SitemapPart.release_id).order_by(SitemapPart.id.desc()).limit(1)
    found = session.execute(newest).one_or_none()
    return (found.live_from, found.release_id) if found else BEGINNING


def keep_beginning(work: UnitOfWork, place: Place) -> None:
    work.session.add(SitemapPart(live_from=place[0], release_id=place[1]))


def kinds(session: Session, now: datetime, among: Sequence[str]) -> list[str]:
    """Those of these kinds that have a public release."""
    each = [select(_one_of(Release.kind == kind, now)).scalar_subquery() for kind in among]
    return [kind for kind, found in zip(among, session.execute(select(*each)).one(), strict=True) if found]


def places(session: Session, now: datetime) -> list[str]:
    """The slugs of countries and cities with public releases."""
    country = _one_of((Release.country_slug == PlaceRow.slug) & (PlaceRow.city == ""), now)
    city = _one_of((Release.city_slug == PlaceRow.slug) & (PlaceRow.city != ""), now)
    return list(
        session.scalars(select(PlaceRow.slug).where(or_(country, city)).order_by(PlaceRow.slug).limit(MOST))
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
