"""The issue on the site obeys removals, and the newsroom's page holds, orders, tests and shows how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import strict
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.actions.mailing import delivering
from portal.actions.newsletter import building
from portal.actions.portal import Portal
from portal.outlets.mail.senders import Receipt
from portal.storage.tables import Delivery, DigestDelivery, DigestIssue, Release
from tests import builders
from tests.rigs.mail_sink import add_readers, address
from tests.rigs.mailroom import KeepingSender, bench_of
from tests.rigs.people import NOW
from tests.rigs.visitor import Visitor
from workers.relay import deliver_row

HOUR = timedelta(hours=1)
TODAY, TOMORROW = "2026-03-24", "2026-03-25"


@pytest.fixture
def here(portal_app: Flask) -> Portal:
    found: Portal = portal_app.extensions["portal"]
    return found


def publish(here: Portal, *headlines: str, **values: Any) -> list[str]:
    with here.work() as work:
        rows = [
            builders.published_release(work, headline=each, at=NOW - (number + 1) * HOUR, **values)
            for number, each in enumerate(headlines)
        ]
        found = [row.reference for row in rows]
        work.commit()
    return found


def close(here: Portal, readers: int = 2) -> None:
    with here.work() as work:
        add_readers(work, readers, NOW)
        work.commit()
    building.close_due(here, now=NOW)


def arrive(here: Portal, state: str = "sent") -> None:
    """What became of every letter that was written."""
    with here.work() as work:
        sent_at = NOW if state == "sent" else None
        work.session.execute(update(DigestDelivery).values(state=state, sent_at=sent_at))
        work.commit()


def change(here: Portal, reference: str, **values: Any) -> None:
    with here.work() as work:
        work.session.execute(update(Release).where(Release.reference == reference).values(**values))
        work.commit()


def issue(here: Portal, on: str) -> DigestIssue | None:
    with here.database.reading() as session:
        return session.scalars(select(DigestIssue).where(DigestIssue.date == on)).one_or_none()


def test_the_issue_on_the_site_names_what_is_public_and_is_linked_from_the_sign_up(
    here: Portal, stranger: Visitor
) -> None:
    publish(here, "Farmers open a mill", "Coffee goes to Hanoi")
    assert stranger.open(f"/newsletter/issues/{TODAY}").status_code == 404
    close(here)

    page = stranger.open(f"/newsletter/issues/{TODAY}")

    assert (page.status_code, "Farmers open a mill" in page.text) == (200, True)
    assert "Set-Cookie" not in page.headers
    assert f"/newsletter/issues/{TODAY}" not in stranger.open("/newsletter").text
    arrive(here)
    assert f"/newsletter/issues/{TODAY}" in stranger.open("/newsletter").text
    for other in (TOMORROW, "2026-3-24", "2026-02-30", "nonsense", "2026-03-24x"):
        assert stranger.open(f"/newsletter/issues/{other}").status_code == 404


def test_a_kill_and_a_take_down_are_obeyed_by_the_next_request(here: Portal, stranger: Visitor) -> None:
    killed, down, kept = publish(here, "CANARY one", "CANARY two", "Farmers open a mill")
    close(here)
    change(here, killed, publication="killed", removed_at=NOW, removal_reasons=["FACTS"])
    change(here, down, publication="taken_down", removed_at=NOW)

    page = stranger.open(f"/newsletter/issues/{TODAY}").text

    assert "CANARY" not in page
    assert (f'data-retracted="{killed}"' in page, down in page, kept in page) == (True, False, True)


def test_past_letters_name_what_is_public_of_each(here: Portal, stranger: Visitor) -> None:
    killed, _second, _third = publish(here, "CANARY one", "Farmers open a mill", "Coffee goes to Hanoi")
    assert "No letter has gone out yet." in stranger.open("/newsletter/issues/").text
    close(here)
    arrive(here)

    page = stranger.open("/newsletter/issues/")
    assert f'href="/newsletter/issues/{TODAY}"' in page.text
    assert ("Set-Cookie" in page.headers, "and 2 more" in page.text) == (False, True)
    assert 'href="/newsletter/issues/"' in stranger.open("/newsletter").text

    change(here, killed, publication="killed", removed_at=NOW, removal_reasons=["FACTS"])
    page = stranger.open("/newsletter/issues/").text
    assert ("CANARY" in page, "and 1 more" in page) == (False, True)


@pytest.mark.parametrize(
    ("readers", "state", "is_listed"),
    [(0, "", False), (2, "pending", False), (2, "failed", False), (2, "uncertain", True), (2, "sent", True)],
)
def test_a_letter_that_nobody_was_sent_is_no_past_letter(
    here: Portal, stranger: Visitor, readers: int, state: str, is_listed: bool
) -> None:
    publish(here, "Farmers open a mill")
    close(here, readers)
    if state:
        arrive(here, state)

    address = f"/newsletter/issues/{TODAY}"

    assert issue(here, TODAY).queued_at is not None  # type: ignore[union-attr]  # closed above
    for page in ("/newsletter/issues/", "/newsletter", "/sitemap.xml"):
        assert (address in stranger.open(page).text) is is_listed, page
    assert stranger.open(address).status_code == 200  # the letters that are on their way name it


def test_an_issue_that_is_kept_back_is_no_link_for_the_newsroom(here: Portal, editor: Visitor) -> None:
    publish(here, "Farmers open a mill")
    with here.work() as work:
        add_readers(work, 2, NOW)
        work.session.add(DigestIssue(date=TODAY, due_at=NOW - HOUR, held_at=NOW - 2 * HOUR))
        work.commit()
    building.close_due(here, now=NOW)
    assert editor.open(f"/newsletter/issues/{TODAY}").status_code == 404

    for page in ("/newsroom/newsletter", "/newsroom/numbers"):
        shown = editor.open(page).text
        assert f'data-issue="{TODAY}"' in shown or f'data-date="{TODAY}"' in shown
        assert f'href="/newsletter/issues/{TODAY}"' not in shown


def test_an_editor_writes_a_line_orders_holds_and_lets_go(here: Portal, editor: Visitor) -> None:
    _first, second = publish(here, "Farmers open a mill", "Coffee goes to Hanoi")

    page = editor.open("/newsroom/newsletter")
    assert "Farmers open a mill, and 1 more" in page.text
    assert (issue(here, TODAY), issue(here, TOMORROW)) == (None, None)
    token = editor.token("/newsroom/newsletter")
    form = {"csrf_token": token, "date": TOMORROW, "version": "0"}
    saved = editor.client.post(
        "/newsroom/newsletter/save", data={**form, "intro": "Good morning.", "order": [second, ""]}
    )
    assert (saved.status_code, saved.location) == (303, "/newsroom/newsletter")
    kept = issue(here, TOMORROW)
    assert kept is not None
    assert (kept.intro, kept.chosen_order) == ("Good morning.", [second])
    assert "Coffee goes to Hanoi, and 1 more" in editor.open("/newsroom/newsletter").text
    letter = editor.open(f"/newsroom/newsletter/letter/{TOMORROW}")
    assert "Good morning." in letter.text
    assert "frame-src 'self'" in editor.open("/newsroom/newsletter").headers["Content-Security-Policy"]
    assert "sandbox" in letter.headers["Content-Security-Policy"]

    stale = editor.client.post("/newsroom/newsletter/save", data={**form, "intro": "My words", "order": []})
    assert (stale.status_code, "My words" in stale.text) == (409, True)
    newer = {**form, "version": str(kept.version)}
    assert editor.client.post("/newsroom/newsletter/hold", data=newer).status_code == 303
    assert "Held: the issue" in editor.open("/newsroom/newsletter").text
    assert editor.client.post("/newsroom/newsletter/resume", data=form | {"version": ""}).status_code == 303
    kept = issue(here, TOMORROW)
    assert kept is not None
    assert kept.held_at is None


def test_a_held_issue_can_be_let_go_beside_one_that_was_closed_ahead(here: Portal, editor: Visitor) -> None:
    publish(here, "Farmers open a mill")
    assert building.close_issue(here, TODAY, now=NOW)
    ahead = (NOW.date() + timedelta(days=5)).isoformat()
    assert building.close_issue(here, ahead, now=NOW)
    token = editor.token("/newsroom/newsletter")

    editor.client.post("/newsroom/newsletter/hold", data={"csrf_token": token, "version": ""})
    page = editor.open("/newsroom/newsletter").text
    assert ("Held: the issue" in page, "Closed ahead" in page, issue(here, TODAY).held_at) == (
        True,
        False,
        NOW,
    )
    with here.work() as work:
        work.session.execute(
            update(DigestIssue).where(DigestIssue.date == TODAY).values(due_at=NOW - timedelta(days=1))
        )
        work.session.execute(update(DigestIssue).where(DigestIssue.date == ahead).values(due_at=NOW))
        work.commit()
    assert "Let the issue of" in editor.open("/newsroom/newsletter").text
    with here.work() as work:
        work.session.execute(update(DigestIssue).where(DigestIssue.date == TODAY).values(finished_at=NOW))
        work.session.execute(
            update(DigestIssue).where(DigestIssue.date == ahead).values(due_at=NOW + timedelta(days=5))
        )
        work.commit()
    page = editor.open("/newsroom/newsletter").text
    assert ("Closed ahead: the issue" in page, "Send it now" in page, "Let the issue of" in page) == (
        True,
        False,
        False,
    )


def test_a_test_goes_to_whoever_pressed_behind_the_answer_and_is_no_letter_of_the_issue(
    here: Portal, editor: Visitor
) -> None:
    publish(here, "Farmers open a mill")
    form = {"csrf_token": editor.token("/newsroom/newsletter"), "date": TOMORROW, "version": "0"}

    answer = editor.client.post("/newsroom/newsletter/test", data=form)

    assert answer.status_code == 303
    page = editor.open(answer.location)
    assert "The letter as it stands is on its way to" in page.text
    (waiting,) = delivering.due_deliveries(here, at=NOW)
    sender = KeepingSender(receipts=[Receipt("later", "the mail server is away")])
    assert deliver_row(bench_of(here, sender, NOW), waiting) is False
    with here.work() as work:
        work.session.execute(update(Delivery).values(next_at=building.LONG_AGO))
        work.commit()
    assert deliver_row(bench_of(here, sender, NOW), waiting) is True
    first, second = (each.written for each in sender.kept)
    letter = message_from_bytes(second, policy=strict)
    assert (letter["To"], letter["Message-ID"]) == (
        "ed@post.example",
        message_from_bytes(first, policy=strict)["Message-ID"],
    )
    assert "Farmers open a mill" in letter["Subject"]
    with here.database.reading() as session:
        assert session.scalars(select(DigestDelivery)).all() == []


def test_progress_and_what_went_wrong_stand_on_the_page(here: Portal, editor: Visitor) -> None:
    publish(here, "Farmers open a mill")
    close(here, readers=4)
    with here.work() as work:
        for number, (state, why) in enumerate(
            (("sent", ""), ("uncertain", "broke"), ("failed", "550 no")), 1
        ):
            row = work.session.get_one(DigestDelivery, number)
            row.state, row.last_error = state, why
            row.sent_at = NOW if state == "sent" else None
        work.commit()

    page = editor.open("/newsroom/newsletter").text

    assert 'data-sent="1" data-failed="1" data-uncertain="1"' in page
    assert "Going out: the issue of Tuesday 24 March 2026" in page
    assert (address(2) in page, address(3) in page, "550 no" in page) == (True, True, True)


def test_the_page_is_the_newsrooms_alone(browser: Callable[[], Visitor], member: Visitor) -> None:
    assert browser().open("/newsroom/newsletter").status_code == 302
    for path in ("/newsroom/newsletter", f"/newsroom/newsletter/letter/{TODAY}"):
        assert member.open(path).status_code == 404
