"""A difference is shown word by word, and costs little however long the texts are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text.diff import MOST_PIECES, word_diff


def sides(difference: list[tuple[str, str]]) -> tuple[str, str]:
    old = "".join(text for operation, text in difference if operation != "added")
    new = "".join(text for operation, text in difference if operation != "removed")
    return old, new


def test_a_changed_word_is_removed_and_added() -> None:
    assert word_diff("The gate opens Monday.", "The gate opens Tuesday.") == [
        ("same", "The gate opens "),
        ("removed", "Monday."),
        ("added", "Tuesday."),
    ]


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [("", "", []), ("a", "a", [("same", "a")]), ("", "a", [("added", "a")]), ("a", "", [("removed", "a")])],
)
def test_small_cases(old: str, new: str, difference: list[tuple[str, str]]) -> None:
    assert word_diff(old, new) == difference


@given(st.text(alphabet="ab \n"), st.text(alphabet="ab \n"))
def test_both_texts_can_be_read_from_a_difference(old: str, new: str) -> None:
    assert sides(word_diff(old, new)) == (old, new)


@pytest.mark.parametrize("parted_by", [" ", "\n"])
def test_long_texts_are_compared_more_coarsely_but_completely(parted_by: str) -> None:
    words = [str(number) for number in range(2 * MOST_PIECES)]
    old, new = parted_by.join(words), parted_by.join([*words[:100], "new", *words[100:]])

    assert sides(word_diff(old, new)) == (old, new)


def test_a_long_text_of_lines_shows_the_lines_that_changed() -> None:
    old = "\n".join(f"line {number} of many" for number in range(1_000))

    assert word_diff(old, old.replace("line 500 of", "line 500 in"))[1:3] == [
        ("removed", "line 500 of many\n"),
        ("added", "line 500 in many\n"),
    ]
