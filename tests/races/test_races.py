"""One seed of each pair, on both databases; `make chaos` runs a hundred of each."""

from __future__ import annotations

import pytest

from tests.races.acts import SITUATIONS
from tests.races.racing import possible, problem, race
from tests.rigs.half_states import half_states


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
def test_of_two_at_once_one_wins_and_nothing_is_left_half_done(desk, situation):
    found = []
    for pair in situation.pairs():
        found.append(problem(pair, race(desk, situation, pair), possible(desk, situation, pair)))

    assert [sentence for sentence in found if sentence] == []
    assert half_states(desk.portal) == []
