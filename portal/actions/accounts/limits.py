"""Limits on tries, in rows: they hold without Redis and over all processes. Keys are hashed and name nobody.

A try is written down before it is made and crossed out when it succeeds, so that many at once cannot slip through.
"""

import hmac
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network

from sqlalchemy import ColumnElement, delete

from portal.actions.portal import Portal
from portal.rules import login_limits as rules
from portal.rules.login_limits import LIMITS, LOGIN, Limit
from portal.rules.refusals import Throttled
from portal.settings.secrets import key_from
from portal.storage.queries import attempts
from portal.storage.tables import LoginAttempt
from portal.storage.unit_of_work import UnitOfWork

Sleep = Callable[[float], None]
MOST_HELD_BACK = 3
"""Answers held back at the same time; more would leave no thread for others."""
_held_back = threading.BoundedSemaphore(MOST_HELD_BACK)


@dataclass(frozen=True)
class Try:
    """A try that has been written down; `failures` counts the ones before it."""

    id: int
    failures: int


@dataclass(frozen=True)
class Tryer:
    """On which account somebody tries, and from where."""

    account: str
    account_key: str
    address_key: str


def address_key(portal: Portal, address: str) -> str:
    """A hashed network address. IPv6 counts by /64, because one customer has all of it."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    network = str(found) if found.version == 4 else str(ip_network(f"{found}/64", strict=False))
    return _key(portal, f"address {network}")


def begin_try(portal: Portal, purpose: str, *, account: str, address_key: str, now: datetime) -> Try | None:
    """Write a try down. Raises Throttled where there were too many; None where limits are switched off."""
    if not portal.settings.login_limits:
        return None
    who = Tryer(account, _key(portal, f"account {account}"), address_key)
    with portal.work() as work:
        attempts.take_turn(work, purpose)
        _forget_old(work, purpose, now)
        failures = _require_room(work, purpose, who, now)
        row = LoginAttempt(purpose=purpose, account_key=who.account_key, address_key=address_key, at=now)
        work.session.add(row)
        work.commit()
        return Try(row.id, failures)


def succeed(work: UnitOfWork, tried: Try | None) -> None:
    """The try was right: neither it nor what this person got wrong before it, from the same place, counts."""
    if tried is None:
        return
    row = work.session.get_one(LoginAttempt, tried.id)
    work.session.execute(
        delete(LoginAttempt).where(
            LoginAttempt.purpose == row.purpose,
            LoginAttempt.account_key == row.account_key,
            LoginAttempt.address_key == row.address_key,
        )
    )


def forgive(work: UnitOfWork, portal: Portal, account: str) -> None:
    """Somebody proved by mail that the account is theirs: earlier failures to log in no longer hold them up."""
    work.session.execute(
        delete(LoginAttempt).where(
            LoginAttempt.purpose == LOGIN,
            LoginAttempt.account_key == _key(portal, f"account {account}"),
        )
    )


def hold_back(tried: Try | None, sleep: Sleep = time.sleep) -> None:
    """Make whoever guesses wait a moment. Raises Throttled where too many are waiting already."""
    seconds = rules.delay(tried.failures) if tried else 0.0
    if not seconds:
        return
    if not _held_back.acquire(blocking=False):
        raise Throttled("Many people are logging in just now. Wait a moment, then try again.", 5)
    try:
        sleep(seconds)
    finally:
        _held_back.release()


def _require_room(work: UnitOfWork, purpose: str, who: Tryer, now: datetime) -> int:
    """Raises Throttled, or returns how many failures of this account count."""
    limits = LIMITS[purpose]
    of_account = [LoginAttempt.account_key == who.account_key]
    of_address = [LoginAttempt.address_key == who.address_key]
    if purpose == LOGIN and attempts.has_logged_in_from(work.session, who.account, who.address_key):
        of_account += of_address
    failures = _recent(work, purpose, limits.account, of_account, now)
    found = [(failures, limits.account)]
    if who.address_key:
        found.append((_recent(work, purpose, limits.address, of_address, now), limits.address))
    found.append((_recent(work, purpose, limits.overall, [], now), limits.overall))
    wait = max(rules.seconds_to_wait(times, limit, now) for times, limit in found)
    if wait:
        raise Throttled("That was too many tries in a short time. Wait a little, then try again.", wait)
    return len(failures)


def _recent(
    work: UnitOfWork, purpose: str, limit: Limit, narrowed: list[ColumnElement[bool]], now: datetime
) -> list[datetime]:
    found = attempts.newest(work.session, purpose, *narrowed, since=now - limit.window, most=limit.most)
    return list(found)


def _forget_old(work: UnitOfWork, purpose: str, now: datetime) -> None:
    old = now - rules.LONGEST_WINDOW
    work.session.execute(delete(LoginAttempt).where(LoginAttempt.purpose == purpose, LoginAttempt.at < old))


def _key(portal: Portal, words: str) -> str:
    key = key_from(portal.settings.secret_key, "limits")
    return hmac.digest(key.encode(), words.encode(), "sha256").hex()
