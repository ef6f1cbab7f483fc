"""Plain counts for the newsroom, and the list of addresses that are left alone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.actions.accounts.users import NewUser, create_user
from portal.actions.mailing import suppressing
from portal.actions.newsletter import subscribing
from portal.actions.newsletter.subscribing import Wishes
from portal.storage.tables import DigestDelivery, DigestIssue
from portal.web.moderating.numbers import span_in_words
from tests import builders
from tests.rigs.people import NOW, PASSWORD
from tests.rigs.readers import Readers


@pytest.fixture
def readers(portal_app):
    return Readers(portal_app.extensions["portal"])


@pytest.fixture
def admin(people, browser):
    create_user(people.portal, NewUser("noy@post.example", "Noy", "admin", password=PASSWORD), now=NOW)
    visitor = browser()
    visitor.log_in("noy@post.example", PASSWORD)
    return visitor


def table(page, key):
    found = page.text.partition(f'data-numbers="{key}"')[2].partition("</table>")[0]
    rows = re.findall(r"<tr.*?</tr>", found, re.DOTALL)
    return [re.findall(r">([^<>]+)</(?:bdi|td|th|a)>", row) for row in rows][1:]


def facts(page, key):
    found = page.text.partition(f'data-numbers="{key}"')[2].partition("</section>")[0]
    return {
        name: re.sub(r"<[^>]+>", "", value).strip()
        for name, value in re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", found)
    }


def suppress(readers, email):
    with readers.portal.work() as work:
        suppressing.suppress(work, email, reason="refused", detail="550 <b>no</b> such person", now=NOW)
        work.commit()


def test_readers_are_counted_by_place_and_by_what_became_of_them(readers, editor):
    readers.confirmed("one@x.example", places=["laos", "cambodia"], now=NOW)
    readers.confirmed("two@x.example", places=["laos"], kinds=["event"], now=NOW)
    readers.confirmed("three@x.example", now=NOW)
    readers.ask("four@x.example", now=NOW)
    readers.ask_for_link("two@x.example", now=NOW)
    links = readers.links(now=NOW)
    subscribing.prefer(
        readers.portal, links["preferences"], Wishes(("event",), ("laos",), True, "2026-04-14"), now=NOW
    )
    suppress(readers, "gone@x.example")

    page = editor.open("/newsroom/numbers")

    assert table(page, "places") == [["The whole region", "1"], ["Laos", "2"], ["Cambodia", "1"]]
    assert table(page, "kinds") == [["Every kind", "2"], ["Events", "1"]]
    assert facts(page, "readers") == {
        "On the list": "3 1 paused, 1 corrections only",
        "Asked": "1 not confirmed yet",
        "Left": "0 and did not come back",
        "Suppressed": "1 not mailed",
    }
    subscribing.leave(readers.portal, links["unsubscribe"], now=NOW)
    page = editor.open("/newsroom/numbers")
    assert table(page, "places") == [["The whole region", "1"], ["Cambodia", "1"], ["Laos", "1"]]
    assert facts(page, "readers")["Left"].startswith("1 ")


def test_each_issue_shows_what_became_of_it(readers, editor):
    states = ("sent", "sent", "failed", "uncertain", "pending", "dropped")
    reader = readers.confirmed(now=NOW)
    with readers.portal.work() as work:
        issue = DigestIssue(date="2026-03-24", due_at=NOW, closed_at=NOW, queued_at=NOW)
        work.session.add_all([issue, DigestIssue(date="2026-03-25", due_at=NOW)])
        work.session.flush()
        for number, state in enumerate(states):
            sent_at = NOW if state == "sent" else None
            row = DigestDelivery(
                issue_id=issue.id, subscriber_id=number + 100, nonce="n", state=state, next_at=NOW
            )
            row.sent_at = sent_at
            work.session.add(row)
        work.session.merge(reader).state = "left"
        work.session.merge(reader).left_at = NOW
        work.commit()

    page = editor.open("/newsroom/numbers")

    assert table(page, "issues") == [["24 Mar 2026", "6", "2", "1", "1", "1", "1", "1"]]


def test_the_desk_sees_how_long_it_took(portal_app, editor):
    with portal_app.extensions["portal"].work() as work:
        judge = builders.user(work, role="editor")
        for outcome, hours in (("reject", 1), ("reject", 3), ("request_changes", 8)):
            row = builders.decided_release(work, outcome, editor=judge, at=NOW - timedelta(hours=hours))
            edition = row.editions[0]
            edition.submitted_at = NOW - timedelta(hours=hours)
            decision = work.session.query(builders.Decision).filter_by(edition_id=edition.id).one()
            decision.decided_at = NOW
        builders.decided_release(work, "reject", editor=judge, at=NOW - timedelta(days=40))
        work.commit()

    found = facts(editor.open("/newsroom/numbers"), "desk")

    assert found["Median time"] == "3 h 00 min from arrival to decision"
    assert found["Decided"] == "3 0 approved, 1 asked for changes, 2 not published"
    assert found["Waiting now"] == "0"


def test_an_empty_portal_has_numbers_too(editor):
    page = editor.open("/newsroom/numbers")

    assert page.status_code == 200
    assert "nothing was decided" in page.text
    assert "No issue has been closed yet." in page.text


def test_numbers_are_the_newsrooms(member, stranger):
    assert member.open("/newsroom/numbers").status_code == 404
    assert stranger.open("/newsroom/numbers").status_code == 302


def test_spans_are_read_by_people():
    spans = [None, timedelta(minutes=7), timedelta(minutes=72), timedelta(hours=51)]

    assert [span_in_words(each) for each in spans] == ["", "7 min", "1 h 12 min", "2 d 3 h"]


def lift(visitor, **fields):
    return visitor.send("/newsroom/newsletter/lift-suppression", "/newsroom/numbers", **fields)


def test_an_administrator_lifts_a_suppression(readers, admin):
    suppress(readers, "gone@x.example")

    answer = lift(admin, email="gone@x.example", message="The mailbox is back.")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/newsroom/newsletter#suppressions")
    with readers.portal.database.reading() as session:
        assert not suppressing.is_suppressed(session, "gone@x.example", now=NOW)


def test_without_a_reason_the_form_comes_back_beside_the_list(readers, admin):
    suppress(readers, "gone@x.example")

    page = lift(admin, email="gone@x.example", message=" ")

    assert page.status_code == 422
    assert 'id="message-error"' in page.text
    assert 'value="gone@x.example"' in page.text
    assert "550 &lt;b&gt;no&lt;/b&gt; such person" in page.text
    assert 'data-suppressed="gone@x.example"' in page.text


def test_an_address_that_is_not_held_is_a_conflict_with_the_words_kept(admin):
    page = lift(admin, email="other@x.example", message="Why not.")

    assert page.status_code == 409
    assert "Why not." in page.text
    assert 'role="alert"' in page.text


def test_editors_lift_nothing(readers, editor):
    suppress(readers, "gone@x.example")

    assert lift(editor, email="gone@x.example", message="Why not.").status_code == 404
