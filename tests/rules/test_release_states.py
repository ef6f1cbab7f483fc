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

# The design's table, read by a second pair of eyes: every step from every state and where it leads, offered or not.
LEADS = {
    "nothing": {"start": "draft", "start_correction": "draft", "open_correction": "in_review"},
    "draft": {"save": "draft", "submit": "submitted", "withdraw": "withdrawn", "close": "withdrawn"},
    "submitted": {
        "claim": "in_review",
        "recall": "draft",
        "withdraw": "withdrawn",
        "close": "withdrawn",
    },
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
        "edit_text": "in_review",
        "edit_materially": "awaiting_signoff",
        "approve": "approved",
        "approve_first": "awaiting_second",
        "close": "withdrawn",
    },
    "awaiting_second": {
        "confirm": "approved",
        "dissent": "submitted",
        "undo": "in_review",
        "withdraw": "withdrawn",
        "close": "withdrawn",
    },
    "changes_requested": {
        "save": "changes_requested",
        "submit": "submitted",
        "lapse_changes": "expired",
        "undo": "in_review",
        "withdraw": "withdrawn",
        "close": "withdrawn",
    },
    "awaiting_signoff": {
        "sign_off": "submitted",
        "lapse_signoff": "submitted",
        "object": "submitted",
        "withdraw": "withdrawn",
        "close": "withdrawn",
    },
    "approved": {"undo": "in_review", "unschedule": "submitted", "withdraw": "withdrawn"},
    "rejected": {"appeal": "submitted", "reopen": "submitted", "undo": "in_review", "clone": "rejected"},
    "withdrawn": {"clone": "withdrawn"},
    "expired": {"clone": "expired"},
}


def leads_to(row: Step | None, state: str) -> str | None:
    if row is None:
        return None
    return state if row.to == states.UNCHANGED else row.to


@pytest.mark.parametrize(("state", "step"), list(product(LEADS, STEPS)))
def test_every_step_from_every_state_is_the_design_s_or_refused(state, step):
    assert leads_to(review_step(step, state), state) == LEADS[state].get(step)


def test_the_design_s_states_and_no_others():
    assert set(LEADS) - {states.NOTHING} == set(states.REVIEW_STATES)
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


def test_whoever_says_no_or_takes_from_another_says_why():
    needing = {row.step for row in REVIEW if row.needs_reason}
    of_the_public = {row.step for row in PUBLICATION if row.needs_reason}

    assert needing == {
        "take_over",
        "request_changes",
        "reject",
        "appeal",
        "reopen",
        "dissent",
        "unschedule",
    }
    assert of_the_public == {"unschedule", "ask_kill", "kill", "take_down", "put_back", "revert"}


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
        offered = {step for step in LEADS[state] if (row := review_step(step, state)) and row.offered}
        assert {row.step for row in states.steps_from(state)} == offered


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


@pytest.mark.parametrize(("step", "state", "to"), [
    ("kill", "published", "killed"), ("kill", "archived", "killed"), ("kill", "taken_down", "killed"), ("kill", "hidden", None),
    ("put_back", "taken_down", "live"), ("put_back", "published", None), ("withdraw", "scheduled", "hidden"),
    ("approve", "hidden", "live"), ("go_live", "live", "live"), ("publish", "hidden", None),
])  # fmt: skip
def test_a_step_of_the_publication_is_found_by_its_name_and_state(step, state, to):
    row = publication_step(step, state)

    assert (row.step, row.to) == (step, to) if to else row is None


@pytest.mark.parametrize(("step", "table", "who"), [
    ("approve", REVIEW, "holder"), ("confirm", REVIEW, "second_editor"), ("undo", REVIEW, "decider"), ("withdraw", REVIEW, "member"),
    ("kill", PUBLICATION, "killer"), ("expire", PUBLICATION, "clock"), ("lift_embargo", PUBLICATION, "member"),
])  # fmt: skip
def test_a_step_is_taken_by_one_kind_of_person(step, table, who):
    assert states.who_takes(step, table) == who


def test_without_a_table_the_review_is_meant_and_an_unknown_step_is_a_mistake():
    assert states.who_takes("claim") == "editor"
    with pytest.raises(StopIteration):
        states.who_takes("kill")


def test_a_release_that_never_ends_is_shown_as_published():
    assert states.shown_publication("live", visible=True) == "published"
