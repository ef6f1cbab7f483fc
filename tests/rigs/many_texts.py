"""A hundred thousand sent texts with their hash bands in seconds: a few are written, the others follow by one statement a table."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

from sqlalchemy import (
    String,
    bindparam,
    cast,
    func,
    insert,
    literal,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import Session

from portal.actions.releases.content import comparable_text
from portal.storage.tables import Edition, Release, Revision, SimilarityBand
from portal.storage.unit_of_work import UnitOfWork
from portal.text import similarity
from tests.rigs.many_releases import fill

WORDS, BOILERPLATE_WORDS = 450, 150
STEP = 10_000_000
"""Between the ids of a text and of its followers."""
_UNIQUE = ("reference", "feed_id", "submission_key", "slug")


def written(number: int, *, boilerplate: bool) -> str:
    """About 3 kB of a vocabulary of 20,000 words; a third of every second one is the same closing paragraph."""
    drawn = random.Random(number)
    words = [f"w{int(20_000 * drawn.random() ** 2)}" for _ in range(WORDS)]
    if boilerplate:
        words[-BOILERPLATE_WORDS:] = [f"about{number}" for number in range(BOILERPLATE_WORDS)]
    return " ".join(words)


def has_boilerplate(key: int) -> bool:
    return key % 2 == 0


def fill_texts(work: UnitOfWork, how_many: int, now: datetime, *, base: int = 1_000) -> list[int]:
    """So many texts (a multiple of `base`); answers with the ids of the `base` that are written out.

    A follower has the text's row and its boilerplate bands; each band of a text's own is another in each follower.
    """
    session = work.session
    fill(work, base, now)
    ids = list(session.scalars(select(Revision.id).order_by(Revision.id)))
    _write(session, ids)
    times = how_many // base
    numbers = select(literal(1).label("step")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.step + 1).where(numbers.c.step < times - 1))
    for table, keys in (
        (Release, {"id", "live_edition_id", "live_revision_id"}),
        (Edition, {"id", "release_id", "revision_id"}),
        (Revision, {"id", "edition_id"}),
    ):
        _follow(session, table, keys, numbers)
    _follow_bands(session, numbers)
    return ids


def _write(session: Session, ids: list[int]) -> None:
    release_of = dict(
        session.execute(
            select(Revision.id, Edition.release_id).join(Edition, Edition.id == Revision.edition_id)
        ).all()
    )
    bands: list[dict[str, Any]] = []
    changes = []
    kept = session.scalars(select(Revision.content).limit(1)).one()
    for key in ids:
        body = written(key, boilerplate=has_boilerplate(key))
        content = {
            "values": {**kept["values"], "headline": f"Story {key}", "body": body},
            "body_html": f"<p>{body}</p>",
        }
        changes.append({"key": key, "content": content})
        bands.extend(
            {"revision_id": key, "release_id": release_of[key], "band": band} for band in _bands_of(content)
        )
    session.connection().execute(
        update(Revision.__table__)
        .where(Revision.__table__.c.id == bindparam("key"))
        .values(content=bindparam("content")),
        changes,
    )
    session.execute(insert(SimilarityBand), bands)


def _bands_of(content: dict[str, Any]) -> set[int]:
    return set(similarity.bands(comparable_text(content)))


def _follow(session: Session, table: Any, keys: set[str], numbers: Any) -> None:
    columns = table.__table__.c
    values = []
    for column in columns:
        if column.name in keys:
            values.append(column + numbers.c.step * STEP)
        elif column.name in _UNIQUE:
            values.append(column + literal("-") + cast(numbers.c.step, String))
        elif column.name in ("content", "draft"):
            values.append(literal_column("'{\"values\": {}}'"))
        else:
            values.append(column)
    rows = select(*values).where(columns.id < STEP)
    session.connection().execute(
        insert(table.__table__).from_select(
            [column.name for column in columns], rows.join_from(table.__table__, numbers, literal(True))
        )
    )


def _follow_bands(session: Session, numbers: Any) -> None:
    band = SimilarityBand.__table__.c
    shared = (
        select(band.band.label("band"), func.count().label("held"))
        .group_by(band.band)
        .having(func.count() > 1)
        .cte("shared")
    )
    own = (band.band + numbers.c.step * 7_919) % (2**63 - 2**40)
    value = func.coalesce(shared.c.band, own)
    rows = (
        select(band.revision_id + numbers.c.step * STEP, value, band.release_id + numbers.c.step * STEP)
        .select_from(SimilarityBand.__table__)
        .join(numbers, literal(True))
        .outerjoin(shared, shared.c.band == band.band)
    )
    session.connection().execute(
        insert(SimilarityBand.__table__).from_select(["revision_id", "band", "release_id"], rows)
    )
