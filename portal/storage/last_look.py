"""The last look before a letter is given away: one tiny read of a few rows by their keys, on a connection that stays open.

Thousands of letters ask it one after the other, so it is written for the driver: SQLAlchemy would take as long for it
as the mail server does for the letter.
"""

from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from portal.rules.mailing.suppression import SOFT_HOLD
from portal.storage.database import Database

# Where these conditions stand for handfuls: actions/newsletter/sending.py and queries/newsletter/suppressions.py. A test
# holds the two against each other.
_LOOK = """
SELECT chain_lock.last_id
FROM digest_deliveries
JOIN digest_issues ON digest_issues.id = digest_deliveries.issue_id
JOIN subscribers ON subscribers.id = digest_deliveries.subscriber_id
JOIN chain_lock ON chain_lock.id = 1
WHERE digest_deliveries.id = {0} AND digest_issues.paused_at IS NULL
AND subscribers.state = 'confirmed' AND (subscribers.paused_until IS NULL OR subscribers.paused_until <= {0})
AND NOT EXISTS (
    SELECT 1 FROM suppressions WHERE suppressions.email = subscribers.email
    AND suppressions.holds AND (suppressions.reason <> 'soft' OR suppressions.since > {0})
)
"""
_STORED = "%Y-%m-%d %H:%M:%S.%f"


class LastLook:
    """Use as a context manager, in one thread."""

    def __init__(self, database: Database) -> None:
        self._database, self._is_sqlite = database, database.is_sqlite
        self._statement = _LOOK.format("?" if self._is_sqlite else "%s")

    def __enter__(self) -> Self:
        self._connection = self._database.watching()
        self._cursor = self._connection.connection.cursor()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cursor.close()
        self._connection.close()

    def at(self, delivery_id: int, now: datetime) -> int | None:
        """How far the records have come; None where this letter's reader left, pauses or is to be left alone, or
        where the issue is kept back. Every change of what a release says or of where it stands moves the number."""
        self._cursor.execute(
            self._statement, (delivery_id, self._as_stored(now), self._as_stored(now - SOFT_HOLD))
        )
        found = self._cursor.fetchone()
        return int(found[0]) if found else None

    def _as_stored(self, instant: datetime) -> Any:  # what the driver takes for a time
        return instant.astimezone(UTC).strftime(_STORED) if self._is_sqlite else instant
