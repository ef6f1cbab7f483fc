"""How often one may fail, ask or register before we make them wait. Counted in rows, decided here.

A login counts its failures only. Somebody who has logged in from an address before is judged by the failures
from that address, so that strangers who guess cannot lock them out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LOGIN = "login"
RESET = "reset"
REGISTER = "register"
INVITE = "invite"
NEWSLETTER = "newsletter"
PURPOSES = (LOGIN, RESET, REGISTER, INVITE, NEWSLETTER)


@dataclass(frozen=True)
class Limit:
    """At most `most` within `window`."""

    most: int
    window: timedelta


@dataclass(frozen=True)
class Limits:
    """For one account, from one address, and over all."""

    account: Limit
    address: Limit
    overall: Limit


_FIVE_MINUTES = timedelta(minutes=5)
_HOUR = timedelta(hours=1)
LIMITS = {
    LOGIN: Limits(Limit(5, _FIVE_MINUTES), Limit(20, _FIVE_MINUTES), Limit(500, _FIVE_MINUTES)),
    RESET: Limits(Limit(3, _HOUR), Limit(20, _HOUR), Limit(500, _HOUR)),
    REGISTER: Limits(Limit(5, _HOUR), Limit(60, _HOUR), Limit(500, _HOUR)),
    INVITE: Limits(Limit(30, _HOUR), Limit(60, _HOUR), Limit(500, _HOUR)),
    NEWSLETTER: Limits(Limit(5, _HOUR), Limit(60, _HOUR), Limit(1000, _HOUR)),
}
LONGEST_WINDOW = _HOUR
FIRST_DELAYED = 3
LONGEST_DELAY = 1.0


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
