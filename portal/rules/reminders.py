"""When a sender is reminded of changes that were asked for: twice before the date, never after it."""

from datetime import datetime, timedelta

LAST_CALL = timedelta(days=2)
MOST = 2


def reminder_times(asked_at: datetime, due_at: datetime) -> tuple[datetime, datetime]:
    """At half time, and two days before the date; where that is no later, after three quarters."""
    span = due_at - asked_at
    half, last = asked_at + span / 2, due_at - LAST_CALL
    return half, last if last > half else asked_at + span * 3 / 4


def next_look(asked_at: datetime, due_at: datetime, sent: int) -> datetime:
    """When there is something to do after `sent` reminders: the next one, or the end of the time."""
    times = (*reminder_times(asked_at, due_at), due_at)
    return times[min(sent, MOST)]
