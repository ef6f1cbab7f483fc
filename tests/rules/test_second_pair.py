"""Which flag asks for which recorded act."""

from portal.rules.requirements import FLAGS
from portal.rules.second_pair import ASKS, CHECK, CONSENT, IDENTITY, asked_by, flags_asking, missing
from portal.web.flag_words import FLAG_WORDS


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
