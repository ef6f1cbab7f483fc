"""The health page says in words what waits, since when and whom to call; and an editor lifts a hold there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.actions.accounts.users import NewUser, create_user
from portal.actions.operating import clock_holding, leasing
from portal.storage.queries.newsletter.digests import Progress
from portal.storage.tables import AccountEvent, ClockHold, Delivery, DigestIssue, Outbox
from portal.web.operating import daily_health
from tests import builders
from tests.rigs.people import NOW, PASSWORD
from tests.rigs.visitor import Visitor
from tests.rigs.web_page import read

PAGE = "/newsroom/health"
LIFT = f"{PAGE}/lift-hold"


def shown(visitor: Visitor) -> Any:
    answer = visitor.open(PAGE)
    assert answer.status_code == 200
    return read(PAGE, 200, answer.text, answer.headers)


def unwell(page: Any) -> set[str]:
    return {each["data-health"] for _tag, each in page.elements if each.get("data-well") == "no"}


@pytest.fixture
def staffed(people: Any) -> None:
    """A senior editor, an administrator, and a clock that has just ticked."""
    for name in ("senior", "admin"):
        wanted = NewUser(f"{name}@post.example", name.title(), name, password=PASSWORD)
        create_user(people.portal, wanted, now=NOW)
    leasing.hold(people.portal, "one", real_seconds=1.0, lease_seconds=15.0, now=NOW)


def test_where_nothing_is_wrong_it_says_so(staffed: None, editor: Visitor) -> None:
    page = shown(editor)

    assert unwell(page) == {"redis"}  # these tests have none
    assert "1 thing needs a look" in page.text
    assert "Nothing waits for a decision." in page.text
    assert "admin@post.example" in page.text
    assert page.link("Health").endswith(PAGE)


def test_what_is_wrong_is_said_with_its_time_and_whom_to_call(people: Any, editor: Visitor) -> None:
    with people.portal.work() as work:
        old = NOW - timedelta(days=2)
        late = builders.due_release(work, at=old)
        waiting = builders.submitted_release(work, at=old)
        outbox = Outbox(fact="receipt", release_id=waiting.id, created_at=old, not_before=old, relayed_at=old)
        work.session.add(outbox)
        work.session.flush()
        work.session.add(
            Delivery(
                outbox_id=outbox.id,
                template="receipt",
                recipient="dewi@selat.example",
                state="failed",
                next_at=old,
                last_error="550 no such person",
            )
        )
        work.commit()

    page = shown(editor)

    assert unwell(page) >= {"lateness", "clock", "queue", "checks", "failed", "redis", "senior"}
    assert "1 release is due and not recorded, the first since" in page.text
    assert "No clock has ticked yet." in page.text
    assert "1 release waits for a decision" in page.text
    for told in (
        "dewi@selat.example",
        "550 no such person",
        waiting.reference,
        "portal outbox deliver --failed",
    ):
        assert told in page.text
    assert late.reference not in page.text


def test_a_clock_that_stopped_is_said(staffed: None, editor: Visitor, standing_clock: Any) -> None:
    standing_clock.move(minutes=3)

    assert "It has stopped. Start portal clock" in shown(editor).text


def test_an_editor_lifts_the_hold_with_words(people: Any, editor: Visitor) -> None:
    clock_holding.hold(people.portal, why="The clock jumped forward by 3 hours.", now=NOW)
    page = shown(editor)
    assert "Publishing is held" in page.text
    assert "The clock jumped forward by 3 hours." in page.text

    refused = editor.send(LIFT, PAGE, message=" ")
    assert (refused.status_code, "Say which clock you compared" in refused.text) == (422, True)
    done = editor.send(LIFT, PAGE, message="My phone says the same.")
    assert (done.status_code, done.headers["Location"]) == (303, PAGE)
    with people.portal.database.reading() as session:
        assert session.scalars(select(ClockHold)).all() == []
        assert (
            session.scalars(select(AccountEvent.fact).order_by(AccountEvent.id)).all()[-1]
            == "clock_hold_lifted"
        )
    token = editor.token("/account/security")
    again = editor.client.post(LIFT, data={"csrf_token": token, "message": "Once more, slowly."})
    assert (again.status_code, "Once more, slowly." in again.text) == (409, True)


def test_an_administrator_reads_it_and_lifts_nothing(people: Any, staffed: None, browser: Any) -> None:
    clock_holding.hold(people.portal, why="The clock jumped.", now=NOW)
    administrator = browser()
    administrator.log_in("admin@post.example", PASSWORD)

    assert "/lift-hold" not in administrator.open(PAGE).text
    token = administrator.token("/account/security")
    answer = administrator.client.post(LIFT, data={"csrf_token": token, "message": "It is right."})
    assert answer.status_code == 404


def test_members_do_not_know_of_it(member: Visitor, stranger: Visitor) -> None:
    assert member.open(PAGE).status_code == 404
    assert stranger.open(PAGE).status_code == 302


def test_the_numbers_tell_lateness_the_last_tick_and_the_hold(people: Any, stranger: Visitor) -> None:
    with people.portal.work() as work:
        builders.due_release(work, at=NOW - timedelta(minutes=5))
        work.commit()
    leasing.hold(people.portal, "one", real_seconds=1.0, lease_seconds=15.0, now=NOW)
    clock_holding.hold(people.portal, why="The clock jumped.", now=NOW)

    numbers = dict(
        line.rsplit(" ", 1) for line in stranger.open("/metrics").text.splitlines() if line[:1] != "#"
    )

    assert float(numbers["portal_publish_lateness_seconds"]) == 300.0
    assert float(numbers["portal_clock_last_tick_timestamp"]) == NOW.timestamp()
    assert float(numbers["portal_publishing_held"]) == 1.0


def test_the_daily_e_mail_has_a_line_that_says_how_far_it_has_come(people: Any, editor: Visitor) -> None:
    def line(hours: int = 0, paused: bool = False, **letters: int) -> tuple[str, str]:
        since = NOW - timedelta(hours=hours)
        issue = DigestIssue(date="2026-03-24", queued_at=since, paused_at=NOW if paused else None, late=False)
        state, text, *_ = daily_health.told((issue, Progress(letters)), NOW)
        return state, text.removeprefix("The issue of 24 March 2026 ")

    assert line(sent=9_000, pending=1_000) == ("good", "is on its way: 9,000 sent, 1,000 waiting.")
    assert line(2, sent=9_000, pending=1_000) == ("bad", "is still on its way: 9,000 sent, 1,000 waiting.")
    assert line(paused=True, sent=9, pending=1) == ("look", "is paused: 9 sent, 1 waiting.")
    assert line(sent=9_996, failed=4, dropped=3) == ("good", "has gone: 9,996 sent, 4 failed.")
    assert line(sent=60, failed=40) == ("bad", "has gone: 60 sent, 40 failed.")
    assert line(sent=98, uncertain=2) == ("look", "has gone: 98 sent, 2 uncertain.")
    assert "No issue has been closed yet." in shown(editor).text
