"""A token opens what it was made for, and nothing else."""

import hashlib
import re

import pytest

from portal.rules.tokens import LARGEST_ID, fits, hash_of, read_token, token_for

KEY = "a key that is kept outside the database"


def test_a_token_is_a_row_and_a_code_and_fits_once_read() -> None:
    token = token_for(KEY, "confirm", 17, "nonce")

    found = read_token(token)

    assert re.fullmatch(r"17-[A-Za-z0-9_-]{43}", token)
    assert found is not None
    assert fits(KEY, "confirm", found[0], "nonce", found[1]) is True
    assert fits(KEY.encode(), "confirm", found[0], "nonce", found[1]) is True


@pytest.mark.parametrize(
    ("key", "purpose", "row_id", "nonce"),
    [
        ("another key", "confirm", 17, "nonce"),
        (KEY, "reset", 17, "nonce"),
        (KEY, "confirm", 18, "nonce"),
        (KEY, "confirm", 17, "other"),
    ],
)
def test_a_token_fits_nothing_else(key: str, purpose: str, row_id: int, nonce: str) -> None:
    _, code = read_token(token_for(KEY, "confirm", 17, "nonce")) or (0, "")

    assert fits(key, purpose, row_id, nonce, code) is False


@pytest.mark.parametrize(
    "text",
    [
        "",
        "17",
        "17-",
        "-" + "a" * 43,
        "0-" + "a" * 43,
        "17-" + "a" * 42,
        "17-" + "é" * 43,
        f"{2**63}-" + "a" * 43,
        "17-" + "a" * 43 + "\n",
    ],
)
def test_what_was_never_a_token_is_none(text: str) -> None:
    assert read_token(text) is None


def test_the_largest_number_of_a_row_is_read_and_no_larger_one() -> None:
    assert read_token(f"{LARGEST_ID}-" + "a" * 43) == (LARGEST_ID, "a" * 43)
    assert read_token(f"{LARGEST_ID + 1}-" + "a" * 43) is None


def test_a_token_stays_what_it_was_when_it_was_mailed() -> None:
    """Links that lie in mailboxes: whoever changes how they are made spoils them."""
    token = token_for(KEY, "confirm", 17, "nonce")

    assert token == "17-ywfR-4VqUM2_OFFdjCqXZYpNeMQFQVIFRKEmzbva31s"
    assert hash_of("17-code") == hashlib.sha256(b"17-code").hexdigest()
