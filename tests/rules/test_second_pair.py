"""Which flag asks for which recorded act, and which flags stand on a changed text."""

import pytest

from portal.rules.flag_words import FLAG_WORDS
from portal.rules.requirements import FLAGS
from portal.rules.second_pair import (
    ASKS,
    CHECK,
    CONSENT,
    IDENTITY,
    asked_by,
    flags_asking,
    missing,
    standing,
)


def test_every_flag_asks_for_something_and_has_words():
    assert set(ASKS) == set(FLAGS) == set(FLAG_WORDS)


def test_each_act_is_asked_for_once_in_a_fixed_order():
    assert asked_by(["legal", "minors", "third_party", "first_release", "health"]) == (
        IDENTITY,
        CONSENT,
        CHECK,
    )
    assert asked_by([]) == ()


def test_what_was_recorded_is_no_longer_missing():
    assert missing(["legal", "first_release"], {IDENTITY}) == (CHECK,)
    assert missing(["legal"], {CHECK, CONSENT}) == ()


def test_the_flags_behind_an_act_are_named():
    assert flags_asking(CHECK, ["minors", "listed", "legal"]) == ("legal", "listed")


A, B = frozenset({"legal"}), frozenset({"health"})
NONE: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("stood", "before", "found", "by_editors", "anew", "expected"),
    [
        (NONE, NONE, A, NONE, False, A),  # new in the text
        (NONE, NONE, A, NONE, True, A),
        (NONE, A, A, NONE, True, NONE),  # an editor took it off, and the text goes on raising it
        (NONE, A, A, NONE, False, NONE),
        (A, A, NONE, NONE, True, NONE),  # the checks alone had raised it and find it no more
        (A, A, NONE, NONE, False, A),  # an editor's own rewording takes no flag off
        (A, A, NONE, A, True, A),  # an editor had set it as well
        (A, NONE, NONE, NONE, True, A),  # the checks had never raised it
        (A, A, A, NONE, True, A),
        (A | B, A | B, NONE, B, True, B),
        (A, A, B, NONE, True, B),
        (A, A, B, A, True, A | B),
        (A, A, B, NONE, False, A | B),
    ],
)
def test_what_stands_on_a_changed_text(stood, before, found, by_editors, anew, expected):
    assert standing(stood, before, found, set_by_editors=by_editors, sent_anew=anew) == expected


def test_without_a_word_about_it_a_text_was_not_sent_anew():
    assert standing(A, A, NONE) == A
    assert standing(A, A, NONE, sent_anew=True) == NONE
