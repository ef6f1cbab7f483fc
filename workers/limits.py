"""The names of the queues, and how long and how often RQ may do what."""

from __future__ import annotations

MODERATION = "moderation"
PUBLICATION = "publication"
MAIL = "mail"
UPKEEP = "upkeep"
QUEUES = (MODERATION, PUBLICATION, MAIL, UPKEEP)
"""In order of urgency: a worker empties the first before it looks at the next."""

JOB_SECONDS = 180
RESULT_SECONDS = 60
FAILURE_SECONDS = 30 * 24 * 3600
RETRY_SECONDS = (10, 60, 300)
RUNG_SECONDS = 10
"""How long a bell counts as rung whose job has not begun; after as long the clock does the work itself."""


def rung_key(queue: str, job: str) -> str:
    """What stands in Redis while a job of this name waits in this queue."""
    return f"portal:rung:{queue}:{job}"
