"""What a reader chose, kept and read again."""

import pytest

from portal.rules.reader_choice import Choice, from_json


@pytest.mark.parametrize("choice", [
    Choice(), Choice(("business",), ()), Choice((), ("kh", "kh-battambang")), Choice(("business", "event"), ("sg",)),
])  # fmt: skip
def test_a_choice_is_read_as_it_was_written(choice):
    assert from_json(choice.as_json()) == choice


def test_what_is_kept_are_two_lists():
    assert Choice(("business",), ("sg",)).as_json() == {"kinds": ["business"], "places": ["sg"]}


@pytest.mark.parametrize(("kept", "expected"), [
    ({}, Choice()), ({"kinds": ["event"]}, Choice(("event",))), ({"places": ["sg"]}, Choice((), ("sg",))),
])  # fmt: skip
def test_what_is_missing_means_all(kept, expected):
    assert from_json(kept) == expected
