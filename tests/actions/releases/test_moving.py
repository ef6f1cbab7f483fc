"""The one door to every state: a row that moved behind an act's back is not hit, and nothing of the act stays."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from portal.actions.releases.moving import acting
from portal.rules.refusals import Conflict
from portal.storage.tables import Edition, Release


def withdraw(desk: Any, reference: str, *, meanwhile: str = "") -> None:
    """The move alone; `meanwhile` is the state into which a second writer brings the edition first."""
    with acting(desk.portal, desk.people.member, reference, now=desk.now) as act:
        row = act.require_step("withdraw")
        if meanwhile:
            behind_the_back_of(act, Edition, act.edition.id, state=meanwhile)
        act.move(row)


def take_down(desk: Any, reference: str, *, meanwhile: str = "") -> None:
    """The same for the publication."""
    with acting(desk.portal, desk.people.senior, reference, now=desk.now) as act:
        row = act.require_publication_step("take_down")
        if meanwhile:
            behind_the_back_of(act, Release, act.release.id, publication=meanwhile, removed_at=desk.now)
        act.move_publication(row, changes={"removed_at": desk.now})


def behind_the_back_of(act: Any, table: Any, number: int, **columns: Any) -> None:
    """What a second writer does: the row changes, and what the session has read of it stays as it was."""
    statement = update(table).where(table.id == number).values(**columns)
    act.session.execute(statement, execution_options={"synchronize_session": False})


def test_an_edition_that_somebody_moved_meanwhile_is_not_moved_again(desk):
    reference = desk.sent()
    before = desk.rows()

    with pytest.raises(Conflict, match=r"^Somebody else was faster\."):
        withdraw(desk, reference, meanwhile="expired")

    assert desk.rows() == before


def test_a_publication_that_somebody_moved_meanwhile_is_not_moved_again(desk):
    reference = desk.decided("approve")
    before = desk.rows()

    with pytest.raises(Conflict, match=r"^Somebody else was faster\."):
        take_down(desk, reference, meanwhile="killed")

    assert desk.rows() == before


def test_rows_that_nobody_moved_are_hit(desk):
    sent, public = desk.sent(), desk.decided("approve")

    withdraw(desk, sent)
    take_down(desk, public)

    assert (desk.state(sent), desk.release(public).publication) == ("withdrawn", "taken_down")
