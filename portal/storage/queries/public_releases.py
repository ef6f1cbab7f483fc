"""The one query for everything public. Nothing reaches a reader by any other way.

Visible ⇔ the publication is live ∧ (its going live is recorded ∨ (live_from ≤ now ∧ no clock hold)).
So an approved release appears in its minute with every worker dead, and a clock that steps back hides nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, selectinload

from portal.storage.queries.cursors import read_cursor
from portal.storage.tables import ClockHold, Edition, Organisation, Place, Release, Revision

Row = TypeVarTuple("Row")
PAGE = 30
_OF_A_CORRECTION = (
    Edition.release_id,
    Edition.number,
    Edition.correction_kind,
    Edition.correction_what,
    Edition.published_at,
)
# Written out, not bound: a partial index serves only a condition that the planner can read.
_LIVE: ColumnElement[str] = literal_column("'live'")
_HIDDEN: ColumnElement[str] = literal_column("'hidden'")


@dataclass(frozen=True)
class Filter:
    """Which public releases: by kind, by place, by organisation slug. Empty means all."""

    kind: str = ""
    place: Place | None = None
    organisation: str = ""
    include_archived: bool = False


class Tombstone(NamedTuple):
    """What is left of a release that was public: who supplied it, when it stood there, and why it is gone.

    Only these columns are ever read of it; its text, headline and slug are not among them.
    """

    id: int
    reference: str
    feed_id: str
    kind: str
    publication: str
    live_from: datetime
    removed_at: datetime
    text: str
    reasons: list[str]
    supplier: str
    supplier_slug: str


class Event(NamedTuple):
    """What the list of dates shows of a public event; `starts_at` and `zone` stand as they were typed."""

    reference: str
    slug: str | None
    headline: str
    language: str
    city: str
    country: str
    starts_at: str | None
    zone: str | None
    notice_kind: str = ""


def visible(now: datetime) -> ColumnElement[bool]:
    """The condition itself; every statement here carries it."""
    due = and_(Release.live_from <= now, ~exists().select_from(ClockHold))
    return and_(Release.publication == _LIVE, or_(Release.went_live_at.is_not(None), due))


def public_releases(now: datetime, *, with_text: bool = True) -> Select[Release]:
    """Releases that anyone may see now, each with its approved revision and its organisation.

    Without the text a list stays quick; asking for it later raises instead of asking the database row by row.
    """
    revision = contains_eager(Release.live_revision)
    return (
        select(Release)
        .join(Release.organisation)
        .join(Revision, Revision.id == Release.live_revision_id)
        .options(
            contains_eager(Release.organisation),
            revision if with_text else revision.defer(Revision.content, raiseload=True),
            selectinload(Release.corrections).load_only(*_OF_A_CORRECTION, raiseload=True),
        )
        .where(visible(now))
    )


def same_revision(column: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether a row that was made from a revision was made from the one that is live.

    As a CASE: PostgreSQL would take a second equality of a join for a rare chance, and read whole tables instead.
    """
    return case((column == Release.live_revision_id, True), else_=False)


def page(
    session: Session,
    now: datetime,
    chosen: Filter,
    *,
    after: str | None = None,
    size: int = PAGE,
    with_text: bool = False,
) -> list[Release]:
    """The newest public releases of a filter, at most `size` + 1: the extra row says that more follow."""
    statement = _filtered(public_releases(now, with_text=with_text), chosen, now)
    position = read_cursor(after)
    if position:
        statement = statement.where(tuple_(Release.live_from, Release.id) < tuple_(*position))
    statement = statement.order_by(Release.live_from.desc(), Release.id.desc()).limit(size + 1)
    return list(session.scalars(statement))


def related(session: Session, now: datetime, release: Release, size: int) -> list[Release]:
    """Further public releases beside this one, the nearest first: of the same organisation, place, country, kind, then the
    newest of all. In one statement: the newest few of each, by their indexes."""
    near: tuple[tuple[ColumnElement[Any] | InstrumentedAttribute[Any], Any], ...] = (
        (Release.organisation_id, release.organisation_id),
        (Release.city_slug, release.city_slug),
        (Release.country_slug, release.country_slug),
        (Release.kind, release.kind),
    )
    newest = [_newest_ids(now, release, size, [column == value]) for column, value in near if value]
    ids = union(*newest, _newest_ids(now, release, size, []))
    statement = public_releases(now, with_text=False).where(Release.id.in_(ids))
    found = list(session.scalars(statement))
    names = ("organisation_id", "city_slug", "country_slug", "kind")

    def nearness(other: Release) -> tuple[Any, ...]:
        same = tuple(
            bool(getattr(release, name)) and getattr(other, name) == getattr(release, name) for name in names
        )
        return (*same, other.live_from, other.id)

    return sorted(found, key=nearness, reverse=True)[:size]


def _newest_ids(
    now: datetime, release: Release, size: int, near: list[ColumnElement[bool]]
) -> Select[tuple[int]]:
    """Ids of the newest that still stand in lists. A limit within a union needs a statement of its own around it."""
    found = (
        _filtered(select(Release.id), Filter(), now)
        .where(visible(now), Release.id != release.id, *near)
        .order_by(Release.live_from.desc(), Release.id.desc())
        .limit(size)
        .subquery()
    )
    return select(found.c.id)


def one(session: Session, now: datetime, reference: str) -> Release | None:
    """The public release with this reference."""
    return session.scalars(public_releases(now).where(Release.reference == reference)).one_or_none()


def tombstone(session: Session, reference: str) -> Tombstone | None:
    """What stands where a release was killed or taken down; the one way to a removed release."""
    found = session.execute(_tombstones().where(Release.reference == reference)).one_or_none()
    return Tombstone(*found) if found else None


def tombstones(session: Session, now: datetime, chosen: Filter, size: int) -> list[Tombstone]:
    """The newest killed releases of a filter, for as long as each would have stood in its feeds."""
    statement = _filtered(_tombstones(), chosen, now).where(Release.publication == "killed")
    newest = statement.order_by(Release.live_from.desc(), Release.id.desc()).limit(size)
    return [Tombstone(*row) for row in session.execute(newest)]


def last_left(
    session: Session, now: datetime, chosen: Filter, *, since: datetime | None = None
) -> datetime | None:
    """When a release last left this list: taken down, killed, at its expiry, by an undone approval. A feed changed then.

    The newest of each, by its index. What left up to `since` is not looked for: a feed whose newest entry is of then
    says no other time by it.
    """
    whole = replace(chosen, include_archived=True)
    removed: tuple[Any, list[Any]] = (Release.removed_at, [])
    ended = (Release.expires_at, [visible(now), Release.expires_at <= now])
    undone = (Release.updated_at, [Release.publication == _HIDDEN])
    each = [
        _filtered(_latest(column, since, conditions), whole, now).scalar_subquery()
        for column, conditions in (removed, ended, undone)
    ]
    # One that was approved anew meanwhile and waits for its minute: until then no feed may move.
    not_yet = or_(Release.live_from > now, exists().select_from(ClockHold))
    waiting = (
        Release.publication == _LIVE,
        Release.went_live_at.is_(None),
        not_yet,
        Release.updated_at <= now,
    )
    waits = _filtered(select(func.max(Release.updated_at)).where(*waiting), whole, now, by_index=False)
    found = session.execute(select(*each, waits.scalar_subquery())).one()
    return max((at for at in found if at), default=None)


def _latest(
    column: InstrumentedAttribute[datetime | None], since: datetime | None, conditions: list[Any]
) -> Select[datetime | None]:
    newer = column > since if since else column.is_not(None)
    return select(column).where(newer, *conditions).order_by(column.desc()).limit(1)


def organisation_in_feeds(session: Session, now: datetime, slug: str) -> Organisation | None:
    """One with a public release, or with a notice in its feeds: who followed it has to learn of the kill."""
    if not tombstones(session, now, Filter(organisation=slug), 1):
        return organisation(session, now, slug)
    return session.scalars(select(Organisation).where(Organisation.slug == slug)).one_or_none()


def place_in_feeds(session: Session, now: datetime, slug: str) -> Place | None:
    """The same for a country. Not for a city: its name may be part of what was killed."""
    found = session.get(Place, slug)
    stands = found and not found.city and tombstones(session, now, Filter(place=found), 1)
    return found if stands else place(session, now, slug)


def _tombstones() -> Select[*tuple[Any, ...]]:
    columns: tuple[Any, ...] = (
        Release.id,
        Release.reference,
        Release.feed_id,
        Release.kind,
        Release.publication,
        Release.live_from,
        Release.removed_at,
        Release.removal_text,
        Release.removal_reasons,
        Organisation.name,
        Organisation.slug,
    )
    # An outer join only so that the removed releases are read first; each has its organisation.
    joined = select(*columns).outerjoin(Organisation, Organisation.id == Release.organisation_id)
    return joined.where(Release.removed_at.is_not(None))


def newest_events(session: Session, now: datetime, size: int) -> list[Event]:
    """When the newest public events take place. What is typed cannot be compared here, so the caller chooses."""
    typed = Revision.content["values"]
    statement = (
        select(
            Release.reference,
            Release.slug,
            Revision.headline,
            Revision.language,
            Revision.city,
            Revision.country,
            typed["starts_at"].as_string(),
            typed["timezone"].as_string(),
            Release.notice_kind,
        )
        .join(Revision, Revision.id == Release.live_revision_id)
        .where(visible(now))
        .order_by(Release.live_from.desc(), Release.id.desc())
        .limit(size)
    )
    return [Event(*row) for row in session.execute(_filtered(statement, Filter(kind="event"), now))]


def organisation(session: Session, now: datetime, slug: str) -> Organisation | None:
    """An organisation that has a public release."""
    has_one = exists().where(Release.organisation_id == Organisation.id, visible(now))
    return session.scalars(select(Organisation).where(Organisation.slug == slug, has_one)).one_or_none()


def places(session: Session, now: datetime) -> list[Place]:
    """Countries with public releases."""
    has_one = exists().where(Release.country_slug == Place.slug, visible(now))
    statement = select(Place).where(Place.city == "", has_one).order_by(Place.slug)
    return list(session.scalars(statement))


def is_visible(session: Session, release: Release, now: datetime) -> bool:
    """The same condition for one release that is at hand, as its own people see it."""
    return bool(session.scalar(select(exists().where(Release.id == release.id, visible(now)))))


def listed(session: Session, now: datetime, ids: Collection[int]) -> list[Release]:
    """Those of these releases that are public now, as lists show them."""
    statement = public_releases(now, with_text=False).where(Release.id.in_(ids))
    return list(session.scalars(statement)) if ids else []


def visible_among(session: Session, ids: Collection[int], now: datetime) -> frozenset[int]:
    """Which of these releases are public now."""
    return frozenset(session.scalars(select(Release.id).where(Release.id.in_(ids), visible(now))))


def place(session: Session, now: datetime, slug: str) -> Place | None:
    """A country or city with public releases."""
    found = session.get(Place, slug)
    if found is None:
        return None
    column = Release.city_slug if found.city else Release.country_slug
    # Asked for in the order of the index: without an order PostgreSQL may read the whole table for a bare "exists".
    newest = (
        select(Release.id).where(column == slug, visible(now)).order_by(Release.live_from.desc()).limit(1)
    )
    return found if session.scalar(newest) else None


def next_change(session: Session, now: datetime) -> datetime | None:
    """When the next release becomes due or leaves the lists: no public answer may be kept longer than until then."""
    due = (
        select(Release.live_from)
        .where(Release.publication == _LIVE, Release.went_live_at.is_(None), Release.live_from > now)
        .order_by(Release.live_from)
        .limit(1)
    )
    ends = (
        select(Release.expires_at)
        .where(Release.publication == _LIVE, Release.expires_at > now)
        .order_by(Release.expires_at)
        .limit(1)
    )
    return min((at for at in (session.scalar(due), session.scalar(ends)) if at), default=None)


def _filtered(
    statement: Select[*Row], chosen: Filter, now: datetime, *, by_index: bool = True
) -> Select[*Row]:
    """`by_index` False: the statement has an index of a few rows, and SQLite is kept from reading all of a house."""
    kind: ColumnElement[str] | InstrumentedAttribute[str] = Release.kind
    house: ColumnElement[int] | InstrumentedAttribute[int] = Release.organisation_id
    if chosen.kind:
        statement = statement.where((kind if by_index else kind + "") == chosen.kind)
    if chosen.place:
        column = Release.city_slug if chosen.place.city else Release.country_slug
        statement = statement.where((column if by_index else column + "") == chosen.place.slug)
    if chosen.organisation:
        named = select(Organisation.id).where(Organisation.slug == chosen.organisation).scalar_subquery()
        statement = statement.where((house if by_index else house + 0) == named)
    if not chosen.include_archived:
        statement = statement.where(or_(Release.expires_at.is_(None), Release.expires_at > now))
    return statement
