"""Loading the demo data: through the real actions, whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from portal.actions.accounts import passwords
from portal.actions.operating import auditing
from portal.actions.portal import Portal
from portal.demo import Login, NotEmpty, load, reading
from portal.demo.reading import DemoRelease
from portal.settings import load_settings
from portal.storage.database import Database
from portal.storage.queries import emptiness, people, public_releases
from portal.storage.queries.public_releases import Filter
from portal.storage.tables import Delivery, Edition, Examination, IdentityRecord, Note, Outbox, Release
from tests.builders import NOON
from tests.rigs.sqlite import copied


@dataclass(frozen=True)
class Loaded:
    portal: Portal
    logins: list[Login]
    statements: int

    def count(self, statement: Any) -> int:
        with self.portal.database.reading() as session:
            return session.scalar(statement) or 0


@pytest.fixture(scope="module")
def demo(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """Loaded once: these tests only look at it."""
    folder = tmp_path_factory.mktemp("demo")
    database = Database(copied(sqlite_template, folder / "portal.sqlite3"))
    portal = Portal(database, load_settings({"PORTAL_ENV": "development"}, folder))
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    logins = load(portal, now=NOON, keep=lambda _logins: None)
    yield Loaded(portal, logins, len(statements))
    database.dispose()


def published() -> list[DemoRelease]:
    return [each for each in reading.releases(NOON.date()) if each.story.state == "published"]


def meant_to_be_public() -> list[DemoRelease]:
    """In the lists now: their time has come, and nothing took them out again."""
    gone = {"kill", "take-down", "archive"}
    return [
        each
        for each in published()
        if not each.story.scheduled and gone.isdisjoint(later.act for later in each.story.afterwards)
    ]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_it_works_on_postgresql_too(database: Any, settings: Any) -> None:
    portal = Portal(database, settings)

    load(portal, now=NOON, keep=lambda _logins: None)

    assert auditing.verify(portal).ok
    with database.reading() as session:
        assert len(public_releases.page(session, NOON, Filter(), size=100)) == len(meant_to_be_public())


def test_every_chain_of_records_holds(demo: Loaded) -> None:
    assert auditing.verify(demo.portal).ok


def test_the_public_sees_what_was_approved_and_is_due(demo: Loaded) -> None:
    with demo.portal.database.reading() as session:
        assert len(public_releases.page(session, NOON, Filter(), size=100)) == len(meant_to_be_public()) > 30


def test_it_asks_the_database_no_more_than_it_must(demo: Loaded) -> None:
    """Counted, as seconds say more about the machine than about us: some fifteen seconds of one processor."""
    assert demo.statements < 16_500


def test_the_releases_stand_where_their_stories_end(demo: Loaded) -> None:
    with demo.portal.database.reading() as session:
        states = Counter(session.scalars(select(Edition.state)))

    assert states == {
        "approved": len(published()) + 1,  # one of them was corrected, which is an edition of its own
        "submitted": 5,
        "awaiting_second": 1,
        "draft": 3,
        "changes_requested": 2,
        "rejected": 2,
        "in_review": 1,
        "withdrawn": 1,
    }


def test_a_new_user_sees_what_can_become_of_a_public_release(demo: Loaded) -> None:
    with demo.portal.database.reading() as session:
        found = {
            row.publication: row
            for row in session.scalars(select(Release))
            if row.publication in ("killed", "taken_down")
        }
        notices = session.scalars(select(Release.notice_kind).where(Release.notice_kind != "")).all()
        archived = session.scalars(select(Release).where(Release.archived_at.is_not(None))).all()
        corrected = session.scalars(select(Edition).where(Edition.number > 1)).one()

        assert (set(found), list(notices), len(archived)) == ({"killed", "taken_down"}, ["cancelled"], 1)
        assert (corrected.state, corrected.correction_kind) == ("approved", "minor")
        assert "Nadia Mansor made it 4–1" in corrected.draft["body_html"]


def test_two_approved_releases_wait_for_their_time(demo: Loaded) -> None:
    with demo.portal.database.reading() as session:
        later = session.scalars(select(Release).where(Release.live_from > NOON)).all()

        assert len(later) == 2
        assert not [release for release in later if public_releases.is_visible(session, release, NOON)]


def test_nothing_waits_to_be_mailed(demo: Loaded) -> None:
    assert demo.count(select(func.count(Outbox.id)).where(Outbox.relayed_at.is_(None))) == 0
    assert demo.count(select(func.count(Delivery.id)).where(Delivery.state != "sent")) == 0
    assert demo.count(select(func.count(Delivery.id))) > 200


def test_no_mail_of_the_story_is_dated_after_the_loading(demo: Loaded) -> None:
    assert demo.count(select(func.count(Delivery.id)).where(Delivery.sent_at > NOON)) == 0


def test_everything_that_was_sent_was_examined(demo: Loaded) -> None:
    unexamined = Edition.submitted_at.is_not(None) & Edition.examined_at.is_(None)

    assert demo.count(select(func.count(Edition.id)).where(unexamined)) == 0


def test_the_match_report_that_was_sent_twice_is_found_out(demo: Loaded) -> None:
    with demo.portal.database.reading() as session:
        copies = [each.near_copies for each in session.scalars(select(Examination)) if each.near_copies]

    assert [copy["headline"] for (copy,) in copies] == [
        "Teluk Seroja take second place after 2–1 takraw win over Gong Badak"
    ]


def test_the_release_over_its_promise_was_noticed_by_the_clock(demo: Loaded) -> None:
    with demo.portal.database.reading() as session:
        late = session.scalars(select(Edition).where(Edition.promise_at < NOON, Edition.state == "submitted"))
        steps = [edition.ladder_step for edition in late]

    assert steps == [3]


def test_the_editor_who_reads_still_holds_the_release(demo: Loaded) -> None:
    with demo.portal.database.reading() as session:
        held = session.scalars(select(Edition).where(Edition.state == "in_review")).one()

    assert held.claim_expires_at is not None
    assert held.claim_expires_at - NOON > timedelta(minutes=10)


def test_each_organisation_that_runs_was_called_back_once(demo: Loaded) -> None:
    with demo.portal.database.reading() as session:
        called = session.scalars(select(IdentityRecord.organisation_id)).all()
        public = session.scalars(select(Release.organisation_id).where(Release.publication == "live")).all()

    assert sorted(called) == sorted(set(public))


def test_the_desk_left_notes(demo: Loaded) -> None:
    assert demo.count(select(func.count(Note.id))) == 3


def test_the_handed_out_logins_fit_one_for_each_role(demo: Loaded) -> None:
    with demo.portal.database.reading() as session:
        users = {login.role: people.by_email(session, login.email) for login in demo.logins}

    assert list(users) == ["member", "editor", "senior", "admin"]
    for login in demo.logins:
        user = users[login.role]
        assert user is not None
        assert user.role == login.role
        assert passwords.matches(login.password, user.password_hash)


def test_a_second_loading_is_refused_and_adds_nothing(demo: Loaded) -> None:
    before = demo.count(select(func.count(Release.id)))

    with pytest.raises(NotEmpty):
        load(demo.portal, now=NOON, keep=lambda _logins: None)

    assert demo.count(select(func.count(Release.id))) == before


def test_a_loading_that_fails_half_way_leaves_an_empty_database(sqlite_database: Any, settings: Any) -> None:
    unreadable = replace(settings, promise_hours="four")
    portal = Portal(sqlite_database, unreadable)

    with pytest.raises(TypeError, match="hours"):
        load(portal, now=NOON, keep=lambda _logins: None)

    with sqlite_database.reading() as session:
        assert emptiness.is_empty(session)
