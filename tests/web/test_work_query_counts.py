"""The desk, a status page, the queue and a review ask the database as often for many releases as for few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from portal.storage.tables import Organisation, Release, User
from portal.storage.unit_of_work import UnitOfWork
from tests import builders
from tests.rigs.people import NOW, People
from tests.rigs.visitor import Visitor


@pytest.fixture
def asked(portal_app: Flask) -> Callable[[Visitor, str], int]:
    """Opens an address and says how many statements that took."""
    engine = portal_app.extensions["portal"].database.engine

    def count(visitor: Visitor, address: str) -> int:
        sent: list[str] = []

        def remember(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith("BEGIN"):
                sent.append(statement)

        event.listen(engine, "before_cursor_execute", remember)
        answer = visitor.open(address)
        event.remove(engine, "before_cursor_execute", remember)
        assert answer.status_code == 200, address
        return len(sent)

    return count


def fill(people: People, how_many: int) -> list[str]:
    """So many releases of the member's house that wait, and as many that are public, with messages."""
    with people.portal.work() as work:
        sender = work.session.get_one(User, people.person("dewi@selat.example").id)
        house = work.session.get_one(Organisation, min(people.person("dewi@selat.example").memberships))
        rows = []
        for number in range(how_many):
            about = {"sender": sender, "house": house, "at": NOW - timedelta(minutes=number)}
            rows.append(builders.submitted_release(work, **about))
            builders.published_release(work, **about)
            _talk(work, rows[0], sender)
        work.commit()
    return [row.reference for row in rows]


def _talk(work: UnitOfWork, row: object, sender: User) -> None:
    builders.message(work, row, sender, "Is it read today?")  # type: ignore[arg-type]


def test_pages_of_work_ask_a_constant_number_of_questions(
    people: People, member: Visitor, editor: Visitor, asked: Callable[[Visitor, str], int]
) -> None:
    reference = fill(people, 2)[0]
    pages = [
        (member, "/desk"),
        (member, f"/desk/releases/{reference}"),
        (editor, "/newsroom"),
        (editor, "/newsroom?view=new"),
        (editor, "/newsroom?view=decided"),
        (editor, f"/newsroom/releases/{reference}"),
    ]
    few = {address: asked(visitor, address) for visitor, address in pages}

    fill(people, 25)

    assert {address: asked(visitor, address) for visitor, address in pages} == few


def test_pages_ask_no_more_questions_than_they_need(
    people: People, member: Visitor, editor: Visitor, stranger: Visitor, asked: Callable[[Visitor, str], int]
) -> None:
    waits = fill(people, 3)[0]
    with people.portal.database.reading() as session:
        public = session.scalars(select(Release).where(Release.publication == "live")).first()
        assert public is not None
    most = {
        (stranger, f"/releases/{public.reference}/{public.slug}"): 4,
        (stranger, "/releases/"): 4,
        (stranger, "/feeds/all.rss"): 5,
        (editor, "/newsroom"): 12,
        (editor, f"/newsroom/releases/{waits}"): 19,
    }

    found = {address: asked(visitor, address) for visitor, address in most}
    assert [address for (_, address), limit in most.items() if found[address] > limit] == [], list(
        found.values()
    )
