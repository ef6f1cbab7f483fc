"""A claim on a release: whose it is, when it lapses, and which columns it fills."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.actions.releases import claims
from portal.actions.releases.moving import acting
from portal.rules.permissions import Person
from portal.storage.queries.releases import Case
from portal.storage.tables import Edition, Release

ACTOR = Person(5, "An", "an@post.example", "editor")
INSTANT = timedelta(microseconds=1)


def case(**columns: Any) -> Case:
    return Case(Release(), Edition(**columns))


@pytest.mark.parametrize(("state", "holder", "own"), [
    ("in_review", 5, True), ("in_review", 6, False), ("in_review", None, False), ("submitted", 5, False), ("approved", 5, False),
])  # fmt: skip
def test_a_claim_is_one_person_s_while_it_is_read(state, holder, own):
    assert claims.is_claimed_by(case(state=state, holder_id=holder), ACTOR) is own


@pytest.mark.parametrize(("left", "lapsed"), [(INSTANT, False), (timedelta(), True), (-INSTANT, True)])
def test_a_claim_lapses_in_its_minute(now, left, lapsed):
    read = case(state="in_review", claim_expires_at=now + left)

    assert claims.has_lapsed(read, now) is lapsed
    assert claims.is_free(read, now) is lapsed


def test_a_claim_without_an_end_does_not_lapse(now):
    assert claims.has_lapsed(case(state="in_review", claim_expires_at=None), now) is False
    assert claims.is_free(case(state="in_review", claim_expires_at=None), now) is False


@pytest.mark.parametrize(("state", "free"), [("submitted", True), ("draft", False), ("approved", False)])
def test_what_was_sent_waits_for_whoever_takes_it(now, state, free):
    assert claims.is_free(case(state=state, claim_expires_at=now), now) is free


def test_the_columns_of_a_claim_and_of_none(sqlite_desk):
    desk = sqlite_desk
    reference = desk.sent()
    until = desk.now + timedelta(minutes=desk.portal.settings.claim_minutes)

    with acting(desk.portal, desk.people.editor, reference, now=desk.now) as act:
        assert claims.claimed_by(act) == {
            "holder_id": desk.people.editor.id,
            "claim_expires_at": until,
            "lapsed_holder_id": None,
            "kept_for_id": None,
            "kept_until": None,
        }
    assert claims.unclaimed() == {
        "holder_id": None,
        "claim_expires_at": None,
        "lapsed_holder_id": None,
        "asked_back_at": None,
    }


def test_any_step_of_its_holder_renews_it_and_nobody_else_s(sqlite_desk):
    desk = sqlite_desk
    reference = desk.held()
    minutes = timedelta(minutes=desk.portal.settings.claim_minutes)
    first, desk.now = desk.edition(reference).claim_expires_at, desk.now + timedelta(minutes=5)

    for who, expected in ((desk.people.other_editor, first), (desk.people.editor, desk.now + minutes)):
        with acting(desk.portal, who, reference, now=desk.now) as act:
            claims.renew_if_own(act)
        assert desk.edition(reference).claim_expires_at == expected
    assert first == desk.now - timedelta(minutes=5) + minutes
