"""The desk, a status page, the queue and a review ask the database as often for many releases as for few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from portal.actions.moderating import examining
from portal.actions.releases.moving import acting
from portal.actions.submitting import drafting
from portal.storage.tables import Edition, Organisation, Release, User
from portal.storage.unit_of_work import UnitOfWork
from tests import builders
from tests.rigs.desk import DECLARED, whole
from tests.rigs.people import NOW, People
from tests.rigs.visitor import Visitor


@pytest.fixture
def counted(portal_app: Flask) -> Callable[[Callable[[], TestResponse]], tuple[int, TestResponse]]:
    """Does something and says how many statements that took, and how it was answered."""
    engine = portal_app.extensions["portal"].database.engine

    def count(act: Callable[[], TestResponse]) -> tuple[int, TestResponse]:
        sent: list[str] = []

        def remember(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith("BEGIN"):
                sent.append(statement)

        event.listen(engine, "before_cursor_execute", remember)
        answer = act()
        event.remove(engine, "before_cursor_execute", remember)
        return len(sent), answer

    return count


@pytest.fixture
def asked(counted: Callable[..., tuple[int, TestResponse]]) -> Callable[[Visitor, str], int]:
    """Opens an address and says how many statements that took."""

    def count(visitor: Visitor, address: str) -> int:
        found, answer = counted(lambda: visitor.open(address))
        assert answer.status_code == 200, address
        return found

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
        (editor, "/newsroom"): 11,
        (editor, f"/newsroom/releases/{waits}"): 12,
    }

    found = {address: asked(visitor, address) for visitor, address in most}
    assert [address for (_, address), limit in most.items() if found[address] > limit] == [], list(
        found.values()
    )


def test_a_review_with_all_its_checks_asks_little_more(
    people: People, member: Visitor, editor: Visitor, asked: Callable[[Visitor, str], int]
) -> None:
    """Examined and flagged: near copies, the acts that answer a flag, and who is known of the sender."""
    reference = fill(people, 3)[0]
    with people.portal.database.reading() as session:
        statement = select(Edition.id).join(Edition.release).where(Release.reference == reference)
        edition_id = session.scalars(statement).one()
    examining.examine(people.portal, edition_id, now=NOW)

    assert asked(editor, f"/newsroom/releases/{reference}") <= 12


def test_a_release_is_sent_in_twenty_statements(
    people: People, member: Visitor, counted: Callable[..., tuple[int, TestResponse]]
) -> None:
    sender = people.person("dewi@selat.example")
    reference = drafting.start(people.portal, sender, "business", now=NOW)
    with acting(people.portal, sender, reference, now=NOW) as act:
        act.edition.draft = whole("business")
        key = act.edition.submission_key
    token = member.token(f"/desk/releases/{reference}/edit/check")
    form = {**DECLARED, "version": "1", "idempotency_key": key, "csrf_token": token}

    found, answer = counted(lambda: member.client.post(f"/desk/releases/{reference}/submit", data=form))

    assert answer.status_code == 303, answer.text
    assert found <= 20


def test_a_corrected_release_beside_corrected_news_asks_no_more(
    people: People, member: Visitor, stranger: Visitor, asked: Callable[[Visitor, str], int]
) -> None:
    fill(people, 3)
    with people.portal.work() as work:
        live = work.session.scalars(select(Release).where(Release.publication == "live")).all()
        for row in live:
            _correct(work, row)
        address = f"/releases/{live[0].reference}/{live[0].slug}"
        work.commit()

    assert asked(stranger, address) <= 4
    assert stranger.open(address).text.count("#notice-correction-2") >= 3


def _correct(work: UnitOfWork, row: Release) -> None:
    first = work.session.scalars(select(Edition).where(Edition.release_id == row.id)).one()
    work.session.add(
        Edition(
            release_id=row.id,
            number=2,
            state="approved",
            revision_id=first.revision_id,
            draft_saved_at=NOW,
            draft_saved_by_id=first.draft_saved_by_id,
            submission_key=f"correction-{row.id}",
            correction_kind="minor",
            correction_what="The ferry leaves at six.",
            published_at=NOW,
        )
    )
