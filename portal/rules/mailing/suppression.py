"""When an address is left alone: at once when mail to it is refused for good, for a while when it is refused often.

Soft refusals decay by themselves: three within fourteen days hold an address for thirty days, older ones are forgotten.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

SOFT = "soft"
REFUSED = "refused"
COMPLAINT = "complaint"
ASKED = "asked"
WISHES = (COMPLAINT, ASKED)
"""Reasons that are somebody's own wish: they outlive the person's data, because the wish is about the address."""

MOST_SOFT = 3
SOFT_WINDOW = timedelta(days=14)
SOFT_HOLD = timedelta(days=30)


@dataclass(frozen=True)
class SoftCount:
    """How many soft refusals count, since which one, and whether the address is held from now on."""

    count: int
    since: datetime
    holds: bool = False


def after_soft(count: int, since: datetime | None, last: datetime | None, now: datetime) -> SoftCount:
    """One more soft refusal. `since` is the older of the two that were kept, `last` the newer."""
    if not count or last is None or now - last > SOFT_WINDOW:
        return SoftCount(1, now)
    if count == 1 or since is None or now - since > SOFT_WINDOW:
        return SoftCount(2, last)
    return SoftCount(MOST_SOFT, now, holds=True)


def ends_at(reason: str, since: datetime) -> datetime | None:
    """When a suppression ends by itself; None for one that stays until it is lifted."""
    return since + SOFT_HOLD if reason == SOFT else None
