"""Numbers that a page puts into its own forms, changed by somebody: an answer, and never a failure."""

from __future__ import annotations

import pytest

from tests.rigs.visitor import Visitor

NO_NUMBERS = ["9" * 5_000, "9" * 10, "-1", "1.5", "one", "1e3", "٣", "0x1", "1 ", "\u00b2"]


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_an_organisation_that_is_no_number_is_said_at_its_field(member: Visitor, number: str) -> None:
    answer = member.send("/submit", kind="community", organisation=number)

    assert answer.status_code == (303 if number == "1 " else 422)
    assert number == "1 " or "Choose one of your organisations." in answer.text


def test_a_number_that_is_none_of_theirs_is_not_there(member: Visitor) -> None:
    assert member.send("/submit", kind="community", organisation="99").status_code == 404


@pytest.mark.parametrize("number", [*NO_NUMBERS, ""])
@pytest.mark.parametrize("step", ["edit/news", "withdraw"])
def test_a_version_that_is_no_number_is_refused(member: Visitor, step: str, number: str) -> None:
    begun = member.send("/submit", kind="community").location.rpartition("/edit/")[0]

    answer = member.send(
        f"{begun}/{step}", page=f"{begun}/edit/news", version=number, headline="A library opens"
    )

    assert answer.status_code in (409, 422)


@pytest.mark.parametrize("number", ["9" * 5_000, "-1", "one", "٣"])
def test_a_number_in_an_address_that_no_version_has_is_not_there(member: Visitor, number: str) -> None:
    begun = member.send("/submit", kind="community").location.rpartition("/edit/")[0]

    assert member.open(f"{begun}/versions/{number}").status_code == 404
