"""While what each mail holds: every notice names a rule, and every rule is tried on how things can stand."""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import UTC, datetime, timedelta

import pytest

from portal.rules.facts import FACTS, Notice
from portal.rules.mailing import mail_truth as holds
from portal.rules.mailing.mail_truth import Standing
from portal.rules.release_states import PUBLICATION_STATES, REVIEW_STATES, WAITING_STATES

NOON = datetime(2026, 3, 24, 12, 0, tzinfo=UTC)
RULES = {
    rule
    for rule in vars(holds).values()
    if getattr(rule, "__module__", "") == holds.__name__ and rule is not Standing
}
# Everything else says what happened, which stays true.
SAYS_HOW_IT_STANDS = {
    "desk_new": holds.waiting,
    "promise_near": holds.waiting,
    "promise_missed": holds.waiting,
    "promise_editors": holds.waiting,
    "promise_administrators": holds.waiting,
    "delayed": holds.waiting,
    "first_yes": holds.awaiting_second,
    "changes_requested": holds.decided,
    "rejected": holds.decided,
    "reminder": holds.decided,
    "approved": holds.approved,
    "confirmed": holds.approved,
    "published": holds.public,
    "correction_published": holds.public,
    "reverted": holds.public,
    "reverted_reader": holds.public,
    "desk_reverted": holds.public,
    "put_back": holds.public,
    "killed": holds.removed,
    "killed_reader": holds.removed,
    "desk_killed": holds.removed,
    "taken_down": holds.removed,
    "confirm": holds.link_is_good,
    "confirm_again": holds.link_is_good,
    "reset": holds.link_is_good,
    "invitation": holds.link_is_good,
    "newsletter_confirm": holds.asked,
}


def notices() -> list[Notice]:
    return [notice for fact in FACTS.values() for notice in fact.notices]


def test_no_notice_is_made_without_saying_while_what_it_holds():
    column = next(field for field in fields(Notice) if field.name == "holds_while")

    assert (column.default, column.default_factory) == (MISSING, MISSING)
    assert {notice.template for notice in notices() if notice.holds_while not in RULES} == set()


def test_what_says_how_something_stands_holds_only_while_it_stands_so():
    found = {notice.template: notice.holds_while for notice in notices()}

    assert {
        template: rule for template, rule in found.items() if rule is not holds.happened
    } == SAYS_HOW_IT_STANDS


@pytest.mark.parametrize("state", REVIEW_STATES)
def test_that_nobody_has_decided_is_said_while_it_waits(state):
    standing = Standing(state=state)

    assert (holds.waiting(standing) == "") == (state in WAITING_STATES)
    assert (holds.awaiting_second(standing) == "") == (state == "awaiting_second")


@pytest.mark.parametrize("state", REVIEW_STATES)
@pytest.mark.parametrize("undone", [False, True])
def test_a_decision_is_told_while_its_state_stands_and_nobody_took_it_back(state, undone):
    standing = Standing(state=state, became="rejected", undone=undone)
    why = (
        "the decision no longer stands"
        if state != "rejected"
        else "the decision was taken back"
        if undone
        else ""
    )

    assert holds.decided(standing) == why


@pytest.mark.parametrize("publication", PUBLICATION_STATES)
def test_what_is_public_and_what_was_removed_are_told_by_turns(publication):
    standing = Standing(publication=publication)

    assert holds.public(standing) == ("" if publication == "live" else "it is no longer public")
    assert holds.removed(standing) == ("it is public again" if publication == "live" else "")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ""),
        ({"said_from": None}, ""),
        ({"live_from": NOON + timedelta(minutes=1)}, "its time was moved"),
        ({"live_from": None}, "its time was moved"),
        ({"publication": "killed"}, "it is no longer public"),
        ({"publication": "hidden", "live_from": None}, "it is no longer public"),
        ({"state": "in_review"}, "the decision no longer stands"),
        ({"undone": True}, "the decision was taken back"),
    ],
)
def test_a_yes_is_told_while_it_stands_and_its_time_is_the_one_that_it_names(changes, why):
    whole = {
        "state": "approved",
        "became": "approved",
        "publication": "live",
        "live_from": NOON,
        "said_from": NOON,
    }

    assert holds.approved(Standing(**{**whole, **changes})) == why


def test_a_link_is_mailed_while_it_works():
    assert holds.link_is_good(Standing()) == ""
    assert holds.link_is_good(Standing(link_used=True)) == "its link was used or replaced"


@pytest.mark.parametrize(
    ("reader", "expired", "why"),
    [
        ("asked", False, ""),
        ("asked", True, "its link has expired"),
        ("confirmed", False, "the reader has answered"),
        ("left", True, "the reader has answered"),
        ("", False, "the reader has answered"),
    ],
)
def test_a_reader_is_asked_to_confirm_while_the_asking_is_open(reader, expired, why):
    assert holds.asked(Standing(reader=reader, link_expired=expired)) == why


def test_a_fact_is_told_while_one_of_its_notices_holds():
    """The delay is no news once somebody has decided; a sign-off that lapsed is told to both, whatever came since."""
    decided, waits = Standing(state="approved"), Standing(state="submitted")

    assert FACTS["promise_missed"].why_not(decided) == "it is no longer waiting for a decision"
    assert FACTS["promise_missed"].why_not(waits) == ""
    assert FACTS["signoff_lapsed"].why_not(decided) == ""
    assert FACTS["draft_started"].why_not(decided) == ""


def test_of_a_fact_each_mail_is_asked_for_itself():
    back = Standing(publication="live")

    assert FACTS["killed"].why_not(back, "killed_reader") == "it is public again"
    assert FACTS["appealed"].why_not(back, "appealed") == ""
