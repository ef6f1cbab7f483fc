"""Hashing of passwords: Argon2id, one cost for every answer, and never many at once.

24 MiB and three passes take 40 ms of a busy processor: more than the least that OWASP asks for (19 MiB, two passes),
and less than a request without a login may cost. Each hash holds its memory while it runs, so only a few run at a time
and the others wait their turn.
"""

import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from secrets import token_bytes

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.rules.issues import Issue, blocking
from portal.rules.passwords import as_typed, problem_with
from portal.rules.refusals import Throttled
from portal.text.easy_passwords import LeakedLists

_HASHER = PasswordHasher(time_cost=3, memory_cost=24 * 1024, parallelism=1)
MOST_AT_ONCE = 2
LONGEST_WAIT = 10.0
"""Seconds in the line for a hash."""
_turns = threading.BoundedSemaphore(MOST_AT_ONCE)
_turns_at_home = threading.BoundedSemaphore(MOST_AT_ONCE)


def hash_password(password: str) -> str:
    """Raises Throttled where the line is too long."""
    with _turn():
        return _HASHER.hash(as_typed(password))


def matches(password: str, password_hash: str | None, *, at_home: bool = False) -> bool:
    """Is this the password? Without a hash to compare with, the same work is done for nothing.

    `at_home`: from where the owner is known; they have a line of their own, which strangers cannot fill.
    """
    with _turn(at_home=at_home):
        try:
            return _HASHER.verify(password_hash or _nobodys_hash(), as_typed(password)) and bool(
                password_hash
            )
        except (VerificationError, InvalidHashError):
            return False


def should_be_renewed(password_hash: str) -> bool:
    """Was it made with another cost than today's?"""
    return _HASHER.check_needs_rehash(password_hash)


def issues_with(password: str, *known: str) -> list[Issue]:
    """Why a password cannot be taken. `known`: what an attacker would try, such as the address and the site."""
    sentence = problem_with(password, known, LeakedLists())
    return [blocking("FIELD", "password", sentence)] if sentence else []


@contextmanager
def _turn(*, at_home: bool = False) -> Iterator[None]:
    turns = _turns_at_home if at_home else _turns
    if not turns.acquire(timeout=LONGEST_WAIT):
        raise Throttled("Many people are logging in just now. Wait a moment, then try again.", 10)
    try:
        yield
    finally:
        turns.release()


@cache
def _nobodys_hash() -> str:
    """Looks like a hash of today's cost and is none: made without computing one, so that no first try is slower."""
    cost = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    return f"$argon2id$v=19${cost}${_random(_HASHER.salt_len)}${_random(_HASHER.hash_len)}"


def _random(length: int) -> str:
    return b64encode(token_bytes(length)).decode().rstrip("=")
