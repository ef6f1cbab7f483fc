"""The same question within one transaction reaches the database once, until something is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from portal.storage.asked_once import asked_once, known
from portal.storage.database import Database
from portal.storage.queries import releases
from portal.storage.tables import Place, User
from portal.storage.unit_of_work import UnitOfWork
from tests import builders


@pytest.fixture
def work(database: Database) -> Iterator[UnitOfWork]:
    with UnitOfWork(database) as opened:
        yield opened


def names(work: UnitOfWork) -> list[str]:
    """Everybody's names, asked once."""
    found: list[str] = asked_once(
        work.session, "names", lambda: list(work.session.scalars(select(User.name).order_by(User.id)))
    )
    return found


def test_the_same_question_is_asked_once(work: UnitOfWork) -> None:
    builders.user(work)
    assert names(work) is names(work)
    assert known(work.session, "names") == names(work)


@pytest.mark.parametrize("way", ["an attribute", "a new row", "a statement", "a statement without entities"])
def test_what_is_written_makes_it_ask_anew(work: UnitOfWork, way: str) -> None:
    row = builders.user(work)
    before = names(work)

    _write(work, row, way)

    assert known(work.session, "names") is None
    assert names(work) is not before
    assert names(work) == list(work.session.scalars(select(User.name).order_by(User.id)))


def _write(work: UnitOfWork, row: User, way: str) -> None:
    acts: dict[str, Any] = {
        "an attribute": lambda: setattr(row, "name", "Another"),
        "a new row": lambda: builders.user(work),
        "a statement": lambda: work.session.execute(update(User).values(name="Another")),
        "a statement without entities": lambda: work.session.execute(
            insert(Place.__table__).values(slug="here", country="KH", city="")
        ),
    }
    acts[way]()


def test_what_was_taken_back_is_not_remembered(work: UnitOfWork) -> None:
    builders.user(work)
    savepoint = work.session.begin_nested()
    builders.user(work)
    assert len(names(work)) == 2
    savepoint.rollback()
    assert len(names(work)) == 1


def test_a_decision_that_was_undone_in_the_same_work_stands_no_more(work: UnitOfWork) -> None:
    row = builders.decided_release(work, "reject", editor=builders.user(work))
    edition = row.editions[0]
    decision, _ = releases.decision_and_senior(work.session, edition)
    assert decision is not None
    assert releases.decision_that_stands(work.session, edition) is decision

    decision.undone_at = decision.decided_at

    assert releases.decision_that_stands(work.session, edition) is None
