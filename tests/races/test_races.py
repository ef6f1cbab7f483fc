"""One seed of each pair, on both databases; `make chaos` runs a hundred of each."""

from __future__ import annotations

from functools import partial

import pytest

from portal.rules.release_states import PUBLICATION, REVIEW
from tests.races.racing import Track, has_one_winner, problem
from tests.races.situations import SITUATIONS
from tests.rigs.half_states import double_states, half_states

NOT_RACED = {"start", "close", "hand_back"}
"""Nothing is there before a start; a close is a part of a kill; giving back is what was asked for by the other side."""


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
def test_of_two_at_once_one_wins_and_nothing_is_left_half_done(desk, sqlite_desk, situation):
    track, slow_motion = Track(desk, situation), Track(sqlite_desk, situation)
    raced = [(pair, track.race(pair)) for pair in situation.pairs()]
    # The actions are the same on both databases, so the quicker one is asked what both orders come to.
    found = [
        problem(pair, came, partial(slow_motion.possible, pair))
        for pair, came in raced
        if not has_one_winner(pair, came)
    ]

    assert [sentence for sentence in found if sentence] == []
    assert half_states(desk.portal) + double_states(desk.portal) == []


def test_every_step_that_is_offered_is_raced():
    """A new step joins the races, or says above why it cannot lose one."""
    raced = {step for situation in SITUATIONS for act in situation.acts for step in act.steps}

    assert {row.step for row in (*REVIEW, *PUBLICATION) if row.offered} - raced == NOT_RACED
