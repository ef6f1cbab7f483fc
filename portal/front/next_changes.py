"""When the next release becomes due or leaves the lists: asked once for each mark of what is public."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

FAR_AWAY = 4e9
"""Seconds since 1970: a change by time that nobody knows of."""

Ask = Callable[[datetime], datetime | None]


class NextChanges:
    """Remembers the last answer. For several threads; two that ask at once both ask."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._known: tuple[int | None, float, float] = (None, 0.0, 0.0)

    def after(self, moment: datetime, mark: int | None, ask: Ask) -> datetime | None:
        """The next change after this moment; `mark` was read before it. Without a mark `ask` is asked every time."""
        at = moment.timestamp()
        with self._guard:
            known, asked, due = self._known
        if mark is None or mark != known or not asked <= at < due:
            found = ask(moment)
            due = found.timestamp() if found else FAR_AWAY
            with self._guard:
                self._known = (mark, at, due)
        return None if due >= FAR_AWAY else datetime.fromtimestamp(due, UTC)
