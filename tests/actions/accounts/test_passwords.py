"""What a hash costs, and that only a few are made at a time."""

from __future__ import annotations

import threading

import pytest
from argon2 import extract_parameters
from argon2.exceptions import VerifyMismatchError

from portal.actions.accounts import passwords
from portal.rules.refusals import Throttled


def test_a_hash_is_argon2id_with_64_mib_and_two_passes() -> None:
    cost = extract_parameters(passwords.hash_password("purple kettle walks north"))

    assert (cost.type.name, cost.memory_cost, cost.time_cost) == ("ID", 64 * 1024, 2)


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
