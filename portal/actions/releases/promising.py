"""A promise that begins anew: by when the desk will have decided on what waits for it again."""

from datetime import datetime

from portal.rules.promise import ladder, promise_by
from portal.settings import Settings
from portal.storage.columns import EditionColumns


def fresh_promise(settings: Settings, now: datetime) -> EditionColumns:
    """The columns of an edition whose promise is counted from now, with the whole ladder before it."""
    promise_at = promise_by(now, settings.promise_hours, settings.desk_hours, settings.timezone)
    first_rung = ladder(now, promise_at, hours=settings.promise_hours)[0]
    return {
        "submitted_at": now,
        "promise_at": promise_at,
        "due_at": promise_at,
        "ladder_step": 0,
        "ladder_next_at": first_rung.at,
    }


def no_promise() -> EditionColumns:
    """The columns of an edition on which the desk owes nothing now; what was promised stays on record."""
    return {"due_at": None, "ladder_next_at": None}


def told(columns: EditionColumns) -> dict[str, str]:
    """What the timeline keeps of a promise."""
    promise_at = columns["promise_at"]
    assert promise_at is not None  # a fresh promise has its time
    return {"promise_at": promise_at.isoformat()}
