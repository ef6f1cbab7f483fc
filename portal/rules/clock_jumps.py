"""When wall time has jumped, and how that is said."""

from datetime import datetime, timedelta

from portal.rules.shown_times import shown

JUMP = timedelta(minutes=2)
"""What the time service corrects is smaller, and no leap second comes near it."""


def why_held(drift: timedelta, now: datetime, zone: str) -> str:
    """The sentence of a jump; empty where wall time ran as it should. `drift` is how far it ran ahead (negative: behind)."""
    if abs(drift) <= JUMP:
        return ""
    way = "forward" if drift > timedelta() else "back"
    return f"The clock jumped {way} by {_span(abs(drift))}, to {shown(now, zone)}."


def _span(jumped: timedelta) -> str:
    minutes = int(jumped.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 2880 else f"{minutes // 1440} days"
