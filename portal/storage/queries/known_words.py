"""The words of releases that are recorded as public, for those who mistyped one.

A word is known by the three releases that brought it at the most, so that there are about as many rows as words. What
leaves the public takes its rows along in the same transaction, and each asking goes through the public condition.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, insert, select
from sqlalchemy.orm import Session

from portal.storage.queries.public_releases import visible
from portal.storage.tables import KnownWord, Release, ToLearn, WordGram
from portal.storage.unit_of_work import UnitOfWork

MOST_BRINGERS = 3
_LOOKED_AT = 30
_AT_ONCE = 500

Grams = Callable[[str], Sequence[str]]


def ask_for(work: UnitOfWork, release_ids: Collection[int]) -> None:
    """Have the words of these releases learnt once they are public."""
    waiting = set(work.session.scalars(select(ToLearn.release_id).where(ToLearn.release_id.in_(release_ids))))
    for release_id in set(release_ids) - waiting:
        work.session.execute(insert(ToLearn).values(release_id=release_id))


def to_learn(session: Session, size: int) -> list[Release]:
    """Releases that are recorded as public and whose words are to be learnt, at most so many."""
    # The ids first, and each asked about: so the few that wait are read, and not all releases.
    waiting = select(ToLearn.release_id).where(is_to_be_learnt())
    ids = session.scalars(waiting.order_by(ToLearn.release_id).limit(size)).all()
    return list(session.scalars(select(Release).where(Release.id.in_(ids)))) if ids else []


def is_to_be_learnt() -> ColumnElement[bool]:
    """Of a row that waits: is its release recorded as public?"""
    recorded = (Release.publication == "live", Release.went_live_at.is_not(None))
    return exists().where(Release.id == ToLearn.release_id + 0, *recorded)


def learn(work: UnitOfWork, release_id: int, words: Mapping[str, str], grams: Grams) -> None:
    """Keep these words of a release, as they are written there, unless others brought them already."""
    work.session.execute(delete(ToLearn).where(ToLearn.release_id == release_id))
    bringers = _bringers(work.session, list(words))
    brings = {
        word: written
        for word, written in words.items()
        if release_id not in bringers[word] and len(bringers[word]) < MOST_BRINGERS
    }
    rows_of_words = [
        {"word": word, "release_id": release_id, "written": written} for word, written in brings.items()
    ]
    letters = [
        {"gram": gram, "length": len(word), "word": word}
        for word in brings
        if not bringers[word]
        for gram in grams(word)
    ]
    for table, rows in ((KnownWord, rows_of_words), (WordGram, letters)):
        if rows:
            work.session.execute(insert(table), rows)


def forget(work: UnitOfWork, release_id: int, grams: Grams) -> list[str]:
    """Keep no word of this release; answers those that are known no more, because no other release brought them."""
    session = work.session
    session.execute(delete(ToLearn).where(ToLearn.release_id == release_id))
    brought = list(session.scalars(select(KnownWord.word).where(KnownWord.release_id == release_id)))
    session.execute(delete(KnownWord).where(KnownWord.release_id == release_id))
    others = _bringers(session, brought)
    lost = sorted(word for word in brought if not others[word])
    for word in lost:
        of_it = (WordGram.gram.in_(grams(word)), WordGram.length == len(word), WordGram.word == word)
        session.execute(delete(WordGram).where(*of_it))
    return lost


def alike(session: Session, now: datetime, letters: Sequence[str], length: int) -> dict[str, str]:
    """Known words of what is public now that share three in ten of these grams and have a letter more or less.

    Each with how it is written, those that share the most first, thirty at the most.
    """
    shared = func.count()
    near = (
        select(WordGram.word, shared.label("shared"))
        .where(WordGram.gram.in_(letters), WordGram.length.between(length - 1, length + 1))
        .group_by(WordGram.word)
        .having(shared * 10 >= 3 * len(letters))
        .subquery()
    )
    public = exists().where(KnownWord.word == near.c.word, Release.id == KnownWord.release_id, visible(now))
    best = select(near.c.word).where(public).order_by(near.c.shared.desc(), near.c.word).limit(_LOOKED_AT)
    words = list(session.scalars(best))
    written = (
        select(KnownWord.word, func.min(KnownWord.written))
        .join(Release, Release.id == KnownWord.release_id)
        .where(KnownWord.word.in_(words), visible(now))
        .group_by(KnownWord.word)
    )
    return dict(session.execute(written).tuples().all())


def _bringers(session: Session, words: Sequence[str]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {word: set() for word in words}
    for start in range(0, len(words), _AT_ONCE):
        some = words[start : start + _AT_ONCE]
        for word, release_id in session.execute(
            select(KnownWord.word, KnownWord.release_id).where(KnownWord.word.in_(some))
        ):
            found[word].add(release_id)
    return found
