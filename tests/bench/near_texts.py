"""Near copies among a hundred thousand texts, half of which carry the same closing paragraph: found or not, and the cost.

The limit is the text's own hash bands, cut by this file's plain copy of the recipe (three words, BLAKE2, 64 bins, 16
bands): what a perfect index would leave to do. Limit and own in turns.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.actions.moderating import examining
from portal.actions.releases.content import comparable_text
from portal.storage.database import Database
from portal.storage.migrate import upgrade
from portal.storage.queries.releases import Case
from portal.storage.tables import Edition, Release, Revision
from portal.storage.unit_of_work import UnitOfWork
from portal.text import similarity
from tests.bench.rounds import Rounds, in_turns
from tests.rigs.many_texts import fill_texts, has_boilerplate
from tests.rigs.query_plans import gather_statistics

TEXTS, PROBES, BASE = 100_000, 100, 1_000
CHANGED_WORDS = (0, 10, 20, 40)


@dataclass(frozen=True)
class Found:
    """`filling` in seconds; `recall` by how many words were changed: (found, asked). `rounds` in milliseconds a text."""

    texts: int
    filling: float
    recall: dict[int, tuple[int, int]]
    without: Rounds
    boilerplate: Rounds


def run(url: str, root: Path, now: datetime, texts: int = TEXTS, base: int = BASE) -> Found:
    database = Database(url)
    upgrade(database)
    begun = time.perf_counter()
    with UnitOfWork(database) as work:
        ids = fill_texts(work, texts, now, base=base)
        work.session.commit()  # nothing of it is vouched for
    gather_statistics(database)
    filling = time.perf_counter() - begun
    try:
        with database.reading() as session:
            recall = {changed: _recall(session, ids, changed, now) for changed in CHANGED_WORDS}
            plain, shared = (
                [each for each in ids if has_boilerplate(each) is kind][:PROBES] for kind in (False, True)
            )
            return Found(texts, filling, recall, _cost(session, plain, now), _cost(session, shared, now))
    finally:
        database.dispose()


def told(found: Found) -> str:
    recall = ", ".join(f"{changed}: {got} of {asked}" for changed, (got, asked) in found.recall.items())
    return (
        f"Near copies among {found.texts:,} texts (filled in {found.filling:.0f} s), boilerplate in half of them: found with"
        f" so many of 450 words changed {recall}; look-up and comparison of one text / its bands: {found.without.told('ms')};"
        f" with boilerplate {found.boilerplate.told('ms')}"
    )


def _recall(session: Session, ids: list[int], changed: int, now: datetime) -> tuple[int, int]:
    """How many probes find the text that they were made from."""
    probes = ids[:: max(1, len(ids) // PROBES)]
    found = 0
    for key in probes:
        case = _case(session, key)
        reference = case.release.reference
        probe = _as_another(case, _with_changes(case.edition.revision.content, changed))
        found += reference in {copy["reference"] for copy in examining.near_copies(session, probe, now)}
    return found, len(probes)


def _cost(session: Session, ids: list[int], now: datetime) -> Rounds:
    cases = [_case(session, key) for key in ids]
    texts = [comparable_text(case.edition.revision.content) for case in cases]

    def limit() -> float:
        return _milliseconds(lambda: [_bands(text) for text in texts]) / len(texts)

    def ours() -> float:
        return _milliseconds(
            lambda: [
                examining.near_copies_to(session, case, similarity.Compared(text), now)
                for case, text in zip(cases, texts, strict=True)
            ]
        ) / len(texts)

    return in_turns(limit, ours)


def _case(session: Session, revision_id: int) -> Case:
    edition = session.scalars(
        select(Edition).join(Revision, Revision.edition_id == Edition.id).where(Revision.id == revision_id)
    ).one()
    return Case(edition.release, edition)


def _as_another(case: Case, content: dict[str, Any]) -> Any:
    """The same house sends this text under another release."""
    release = Release(id=1, organisation_id=case.release.organisation_id)
    edition = Edition(id=1, revision=Revision(id=1, content=content))
    return Case(release, edition)


def _with_changes(content: dict[str, Any], changed: int) -> dict[str, Any]:
    words = content["values"]["body"].split()
    drawn = random.Random(changed)
    for place in drawn.sample(range(len(words)), changed):
        words[place] = f"new{drawn.randrange(10**6)}"
    body = " ".join(words)
    return {"values": content["values"] | {"body": body}, "body_html": f"<p>{body}</p>"}


def _bands(text: str) -> list[bytes]:
    words = text.casefold().split()
    smallest = [b"\xff" * 9] * 64
    for shingle in {" ".join(words[start : start + 3]) for start in range(max(1, len(words) - 2))}:
        value = blake2b(shingle.encode(), digest_size=8).digest()
        place = value[7] % 64
        smallest[place] = min(smallest[place], value)
    return [
        blake2b(b"".join(smallest[start : start + 4]), digest_size=8).digest() for start in range(0, 64, 4)
    ]


def _milliseconds(take: Callable[[], Any]) -> float:
    """Of the processor: SQLite looks up in this process, and what else runs on the machine does not count."""
    begun = time.process_time()
    take()
    return (time.process_time() - begun) * 1000
