"""Full-text search over what is public: headlines first, then the newest. The one place where the databases look words up.

Every hit passes the public query and must be of the very text that is live: so what is hidden, scheduled, killed
or no longer current is neither found nor counted, whatever the index still holds.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVarTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    cast,
    column,
    delete,
    exists,
    insert,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Session
from sqlalchemy.types import String, UserDefinedType

from portal.rules.search_terms import Term
from portal.storage.queries import public_releases, questions
from portal.storage.queries.cursors import cursor, read_cursor
from portal.storage.queries.public_releases import PAGE, Filter, Listed, Moment
from portal.storage.queries.questions import Question
from portal.storage.tables import Release, SearchEntry
from portal.storage.tables.base import Instant
from portal.storage.unit_of_work import UnitOfWork

Columns = TypeVarTuple("Columns")
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_IDS = 1 << 30
_LATEST = 2**63 - 1
_BEGINNING = 0, _LATEST
NEWEST = 250
"""Entries that PostgreSQL looks through before it asks its index of words."""
_FTS5 = table("search_index", column("rowid"), column("search_index"))
# Stand in front of the words of a filter; nobody can type them, because words hold no characters of private use.
_MARK, _HYPHEN = "\ue000", "\ue001"


class _Question(UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "tsquery"


# A release, and its position among what is kept.
_Hit = tuple[Listed, int]


@dataclass(frozen=True)
class Page:
    """Some of what was found, and the cursor of what follows, empty at the end."""

    releases: list[Listed]
    next: str


def search(
    session: Session,
    now: datetime,
    terms: Sequence[Term],
    *,
    least: int = 0,
    chosen: Filter | None = None,
    after: str | None = None,
    size: int = PAGE,
) -> Page:
    """The public releases that hold all of these terms, or at least so many; nothing is found without any.

    First those whose headline holds them, then those whose headline holds some, then the others; each the newest first.
    """
    if not terms:
        return Page([], "")
    within = chosen or Filter(include_archived=True)
    look_up = _sqlite if session.get_bind().dialect.name == "sqlite" else _postgresql
    first, before = _read_place(after)
    found: list[tuple[int, _Hit]] = []
    for rank, question in enumerate(questions.ranked(terms, least or len(terms))):
        if rank >= first and len(found) <= size:
            asked = questions.within(question, _marks_asked(within))
            place = before if rank == first else _LATEST
            rows = look_up(session, now, within.include_archived, asked, place, size + 1 - len(found))
            found += [(rank, row) for row in rows]
    following = _place(*found[size - 1]) if len(found) > size else ""
    return Page([release for _rank, (release, _position) in found[:size]], following)


def which_hold(session: Session, now: datetime, term: Term, releases: Collection[Listed]) -> frozenset[int]:
    """The ids of those of these public releases that hold it."""
    places = [_position(release) for release in releases]
    statement = _entries(select(Release.id).where(public_releases.visible(now)), now, archived=True)
    statement = statement.where(SearchEntry.position.in_(places))
    question = questions.holds(term)
    if session.get_bind().dialect.name == "sqlite":
        held = select(_FTS5.c.rowid).where(_matches(question), _FTS5.c.rowid.in_(places))
        statement = statement.where(SearchEntry.position.in_(held))
    else:
        statement = statement.where(_holds(question))
    return frozenset(session.scalars(statement))


def holders(session: Session, term: Term, *, besides: int) -> list[int]:
    """The ids of two releases that are kept and hold it, public or not; of this one never."""
    held = _matches if session.get_bind().dialect.name == "sqlite" else _holds
    statement = select(SearchEntry.release_id).where(SearchEntry.release_id != besides)
    if held is _matches:
        statement = statement.join(_FTS5, _FTS5.c.rowid == SearchEntry.position)
    return list(session.scalars(statement.where(held(questions.holds(term))).limit(2)))


def is_further(after: str) -> bool:
    """Does this cursor name a place that results go on from?"""
    return _read_place(after) != _BEGINNING


def put(work: UnitOfWork, release: Release, revision_id: int, words: Sequence[str]) -> None:
    """Keep these words of an approved revision, in place of what was kept of the release before."""
    remove(work, release.id)
    work.session.execute(
        insert(SearchEntry).values(
            release_id=release.id,
            revision_id=revision_id,
            position=_position(release),
            words=list(dict.fromkeys([*words, *_marks_of(release)])),
        )
    )


def remove(work: UnitOfWork, release_id: int) -> None:
    """Keep nothing of this release."""
    work.session.execute(delete(SearchEntry).where(SearchEntry.release_id == release_id))


def _public_entries(now: Moment, *, archived: bool) -> Select[Any]:
    return _entries(public_releases.listed_releases(now, SearchEntry.position), now, archived=archived)


def _entries(statement: Select[*Columns], now: Moment, *, archived: bool) -> Select[*Columns]:
    """With what is kept of each text that is live."""
    joined = statement.join(SearchEntry, SearchEntry.release_id == Release.id).where(
        public_releases.same_revision(SearchEntry.revision_id)
    )
    if archived:
        return joined
    return joined.where(or_(Release.expires_at.is_(None), Release.expires_at > now))


def is_current(work: UnitOfWork, release: Release) -> bool:
    """Do we keep the words of the text that is live, at its present place?"""
    kept = (
        SearchEntry.release_id == release.id,
        SearchEntry.revision_id == release.live_revision_id,
        SearchEntry.position == _position(release),
    )
    return bool(work.session.scalar(select(exists().where(*kept))))


def not_indexed(session: Session, size: int) -> list[Release]:
    """Live releases whose present text is not kept. Reads every live row: for the start, not for a page."""
    kept = exists().where(
        SearchEntry.release_id == Release.id, SearchEntry.revision_id == Release.live_revision_id
    )
    return list(session.scalars(select(Release).where(Release.publication == "live", ~kept).limit(size)))


def position(live_from: datetime, release_id: int) -> int:
    """Grows with the second of going live, then with the row: below 2**63 until the year 2272."""
    seconds = int((live_from - _EPOCH).total_seconds())
    return seconds * _IDS + release_id % _IDS


def marks_of(kind: str, organisation: str, *places: str) -> list[str]:
    """Kind, organisation and places as words, so that a search within one of them reads no more than it shows."""
    within = (("kind", kind), ("organisation", organisation), *(("place", slug) for slug in places))
    return [_MARK + sort + _MARK + slug.replace("-", _HYPHEN) for sort, slug in within if slug]


def _marks_of(release: Release) -> list[str]:
    return marks_of(release.kind, release.organisation.slug, release.country_slug, release.city_slug)


def _marks_asked(chosen: Filter) -> list[str]:
    return marks_of(chosen.kind, chosen.organisation, chosen.place.slug if chosen.place else "")


def _sqlite(
    session: Session, now: datetime, archived: bool, question: Question, before: int, size: int
) -> list[_Hit]:
    """FTS5 walks its rows backwards and stops when the page is full."""
    values = {"now": now, "question": questions.for_sqlite(question), "before": before, "size": size}
    return public_releases.read_listed(session, _sqlite_page(archived), values)


@cache
def _sqlite_page(archived: bool) -> Select[Any]:
    """Made once: writing it takes longer than answering it."""
    now = bindparam("now", type_=Instant())
    return (
        _public_entries(now, archived=archived)
        .join(_FTS5, _FTS5.c.rowid == SearchEntry.position)
        .where(
            _match(bindparam("question", type_=String())),
            _FTS5.c.rowid < bindparam("before", type_=BigInteger()),
        )
        .order_by(_FTS5.c.rowid.desc())
        .limit(bindparam("size", type_=Integer()))
    )


def _matches(question: Question) -> ColumnElement[bool]:
    return _match(questions.for_sqlite(question))


def _match(asked: Any) -> ColumnElement[bool]:
    return _FTS5.c.search_index.op("MATCH", is_comparison=True)(asked)


def _postgresql(
    session: Session, now: datetime, archived: bool, question: Question, before: int, size: int
) -> list[_Hit]:
    """Common words are found among the newest; where those are too few, the index of words finds the rest.

    Left to itself the planner now and then walks through everything for words that rarely stand together.
    """
    statement = _public_entries(now, archived=archived)
    floor = session.scalar(_end_of_the_newest(before)) or 0
    newest = statement.where(_holds(question), SearchEntry.position < before, SearchEntry.position >= floor)
    rows = public_releases.read_listed(session, _newest_first(newest, size))
    if len(rows) == size or not floor:
        return rows
    older = select(SearchEntry.release_id).where(_holds(question), SearchEntry.position < floor)
    held = older.cte().prefix_with("MATERIALIZED")
    rest = statement.where(SearchEntry.release_id.in_(select(held.c.release_id)))
    return [*rows, *public_releases.read_listed(session, _newest_first(rest, size - len(rows)))]


def _end_of_the_newest(before: int) -> Select[int]:
    statement = select(SearchEntry.position).where(SearchEntry.position < before)
    return statement.order_by(SearchEntry.position.desc()).offset(NEWEST - 1).limit(1)


def _newest_first(statement: Select[Any], size: int) -> Select[Any]:
    return statement.order_by(SearchEntry.position.desc()).limit(size)


def _holds(question: Question) -> ColumnElement[bool]:
    """The planner must see the words, so they stand in the statement itself: they hold letters and digits only."""
    asked = bindparam("question", questions.for_postgresql(question), String(), literal_execute=True)
    return cast(SearchEntry.words, TSVECTOR()).op("@@", is_comparison=True)(cast(asked, _Question()))


def _position(release: Release | Listed) -> int:
    if release.live_from is None:
        raise ValueError(f"{release.reference} has no time")
    return position(release.live_from, release.id)


def _place(rank: int, hit: _Hit) -> str:
    """A cursor: in which rank the last row of a page stood, and where in it."""
    position = hit[1]
    at = _EPOCH + timedelta(seconds=position // _IDS)
    return f"{rank}.{cursor(at, position % _IDS)}"


def _read_place(after: str | None) -> tuple[int, int]:
    """Rank and position that results go on from; the beginning for no cursor and for one that was never ours."""
    rank, _, rest = (after or "").partition(".")
    place = read_cursor(rest)
    if rank not in ("0", "1", "2") or not place or place[0] < _EPOCH:
        return _BEGINNING
    return int(rank), position(*place)
