"""Many units of work as one."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from portal.actions.portal import Portal
from portal.storage.one_transaction import one_transaction
from portal.storage.tables import User
from tests.builders import NOON


@pytest.fixture
def portal(database: Any, settings: Any) -> Portal:
    return Portal(database, settings)


def add(portal: Portal, email: str, *, commit: bool = True) -> None:
    with portal.work() as work:
        work.session.add(User(email=email, name="Dewi", created_at=NOON))
        work.session.flush()
        if commit:
            work.commit()


def emails(portal: Portal) -> list[str]:
    with portal.database.reading() as session:
        return sorted(session.scalars(select(User.email)))


def test_what_was_committed_inside_stays(portal: Portal) -> None:
    with one_transaction(portal.database) as database:
        add(replace(portal, database=database), "a@x.example")
        add(replace(portal, database=database), "b@x.example")

    assert emails(portal) == ["a@x.example", "b@x.example"]


def test_a_unit_that_forgets_to_commit_undoes_only_itself(portal: Portal) -> None:
    with one_transaction(portal.database) as database:
        add(replace(portal, database=database), "a@x.example")
        add(replace(portal, database=database), "b@x.example", commit=False)
        assert emails(replace(portal, database=database)) == ["a@x.example"]

    assert emails(portal) == ["a@x.example"]


def test_an_error_undoes_everything(portal: Portal) -> None:
    with contextlib.suppress(ZeroDivisionError), one_transaction(portal.database) as database:
        add(replace(portal, database=database), "a@x.example")
        raise ZeroDivisionError

    assert emails(portal) == []
