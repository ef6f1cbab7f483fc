"""A token opens what it was made for, and nothing else."""

import re

import pytest

from portal.rules.tokens import fits, read_token, token_for

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
