"""A no may be appealed once, and another editor reads it; a senior may open it again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.actions.moderating import reading
from portal.actions.submitting import appealing
from portal.rules.refusals import Conflict, Invalid, NotFound
from portal.storage.queries import releases
from portal.storage.tables import User
from tests.rigs.desk import Desk


def appeal(desk: Desk, reference: str, message: str = "The date is right.", **more) -> None:
    by = more.pop("by", desk.people.member)
    desk.take(appealing.appeal, reference, by, message=message, **more)


def reopen(desk: Desk, reference: str, message: str = "We judged it by an old rule.", **more) -> None:
    by = more.pop("by", desk.people.senior)
    desk.take(appealing.reopen, reference, by, message=message, **more)


def block(desk: Desk, *people) -> None:
    with desk.portal.work() as work:
        ids = [person.id for person in people]
        work.session.execute(update(User).where(User.id.in_(ids)).values(blocked_at=desk.now))
        work.commit()


def test_an_appeal_waits_again_with_a_new_promise(desk):
    reference = desk.decided("reject")
    desk.now += timedelta(hours=9)

    appeal(desk, reference)

    edition = desk.edition(reference)
    assert (edition.state, edition.round) == ("submitted", 2)
    assert edition.promise_at == edition.due_at == desk.now + timedelta(hours=4)
    assert edition.rejected_by_id == desk.people.editor.id
    assert desk.facts(reference)[-1] == "appealed"
    assert len(desk.told("appealed")) == 1


def test_another_editor_reads_an_appeal_and_may_say_no_again_but_only_once(desk):
    reference = desk.decided("reject")
    appeal(desk, reference)

    with pytest.raises(Conflict, match="Another editor"):
        desk.claim(reference)
    desk.claim(reference, by=desk.people.other_editor)
    desk.decide(reference, "reject", by=desk.people.other_editor)

    assert desk.state(reference) == "rejected"
    with pytest.raises(Conflict, match="once already"):
        appeal(desk, reference)


def test_the_senior_who_said_no_cannot_take_the_appeal_over_either(sqlite_desk):
    desk = sqlite_desk
    reference = desk.held("business", by=desk.people.senior)
    desk.decide(reference, "reject", by=desk.people.senior)
    appeal(desk, reference)
    desk.claim(reference)

    with pytest.raises(Conflict, match="Another editor"):
        desk.take(reading.take_over, reference, desk.people.senior, message="I know it better.")


def test_where_nobody_else_may_decide_the_same_editor_reads_it_and_the_timeline_says_so(desk):
    reference = desk.decided("reject")
    appeal(desk, reference)
    block(desk, desk.people.other_editor, desk.people.senior)

    desk.claim(reference)

    assert desk.edition(reference).holder_id == desk.people.editor.id
    with desk.portal.database.reading() as session:
        newest = releases.timeline(session, desk.release(reference))[0]
        assert (newest.fact, newest.detail) == ("claimed", {"alone": True})


def test_an_appeal_says_why_and_only_a_no_can_be_appealed(sqlite_desk):
    desk = sqlite_desk
    reference, waiting = desk.decided("reject"), desk.sent()

    with pytest.raises(Invalid):
        appeal(desk, reference, " ")
    with pytest.raises(Conflict):
        appeal(desk, waiting)
    with pytest.raises(NotFound):
        appeal(desk, reference, by=desk.people.stranger)
    with pytest.raises(Conflict):
        appeal(desk, reference, version=1)
    assert desk.state(reference) == "rejected"


def test_a_senior_opens_a_no_again_with_a_reason_and_anybody_may_read_it(desk):
    reference = desk.decided("reject")

    reopen(desk, reference)
    desk.claim(reference)
    desk.decide(reference, "reject")

    assert desk.facts(reference)[-3:] == ["reopened", "claimed", "rejected"]
    assert len(desk.told("reopened")) == 1
    appeal(desk, reference)
    assert desk.state(reference) == "submitted"


def test_only_a_senior_opens_it_again(sqlite_desk):
    reference = sqlite_desk.decided("reject")

    with pytest.raises(Conflict):
        reopen(sqlite_desk, reference, by=sqlite_desk.people.editor)
    with pytest.raises(NotFound):
        reopen(sqlite_desk, reference, by=sqlite_desk.people.member)
    with pytest.raises(Invalid):
        reopen(sqlite_desk, reference, "")
