"""The one query for everything public. Nothing reaches a reader by any other way.

Visible ⇔ the publication is live ∧ (its going live is recorded ∨ (live_from ≤ now ∧ no clock hold)).
So an approved release appears in its minute with every worker dead, and a clock that steps back hides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, Self, TypeVarTuple

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, load_only, raiseload
from sqlalchemy.orm.attributes import set_committed_value

from portal.rules.release_states import LIVE
from portal.storage.asked_once import asked_once
from portal.storage.queries.cursors import read_cursor
from portal.storage.tables import ClockHold, Edition, Organisation, Place, Release, Revision
from portal.storage.tables.base import Instant

Columns = TypeVarTuple("Columns")
PAGE = 30
# What a list shows, and what is asked about a release that stands in one.
_IN_LISTS = (
    Release.reference,
    Release.feed_id,
    Release.kind,
    Release.slug,
    Release.organisation_id,
    Release.country_slug,
    Release.city_slug,
    Release.publication,
    Release.live_from,
    Release.live_revision_id,
    Release.updated_at,
    Release.expires_at,
    Release.notice_kind,
    Release.notice_text,
    Release.notice_at,
)
_OF_A_REVISION = (
    Revision.hash,
    Revision.headline,
    Revision.language,
    Revision.city,
    Revision.country,
    Revision.excerpt,
    Revision.created_at,
)
_OF_A_CORRECTION: tuple[Any, ...] = (
    Edition.release_id,
    Edition.number,
    Edition.correction_kind,
    Edition.correction_what,
    Edition.published_at,
)
# As `Listed` has them, and with every column of a list in one place: what is not here no list can ask for.
_LISTED: tuple[Any, ...] = (
    Release.id,
    Release.reference,
    Release.feed_id,
    Release.kind,
    Release.slug,
    Release.organisation_id,
    Release.country_slug,
    Release.city_slug,
    Release.live_from,
    Release.updated_at,
    Release.notice_kind,
    Release.notice_text,
    Release.notice_at,
    Organisation.name.label("supplier"),
    Organisation.slug.label("supplier_slug"),
    Revision.headline,
    Revision.language,
    Revision.city,
    Revision.country,
    Revision.excerpt,
)
_WIDTH = len(_LISTED)
# Written out, not bound: a partial index serves only a condition that the planner can read.
_LIVE: ColumnElement[str] = literal_column("'live'")
_HIDDEN: ColumnElement[str] = literal_column("'hidden'")
# Bound, and named: the statements of public pages are made once, and each request sends its values.
_NOW: BindParameter[datetime] = bindparam("now", type_=Instant())
_SIZE: BindParameter[int] = bindparam("size", type_=Integer())
# What readers are told of: corrections that are public and are more than a matter of form.
_TOLD = (
    Edition.state == literal_column("'approved'"),
    Edition.published_at.is_not(None),
    Edition.correction_kind.in_([literal_column("'material'"), literal_column("'minor'")]),
)
_IS_CORRECTED: ColumnElement[bool] = (
    exists().where(Edition.release_id == Release.id, *_TOLD).label("corrected")
)

Moment = datetime | BindParameter[datetime]


@dataclass(frozen=True)
class Filter:
    """Which public releases: by kind, by place, by organisation slug. Empty means all."""

    kind: str = ""
    place: Place | None = None
    organisation: str = ""
    include_archived: bool = False


CITY, COUNTRY = "city", "country"


@dataclass(frozen=True)
class Shape:
    """Which conditions a filter makes. Statements are made once for each shape and sent with its values."""

    kind: bool = False
    place: str = ""
    house: bool = False
    archived: bool = False

    @classmethod
    def of(cls, chosen: Filter) -> Self:
        place = (CITY if chosen.place.city else COUNTRY) if chosen.place else ""
        return cls(bool(chosen.kind), place, bool(chosen.organisation), chosen.include_archived)


class Correction(NamedTuple):
    """What readers are told of a correction; its names are those of an edition."""

    number: int
    correction_kind: str
    correction_what: str
    published_at: datetime


class Listed(NamedTuple):
    """A public release as lists show it: columns and no entity, so that nothing more can be asked of it row by row."""

    id: int
    reference: str
    feed_id: str
    kind: str
    slug: str | None
    organisation_id: int
    country_slug: str
    city_slug: str
    live_from: datetime
    updated_at: datetime | None
    notice_kind: str
    notice_text: str
    notice_at: datetime | None
    supplier: str
    supplier_slug: str
    headline: str
    language: str
    city: str
    country: str
    excerpt: str
    corrections: tuple[Correction, ...] = ()


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


def visible(now: Moment) -> ColumnElement[bool]:
    """The condition itself; every statement here carries it."""
    due = and_(Release.live_from <= now, ~exists().select_from(ClockHold))
    return and_(Release.publication == _LIVE, or_(Release.went_live_at.is_not(None), due))


def public_releases(now: Moment, *, with_text: bool = True) -> Select[Release, bool]:
    """Releases that anyone may see now, each with its approved revision and its organisation; to be read by `read`.

    Without the text a list stays quick; asking later for what it does not show raises, instead of asking the database
    row by row.
    """
    revision = contains_eager(Release.live_revision)
    shown = [] if with_text else [load_only(*_IN_LISTS, raiseload=True)]
    told = revision if with_text else revision.load_only(*_OF_A_REVISION, raiseload=True)
    of_each = _with_all(*shown, told, raiseload(Release.corrections))
    return of_each.add_columns(_IS_CORRECTED).where(visible(now))


def _with_all(*options: Any) -> Select[Release]:
    """Each release beside its organisation and its approved revision."""
    return (
        select(Release)
        .join(Release.organisation)
        .join(Revision, Revision.id == Release.live_revision_id)
        .options(contains_eager(Release.organisation), *options)
    )


def read(session: Session, statement: Any, values: Mapping[str, Any] | None = None) -> list[Any]:
    """The rows of a statement of public releases, the release first. Their corrections are asked for where there are any."""
    rows = session.execute(statement, values or {}).all()
    _tell_corrections(
        session, {row[0].id: row[0] for row in rows}, {row[0].id for row in rows if row.corrected}
    )
    return list(rows)


def _tell_corrections(session: Session, found: Mapping[int, Release], corrected: Collection[int]) -> None:
    told: dict[int, list[Edition]] = {}
    if corrected:
        statement = select(Edition).options(load_only(*_OF_A_CORRECTION, raiseload=True))
        chosen = statement.where(Edition.release_id.in_(corrected), *_TOLD).order_by(Edition.number)
        for edition in session.scalars(chosen):
            told.setdefault(edition.release_id, []).append(edition)
    for release_id, release in found.items():
        set_committed_value(release, "corrections", told.get(release_id, []))


def listed_releases(now: Moment, *more: Any) -> Select[Any]:
    """The same releases for a list, and `more` columns of each; to be read by `read_listed`."""
    chosen: Select[Any] = select(*_LISTED, *more, _IS_CORRECTED)
    return (
        chosen.select_from(Release)
        .join(Organisation, Organisation.id == Release.organisation_id)
        .join(Revision, Revision.id == Release.live_revision_id)
        .where(visible(now))
    )


def read_listed(
    session: Session, statement: Any, values: Mapping[str, Any] | None = None
) -> list[tuple[Listed, Any]]:
    """The rows of a statement of `listed_releases`, each with its first further column, if it has any.

    Asked of the connection, since there is no entity that a session would have to know of; so it does not see what a
    session has yet to flush.
    """
    rows = session.connection().execute(statement, values or {}).all()
    told = _corrections_in_lists(session, [row[0] for row in rows if row[-1]])
    return [(Listed._make((*row[:_WIDTH], told.get(row[0], ()))), row[_WIDTH]) for row in rows]


def _corrections_in_lists(session: Session, corrected: list[int]) -> dict[int, tuple[Correction, ...]]:
    told: dict[int, tuple[Correction, ...]] = {}
    if corrected:
        for row in session.connection().execute(_corrections(), {"corrected": corrected}):
            told[row[0]] = (*told.get(row[0], ()), Correction(*row[1:]))
    return told


@cache
def _corrections() -> Select[Any]:
    of_these = Edition.release_id.in_(bindparam("corrected", expanding=True))
    return select(*_OF_A_CORRECTION).where(of_these, *_TOLD).order_by(Edition.number)


def same_revision(column: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether a row that was made from a revision was made from the one that is live.

    As a CASE: PostgreSQL would take a second equality of a join for a rare chance, and read whole tables instead.
    """
    return case((column == Release.live_revision_id, True), else_=False)


def page(
    session: Session, now: datetime, chosen: Filter, *, after: str | None = None, size: int = PAGE
) -> list[Listed]:
    """The newest public releases of a filter, at most `size` + 1: the extra row says that more follow."""
    position = read_cursor(after)
    statement = _page(Shape.of(chosen), further=position is not None)
    place = {"at": position[0], "row_id": position[1]} if position else {}
    values = {"now": now, "size": size + 1, **place, **_values_of(chosen)}
    return [row for row, _ in read_listed(session, statement, values)]


@cache
def _page(shape: Shape, *, further: bool) -> Select[Any]:
    statement = _filtered(listed_releases(_NOW), shape)
    if further:
        place = tuple_(bindparam("at", type_=Instant()), bindparam("row_id", type_=BigInteger()))
        statement = statement.where(tuple_(Release.live_from, Release.id) < place)
    return _newest_first(statement)


def page_with_text(session: Session, now: datetime, chosen: Filter, *, size: int = PAGE) -> list[Release]:
    """The newest `size` of a filter, whole: what a feed holds."""
    values = {"now": now, "size": size, **_values_of(chosen)}
    return [row[0] for row in read(session, _page_with_text(Shape.of(chosen)), values)]


@cache
def _page_with_text(shape: Shape) -> Select[Release, bool]:
    return _newest_first(_filtered(public_releases(_NOW), shape))


def _newest_first(statement: Select[*Columns]) -> Select[*Columns]:
    return statement.order_by(Release.live_from.desc(), Release.id.desc()).limit(_SIZE)


def related(session: Session, now: datetime, release: Release, size: int) -> list[Listed]:
    """Further public releases beside this one, the nearest first: of the same organisation, place, country, kind, then the
    newest of all. In one statement: the newest few of each, by their indexes."""
    near = {name: getattr(release, name) for name in _NEAR}
    statement = _related(tuple(name for name in _NEAR if near[name]))
    values = {"now": now, "own": release.id, "size": size, **near}
    found = [row for row, _ in read_listed(session, statement, values)]

    def nearness(other: Listed) -> tuple[Any, ...]:
        same = tuple(bool(near[name]) and getattr(other, name) == near[name] for name in _NEAR)
        return (*same, other.live_from, other.id)

    return sorted(found, key=nearness, reverse=True)[:size]


_NEAR = ("organisation_id", "city_slug", "country_slug", "kind")


@cache
def _related(names: tuple[str, ...]) -> Select[Any]:
    columns = [getattr(Release, name) for name in names]
    near = [[column == bindparam(column.key, type_=column.type)] for column in columns]
    ids = union(*(_newest_ids(each) for each in (*near, [])))
    return listed_releases(_NOW).where(Release.id.in_(ids))


def _newest_ids(near: list[ColumnElement[bool]]) -> Select[int]:
    """Ids of the newest that still stand in lists. A limit within a union needs a statement of its own around it."""
    found = (
        _filtered(select(Release.id), Shape())
        .where(visible(_NOW), Release.id != bindparam("own", type_=Integer()), *near)
        .order_by(Release.live_from.desc(), Release.id.desc())
        .limit(_SIZE)
        .subquery()
    )
    return select(found.c.id)


def one(session: Session, now: datetime, reference: str) -> Release | None:
    """The public release with this reference, in one statement with its corrections, which are few."""
    found = session.scalars(_one(), {"now": now, "reference": reference})
    return found.unique().one_or_none()


@cache
def _one() -> Select[Release]:
    told = and_(Edition.release_id == Release.id, *_TOLD)
    corrections = contains_eager(Release.corrections).load_only(*_OF_A_CORRECTION, raiseload=True)
    return (
        _with_all(contains_eager(Release.live_revision), corrections)
        .outerjoin(Edition, told)
        .where(visible(_NOW), Release.reference == bindparam("reference", type_=String()))
        .order_by(Edition.number)
    )


def tombstone(session: Session, reference: str) -> Tombstone | None:
    """What stands where a release was killed or taken down; the one way to a removed release."""
    found = session.execute(_tombstones().where(Release.reference == reference)).one_or_none()
    return Tombstone(*found) if found else None


def tombstones(session: Session, now: datetime, chosen: Filter, size: int) -> list[Tombstone]:
    """The newest killed releases of a filter, for as long as each would have stood in its feeds."""
    values = {"now": now, "size": size, **_values_of(chosen)}
    return [Tombstone(*row) for row in session.execute(_newest_tombstones(Shape.of(chosen)), values)]


@cache
def _newest_tombstones(shape: Shape) -> Select[*tuple[Any, ...]]:
    statement = _filtered(_tombstones(), shape).where(Release.publication == "killed")
    return statement.order_by(Release.live_from.desc(), Release.id.desc()).limit(_SIZE)


def last_left(
    session: Session, now: datetime, chosen: Filter, *, since: datetime | None = None
) -> datetime | None:
    """When a release last left this list: taken down, killed, at its expiry, by an undone approval. A feed changed then.

    The newest of each, by its index. What left up to `since` is not looked for: a feed whose newest entry is of then
    says no other time by it.
    """
    values = {"now": now, **({"since": since} if since else {}), **_values_of(chosen)}
    found = session.execute(_last_left(Shape.of(chosen), bounded=since is not None), values).one()
    return max((at for at in found if at), default=None)


@cache
def _last_left(shape: Shape, *, bounded: bool) -> Select[*tuple[Any, ...]]:
    whole = replace(shape, archived=True)
    removed: tuple[Any, list[Any]] = (Release.removed_at, [])
    ended = (Release.expires_at, [visible(_NOW), Release.expires_at <= _NOW])
    undone = (Release.updated_at, [Release.publication == _HIDDEN])
    each = [
        _filtered(_latest(column, conditions, bounded=bounded), whole).scalar_subquery()
        for column, conditions in (removed, ended, undone)
    ]
    # One that was approved anew meanwhile and waits for its minute: until then no feed may move.
    not_yet = or_(Release.live_from > _NOW, exists().select_from(ClockHold))
    waiting = (
        Release.publication == _LIVE,
        Release.went_live_at.is_(None),
        not_yet,
        Release.updated_at <= _NOW,
    )
    waits = _filtered(select(func.max(Release.updated_at)).where(*waiting), whole, by_index=False)
    return select(*each, waits.scalar_subquery())


def _latest(column: Any, conditions: list[Any], *, bounded: bool) -> Select[datetime | None]:
    newer = column > bindparam("since", type_=Instant()) if bounded else column.is_not(None)
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
    values = {"now": now, "size": size, "of_kind": "event"}
    return [Event(*row) for row in session.execute(_newest_events(), values)]


@cache
def _newest_events() -> Select[Any]:
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
        .where(visible(_NOW))
        .order_by(Release.live_from.desc(), Release.id.desc())
        .limit(_SIZE)
    )
    return _filtered(statement, Shape(kind=True))


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
    if release.publication != LIVE:  # asked first, since most that are worked on are not
        return False
    found = select(exists().where(Release.id == release.id, visible(now)))
    return asked_once(session, ("visible", release.id, now), lambda: bool(session.scalar(found)))


def listed(session: Session, now: datetime, ids: Collection[int]) -> list[Listed]:
    """Those of these releases that are public now, as lists show them."""
    statement = listed_releases(now).where(Release.id.in_(ids))
    return [row for row, _ in read_listed(session, statement)] if ids else []


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
    return min((at for at in session.execute(_next_change(), {"now": now}).one() if at), default=None)


@cache
def _next_change() -> Select[*tuple[Any, ...]]:
    due = (
        select(Release.live_from)
        .where(Release.publication == _LIVE, Release.went_live_at.is_(None), Release.live_from > _NOW)
        .order_by(Release.live_from)
        .limit(1)
    )
    ends = (
        select(Release.expires_at)
        .where(Release.publication == _LIVE, Release.expires_at > _NOW)
        .order_by(Release.expires_at)
        .limit(1)
    )
    return select(due.scalar_subquery(), ends.scalar_subquery())


def _values_of(chosen: Filter) -> dict[str, str]:
    """What the statement of a filter's shape is sent with."""
    place = chosen.place.slug if chosen.place else ""
    given = {"of_kind": chosen.kind, "of_place": place, "of_house": chosen.organisation}
    return {name: value for name, value in given.items() if value}


def _filtered(statement: Select[*Columns], shape: Shape, *, by_index: bool = True) -> Select[*Columns]:
    """`by_index` False: the statement has an index of a few rows, and SQLite is kept from reading all of a house."""
    kind: ColumnElement[str] | InstrumentedAttribute[str] = Release.kind
    house: ColumnElement[int] | InstrumentedAttribute[int] = Release.organisation_id
    if shape.kind:
        statement = statement.where((kind if by_index else kind + "") == bindparam("of_kind", type_=String()))
    if shape.place:
        column = Release.city_slug if shape.place == CITY else Release.country_slug
        statement = statement.where(
            (column if by_index else column + "") == bindparam("of_place", type_=String())
        )
    if shape.house:
        slug = bindparam("of_house", type_=String())
        named = select(Organisation.id).where(Organisation.slug == slug).scalar_subquery()
        statement = statement.where((house if by_index else house + 0) == named)
    if not shape.archived:
        statement = statement.where(or_(Release.expires_at.is_(None), Release.expires_at > _NOW))
    return statement
