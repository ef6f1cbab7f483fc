"""How often one may fail, ask or register before we make them wait. Counted in rows, decided here.

A login counts its failures only. What strangers do holds up strangers only: somebody who has logged in from a network
before is judged there by what was tried for this account from this very place, and by nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LOGIN = "login"
PASSWORD = "password"  # noqa: S105  # the name of a page
RESET = "reset"
REGISTER = "register"
AGAIN = "again"
INVITE = "invite"
NEWSLETTER = "newsletter"
MAILBOX = "mailbox"
"""Mails to one mailbox, whichever page asked for them; limits: rules/mailboxes.py."""


@dataclass(frozen=True)
class Limit:
    """At most `most` within `window`."""

    most: int
    window: timedelta

    def times(self, factor: int) -> "Limit":
        """So many times as often."""
        return Limit(self.most * factor, self.window)


@dataclass(frozen=True)
class Limits:
    """For one account, from one address, and over all; without the last two only what the account does counts."""

    account: Limit
    address: Limit | None = None
    overall: Limit | None = None


_FIVE_MINUTES = timedelta(minutes=5)
_HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HOUR = _HOUR
LIMITS = {
    LOGIN: Limits(Limit(5, _FIVE_MINUTES), Limit(20, _FIVE_MINUTES), Limit(500, _FIVE_MINUTES)),
    # Of one login: only who is logged in comes here, so nobody else can use these tries up.
    PASSWORD: Limits(Limit(5, _FIVE_MINUTES)),
    RESET: Limits(Limit(3, _HOUR), Limit(20, _HOUR), Limit(500, _HOUR)),
    REGISTER: Limits(Limit(5, _HOUR), Limit(60, _HOUR), Limit(500, _HOUR)),
    AGAIN: Limits(Limit(3, _HOUR), Limit(20, _HOUR), Limit(500, _HOUR)),
    # Of one inviter. Who invites is logged in, so what strangers do over all is no reason to refuse.
    INVITE: Limits(Limit(30, _HOUR), Limit(60, _HOUR)),
    NEWSLETTER: Limits(Limit(5, _HOUR), Limit(60, _HOUR), Limit(1000, _HOUR)),
}
PURPOSES = (*LIMITS, MAILBOX)
NETWORK_FACTOR = 2
SITE_FACTOR = 5
"""An IPv6 customer has a /64, a /56 or a /48: from a whole /56 twice as much as from one address, from a /48 five times."""
PAIR_FACTOR = 4
"""At a network where an account is known, but not from an address where it is: so many times as much for the network."""
KNOWN_FOR = timedelta(days=180)
"""How long a network counts as known after the last login from there: somebody who sends twice a year is still known."""
FIRST_DELAYED = 3
LONGEST_DELAY = 1.0


def remembered(purpose: str) -> timedelta:
    """How long a try can count."""
    return DAY if purpose == MAILBOX else _HOUR


def seconds_to_wait(times: Sequence[datetime], limit: Limit, now: datetime) -> int:
    """How long until another try is allowed; 0 means now. `times`: the newest tries, the newest first."""
    recent = [at for at in times if at > now - limit.window]
    if len(recent) < limit.most:
        return 0
    free_at = recent[limit.most - 1] + limit.window
    return max(1, int((free_at - now).total_seconds()) + 1)


def delay(failures: int) -> float:
    """Seconds that the next answer is held back: nothing at first, then a little more each time."""
    over = failures + 1 - FIRST_DELAYED
    return min(0.25 * 2**over, LONGEST_DELAY) if over >= 0 else 0.0
