"""The two tables of states: whole, closed, and with a fact for every step."""

from itertools import product

import pytest

from portal.rules import release_states as states
from portal.rules.facts import FACTS
from portal.rules.permissions import WHO
from portal.rules.release_states import PUBLICATION, REVIEW, Step, publication_step, review_step

BOTH = (*REVIEW, *PUBLICATION)
SHOWN = (states.SCHEDULED, states.PUBLISHED, states.ARCHIVED)
STEPS = sorted({row.step for row in REVIEW})
named = pytest.mark.parametrize("row", BOTH, ids=lambda row: f"{row.step}-{row.to}")

# The design's table, read by a second pair of eyes: what one can do in each state, and where it leads.
OFFERED = {
    "draft": {"save": "draft", "submit": "submitted", "withdraw": "withdrawn"},
    "submitted": {"claim": "in_review", "recall": "draft", "withdraw": "withdrawn"},
    "in_review": {
        "claim": "in_review",
        "let_go": "submitted",
        "lapse_claim": "submitted",
        "take_over": "in_review",
        "ask_back": "in_review",
        "hand_back": "draft",
        "withdraw": "withdrawn",
        "request_changes": "changes_requested",
        "reject": "rejected",
        "approve": "approved",
    },
    "awaiting_second": {"withdraw": "withdrawn"},
    "changes_requested": {"save": "changes_requested", "submit": "submitted", "withdraw": "withdrawn"},
    "awaiting_signoff": {"withdraw": "withdrawn"},
    "approved": {"withdraw": "withdrawn"},
    "rejected": {"clone": "rejected"},
    "withdrawn": {"clone": "withdrawn"},
    "expired": {"clone": "expired"},
}


def leads_to(row: Step, state: str) -> str:
    return state if row.to == states.UNCHANGED else row.to


@pytest.mark.parametrize(("state", "step"), list(product(states.REVIEW_STATES, STEPS)))
def test_every_step_from_every_state_is_in_the_table_or_refused(state, step):
    row = review_step(step, state)
    offered = leads_to(row, state) if row and row.offered else None

    assert offered == OFFERED[state].get(step)


def test_the_design_s_states_and_no_others():
    assert set(OFFERED) == set(states.REVIEW_STATES)
    assert states.PUBLICATION_STATES == ("hidden", "live", "killed", "taken_down")


@named
def test_no_row_names_a_state_beside_the_lists(row):
    known = states.REVIEW_STATES if row in REVIEW else (*states.PUBLICATION_STATES, *SHOWN)

    assert set(row.sources) <= {*known, states.NOTHING}
    assert row.to in (*known, states.UNCHANGED)
    assert len(row.sources) == len(set(row.sources)) > 0


@named
def test_every_step_is_somebody_s(row):
    assert row.who in WHO


@named
def test_an_offered_step_records_a_fact_that_has_words(row):
    if row.offered and row.step != "save":
        assert row.fact in FACTS
        assert FACTS[row.fact].says.endswith(".")


@pytest.mark.parametrize("table", [REVIEW, PUBLICATION])
def test_a_step_has_one_row_for_each_state(table):
    pairs = [(row.step, source) for row in table for source in row.sources]

    assert len(pairs) == len(set(pairs))


def test_a_refusal_needs_a_reason():
    needing = {row.step for row in REVIEW if row.needs_reason and row.offered}

    assert needing == {"take_over", "request_changes", "reject"}


def test_every_state_can_be_reached_from_nothing():
    reached = {states.NOTHING}
    for _ in REVIEW:
        reached |= {leads_to(row, source) for row in REVIEW for source in row.sources if source in reached}

    assert reached == {*states.REVIEW_STATES, states.NOTHING}


def test_an_ended_edition_stays_ended():
    ended = (states.WITHDRAWN, states.EXPIRED)
    leaving = [
        row.step
        for row in REVIEW
        for state in ended
        if state in row.sources and leads_to(row, state) != state
    ]

    assert leaving == []
    assert set(states.OPEN_STATES) == set(states.REVIEW_STATES) - {"approved", "rejected", *ended}


def test_only_a_yes_makes_a_hidden_release_live():
    assert {row.step for row in PUBLICATION if states.HIDDEN in row.sources} == {"approve", "confirm"}


def test_no_step_leaves_a_state_that_does_not_exist():
    assert review_step("approve", "published") is review_step("publish", "in_review") is None
    assert publication_step("approve", "live") is None


def test_each_offered_step_is_listed_for_its_state():
    for state in states.REVIEW_STATES:
        assert {row.step for row in states.steps_from(state)} == set(OFFERED[state])


@pytest.mark.parametrize(
    ("stored", "visible", "expired", "shown"),
    [
        ("hidden", False, False, "hidden"),
        ("live", False, False, "scheduled"),
        ("live", True, False, "published"),
        ("live", True, True, "archived"),
        ("killed", True, True, "killed"),
        ("taken_down", False, False, "taken_down"),
    ],
)
def test_the_shown_state_follows_from_the_stored_one(stored, visible, expired, shown):
    assert states.shown_publication(stored, visible=visible, expired=expired) == shown
