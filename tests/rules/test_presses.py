"""Which sendings of a form are one press, and which are two."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.rules.presses import SECOND_TAB_FOR, Press, drawn_at, fresh_key, hashed
from tests.rigs.people import NOW

PRESS = Press(user_id=1, words="w", mark="m", version=None, drawn=100.0, pressed=160.0, now=NOW)
HOUR = SECOND_TAB_FOR.total_seconds()


def test_a_key_says_when_its_form_was_drawn_and_no_two_are_alike():
    first, second = fresh_key(1_700_000_000.25), fresh_key(1_700_000_000.25)

    assert drawn_at(first) == drawn_at(second) == 1_700_000_000.25
    assert first != second


@pytest.mark.parametrize("key", ["", "no dot", ".", "zz.x", "f" * 40 + ".x", "6f.", "12"])
def test_a_key_that_was_made_up_says_nothing_or_a_time_and_never_fails(key):
    assert drawn_at(key) in (None, 0x6F / 1_000_000)


@pytest.mark.parametrize(
    ("drawn", "pressed", "first_pressed", "is_same"),
    [
        (100.0, 160.0, 150.0, True),  # stood open when the words were first sent
        (100.0, 160.0, 99.0, False),  # was opened afterwards
        (100.0, 150.0 + HOUR, 150.0, False),  # forgotten for an hour: a press of its own
        (None, 160.0, 150.0, False),  # a program's, which does not say
    ],
)
def test_a_form_that_was_open_before_sends_the_same_words_once(drawn, pressed, first_pressed, is_same):
    assert replace(PRESS, drawn=drawn, pressed=pressed).is_second_tab_of(first_pressed) is is_same


def test_no_two_lists_of_texts_share_a_hash():
    assert len({hashed("ab", "c"), hashed("a", "bc"), hashed("abc"), hashed("ab", "c", "")}) == 4
    assert timedelta(minutes=30) < SECOND_TAB_FOR
