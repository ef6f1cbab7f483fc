"""Limits on tries, in rows: they hold without Redis and over all processes. Keys are hashed and name nobody.

A try is written down before it is made and crossed out when it succeeds, so that many at once cannot slip through.
What a mail is asked for with is counted for its mailbox in the same breath, whichever page it was.
"""

import hmac
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import ColumnElement, delete

from portal.actions.accounts.sessions import Visit
from portal.actions.portal import Portal
from portal.rules import login_limits as rules
from portal.rules.login_limits import LIMITS, LOGIN, MAILBOX, Limit
from portal.rules.mailboxes import mailbox_of, most_for
from portal.rules.refusals import Throttled
from portal.settings.secrets import key_from
from portal.storage.queries import attempts
from portal.storage.tables import LoginAttempt
from portal.storage.unit_of_work import UnitOfWork

Sleep = Callable[[float], None]
Condition = ColumnElement[bool]
MOST_HELD_BACK = 3
"""Answers held back at the same time; more would leave no thread for others."""
TOO_MANY = "That was too many tries in a short time. Wait a little, then try again."
MAILBOX_FULL = (
    "This address was asked for many times today, so no further mail goes to it for now. "
    "Look into its mailbox first: the links that were mailed still work."
)
_held_back = threading.BoundedSemaphore(MOST_HELD_BACK)


@dataclass(frozen=True)
class Try:
    """A try that has been written down; `failures` counts the ones before it. `at_home`: where the owner is known."""

    id: int
    failures: int
    at_home: bool = False


@dataclass(frozen=True)
class Tryer:
    """On which account somebody tries, and from where."""

    account: str
    account_key: str
    visit: Visit
    # The keys of this place under which the account is known: none for a stranger.
    known_by: frozenset[str] = frozenset()

    @property
    def at_home(self) -> bool:
        return bool(self.known_by)

    @property
    def of_account(self) -> Condition:
        return LoginAttempt.account_key == self.account_key

    @property
    def of_address(self) -> Condition:
        return LoginAttempt.address_key == self.visit.address_key

    @property
    def of_network(self) -> Condition:
        return LoginAttempt.network_key == self.visit.network_key

    @property
    def of_site(self) -> Condition:
        return LoginAttempt.site_key == self.visit.site_key


def visit_from(portal: Portal, address: str, *, agent: str = "") -> Visit:
    """From where somebody comes, hashed. The address of an IPv6 customer is a /64, because one has all of it; around
    it lie its /56 and its /48, around an IPv4 address its /24."""
    try:
        found = ip_address(address)
    except ValueError:
        return Visit(agent)
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or IPv6Address(int(found))  # without the name of an interface
    lengths = (32, 24) if found.version == 4 else (64, 56, 48)
    keys = [_key(portal, f"address {_network(f'{found}/{length}')}") for length in lengths]
    return Visit(agent, *keys)


def begin_try(
    portal: Portal, purpose: str, *, account: str, visit: Visit, now: datetime, mail_to: str = ""
) -> Try | None:
    """Write a try down. Raises Throttled where there were too many; None where limits are switched off.

    `mail_to`: the address that is mailed, or would be: whether it is known must not show.
    """
    if not portal.settings.login_limits:
        return None
    with portal.work() as work:
        attempts.take_turn(work, purpose)
        _forget_old(work, purpose, now)
        who = _tryer(portal, work, account, visit, now)
        failures = _require_room(work, purpose, who, now)
        row = _written(work, purpose, who, who.account_key, now)
        if mail_to:
            _count_mail(portal, work, mail_to, who, now)
        work.commit()
        return Try(row.id, failures, who.at_home)


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
            LoginAttempt.purpose == LOGIN, LoginAttempt.account_key == _account_key(portal, account)
        )
    )


def remember(work: UnitOfWork, user_id: int, visit: Visit, *, now: datetime) -> None:
    """Whoever comes from here is this person as far as anybody can tell: strangers do not hold them up from now on."""
    for key in sorted({visit.address_key, visit.network_key} - {""}):
        attempts.remember_network(work, user_id, key, now)


def hold_back(tried: Try | None, sleep: Sleep = time.sleep) -> None:
    """Make whoever guesses wait a moment. Raises Throttled where too many are waiting already.

    At home nobody waits: that strangers fill the line must not shut the owner out.
    """
    seconds = rules.delay(tried.failures) if tried and not tried.at_home else 0.0
    if not seconds:
        return
    if not _held_back.acquire(blocking=False):
        raise Throttled("Many people are logging in just now. Wait a moment, then try again.", 5)
    try:
        sleep(seconds)
    finally:
        _held_back.release()


def _tryer(portal: Portal, work: UnitOfWork, account: str, visit: Visit, now: datetime) -> Tryer:
    keys = {visit.address_key, visit.network_key} - {""}
    known = attempts.known_networks(work.session, account, keys, now - rules.KNOWN_FOR)
    return Tryer(account, _account_key(portal, account), visit, known)


def _require_room(work: UnitOfWork, purpose: str, who: Tryer, now: datetime) -> int:
    """Raises Throttled, or returns how many failures of this account count."""
    (limit, mine), *others = _at_home(purpose, who) if who.at_home else _of_strangers(purpose, who)
    failures = _recent(work, purpose, limit, mine, now)
    found = [(failures, limit)]
    found += [(_recent(work, purpose, limit, narrowed, now), limit) for limit, narrowed in others]
    _require_none_full(found, TOO_MANY, now)
    return len(failures)


def _at_home(purpose: str, who: Tryer) -> Iterator[tuple[Limit, list[Condition]]]:
    """Only what was tried on this account from this place: guessing from one's own network ends there."""
    limit = LIMITS[purpose].account
    yield limit, [who.of_account, who.of_address]
    if who.visit.address_key not in who.known_by:
        yield limit.times(rules.PAIR_FACTOR), [who.of_account, who.of_network]


def _of_strangers(purpose: str, who: Tryer) -> Iterator[tuple[Limit, list[Condition]]]:
    limits = LIMITS[purpose]
    yield limits.account, [who.of_account]
    if limits.address and who.visit.address_key:
        yield limits.address, [who.of_address]
    if limits.address and who.visit.site_key:
        yield limits.address.times(rules.NETWORK_FACTOR), [who.of_network]
        yield limits.address.times(rules.SITE_FACTOR), [who.of_site]
    if limits.overall:
        yield limits.overall, []


def _count_mail(portal: Portal, work: UnitOfWork, address: str, who: Tryer, now: datetime) -> None:
    """One more mail to this mailbox. Raises Throttled where strangers had enough sent there."""
    attempts.take_turn(work, MAILBOX)
    _forget_old(work, MAILBOX, now)
    key = _key(portal, f"mailbox {mailbox_of(address)}")
    most = most_for(at_home=who.at_home and address == who.account)
    mine = [LoginAttempt.account_key == key]
    limits = (Limit(most.hour, rules.HOUR), Limit(most.day, rules.DAY))
    found = [(_recent(work, MAILBOX, limit, mine, now), limit) for limit in limits]
    _require_none_full(found, MAILBOX_FULL, now)
    _written(work, MAILBOX, who, key, now)


def _require_none_full(found: list[tuple[list[datetime], Limit]], sentence: str, now: datetime) -> None:
    wait = max(rules.seconds_to_wait(times, limit, now) for times, limit in found)
    if wait:
        raise Throttled(sentence, wait)


def _written(work: UnitOfWork, purpose: str, who: Tryer, account_key: str, now: datetime) -> LoginAttempt:
    row = LoginAttempt(
        purpose=purpose,
        account_key=account_key,
        address_key=who.visit.address_key,
        network_key=who.visit.network_key,
        site_key=who.visit.site_key,
        at=now,
    )
    work.session.add(row)
    work.session.flush()
    return row


def _recent(
    work: UnitOfWork, purpose: str, limit: Limit, narrowed: list[Condition], now: datetime
) -> list[datetime]:
    found = attempts.newest(work.session, purpose, *narrowed, since=now - limit.window, most=limit.most)
    return list(found)


def _forget_old(work: UnitOfWork, purpose: str, now: datetime) -> None:
    old = now - rules.remembered(purpose)
    work.session.execute(delete(LoginAttempt).where(LoginAttempt.purpose == purpose, LoginAttempt.at < old))


def _network(written: str) -> str:
    """As it was always hashed: a single IPv4 address without a length behind it."""
    return str(ip_network(written, strict=False)).removesuffix("/32")


def _account_key(portal: Portal, account: str) -> str:
    return _key(portal, f"account {account}")


def _key(portal: Portal, words: str) -> str:
    key = key_from(portal.settings.secret_key, "limits")
    return hmac.digest(key.encode(), words.encode(), "sha256").hex()
