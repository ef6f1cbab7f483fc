"""Which sent texts share hash bands with a text, those that share most first: without reading one text.

A band that very many texts share is common boilerplate (a house's closing paragraph) and says nothing about the
story: it is left out of the look-up, so that neither its cost nor its owners stand in the way of a true copy.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Integer, Select, bindparam, case, exists, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from portal.storage.tables import SimilarityBand

MOST_SHARE = 1_000
"""Of so many revisions with the same band, one more makes it boilerplate."""

_BAND = SimilarityBand.band


def _beyond(band: Any) -> Select[int]:
    """A row where more revisions than MOST_SHARE have the band; it reads no further than that."""
    other = aliased(SimilarityBand)
    most = bindparam("most", type_=Integer)
    return select(other.revision_id).where(other.band == band).limit(1).offset(most)


_ALONE, _SHARED_BY_FEW, _COMMON = 0, 1, 2


def _held(band: Any) -> Any:
    """By how many others: none, few or too many."""
    return func.coalesce(
        _beyond(band).with_only_columns(literal_column(str(_COMMON))).scalar_subquery(),
        select(literal_column(str(_SHARED_BY_FEW)))
        .where(band == _BAND, SimilarityBand.release_id != bindparam("own"))
        .limit(1)
        .scalar_subquery(),
        literal_column(str(_ALONE)),
    )


@cache
def _held_statement(bands: int) -> Select[Any]:
    return select(*(_held(bindparam(f"band_{place}", type_=BigInteger)) for place in range(bands)))


_SHARED = func.count()
_SHARING = (
    select(SimilarityBand.revision_id, _SHARED)
    .where(_BAND.in_(bindparam("bands", expanding=True)), SimilarityBand.release_id != bindparam("own"))
    .group_by(SimilarityBand.revision_id)
    .order_by(_SHARED.desc(), SimilarityBand.revision_id.desc())
)
_NEWEST = (
    select(SimilarityBand.revision_id)
    .where(bindparam("band") == _BAND, SimilarityBand.release_id != bindparam("own"))
    .order_by(SimilarityBand.revision_id.desc())
    .limit(bindparam("most", type_=Integer))
)


def sharing(session: Session, bands: Sequence[int], *, release_id: int) -> Sequence[int]:
    """Revisions of other releases that share a band with a text that has these: those that share most first, then the newest.

    Where every band is boilerplate, a text goes around by the thousand: the newest of them are given.
    """
    if not bands:
        return []
    held = _held_by(session, bands, release_id)
    if all(each == _COMMON for each in held):
        newest = {"band": bands[0], "own": release_id, "most": MOST_SHARE}
        return session.scalars(_NEWEST, newest).all()
    telling = [band for band, each in zip(bands, held, strict=True) if each == _SHARED_BY_FEW]
    return session.scalars(_SHARING, {"bands": telling, "own": release_id}).all() if telling else []


def sharing_any(session: Session, revisions: Collection[int | None]) -> set[int]:
    """Those of these sent revisions that share a telling band with a text of another release, in one statement.

    One of which every band is boilerplate counts, too, as above.
    """
    other = aliased(SimilarityBand)
    shared = exists().where(other.band == _BAND, other.release_id != SimilarityBand.release_id)
    common = exists(_beyond(_BAND).correlate(SimilarityBand))
    kind = case((~shared, "alone"), (common, "common"), else_="telling")
    found: dict[int, set[str]] = {}
    asked = select(SimilarityBand.revision_id, kind).where(
        SimilarityBand.revision_id.in_(set(revisions) - {None})
    )
    rows = session.execute(asked, {"most": MOST_SHARE})
    for revision_id, said in rows:
        found.setdefault(revision_id, set()).add(said)
    return {each for each, said in found.items() if "telling" in said or said == {"common"}}


def in_handfuls(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """So many at a time, in order."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _held_by(session: Session, bands: Sequence[int], release_id: int) -> Sequence[int]:
    """What each of the bands is, in one small statement; for most texts the only one."""
    asked = {f"band_{place}": band for place, band in enumerate(bands)}
    return (
        session.connection()
        .execute(_held_statement(len(bands)), {**asked, "own": release_id, "most": MOST_SHARE})
        .one()
    )
