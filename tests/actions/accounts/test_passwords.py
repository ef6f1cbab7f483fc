"""What a hash costs, and that only a few are made at a time."""

from __future__ import annotations

import threading

import pytest
from argon2 import extract_parameters
from argon2.exceptions import VerifyMismatchError

from portal.actions.accounts import passwords
from portal.rules.refusals import Throttled


def test_a_hash_costs_more_than_the_least_and_less_than_a_stranger_may_cost_us() -> None:
    """In passes over memory, which is what takes the time: 128 MiB took over 100 ms of a busy processor."""
    cost = extract_parameters(passwords.hash_password("purple kettle walks north"))
    mebibytes = cost.memory_cost / 1024

    assert (cost.type.name, cost.parallelism) == ("ID", 1)
    assert mebibytes >= 19
    assert 2 * 19 <= mebibytes * cost.time_cost <= 80
    assert mebibytes * passwords.MOST_AT_ONCE <= 60


def test_whoever_waits_too_long_for_a_hash_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_turns", threading.BoundedSemaphore(1))
    monkeypatch.setattr(passwords, "LONGEST_WAIT", 0.0)

    with passwords._turn(), pytest.raises(Throttled):
        passwords.matches("purple kettle walks north", None)


def test_nobodys_hash_costs_what_a_real_one_costs_and_fits_nothing() -> None:
    made = passwords._nobodys_hash()

    assert extract_parameters(made) == extract_parameters(
        passwords.hash_password("purple kettle walks north")
    )
    assert not passwords.matches("purple kettle walks north", None)
    with pytest.raises(VerifyMismatchError):
        passwords._HASHER.verify(made, "purple kettle walks north")


def test_wherever_a_password_is_set_the_lists_are_asked() -> None:
    assert [each.field for each in passwords.issues_with("sunshinesunshine")] == ["password"]
    assert [each.field for each in passwords.issues_with("singapore2026!!!", "Dewi")] == ["password"]
    assert passwords.issues_with("purple kettle walks north", "Dewi") == []
