"""How long a login lasts, and how long we keep what is left of it."""

from datetime import datetime, timedelta

IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=10)
"""How exactly we remember when a session was last used."""
PARKED_FOR = timedelta(days=30)
"""How long we keep what somebody typed after their login had run out: a month covers a leave. Then it is deleted."""
ENDED_FOR = timedelta(days=1)
"""How long the row of a login stays after its end: a tab that was left open tells who it was. Then it is deleted."""

CONFIRM_WITHIN = timedelta(hours=24)
"""How long the link works that confirms an address, from its last mail on."""
REGISTRATION_WAITS = timedelta(days=7)
"""How long a registration that nobody confirmed can be mailed its link again; a day after that it is deleted."""


def is_alive(*, last_seen: datetime, expires: datetime, ended: datetime | None, now: datetime) -> bool:
    """Is this login still good?"""
    return ended is None and now < expires and now < last_seen + IDLE


def is_stale(last_seen: datetime, now: datetime) -> bool:
    """Is it time to note that the session is in use?"""
    return now >= last_seen + SEEN_EVERY
