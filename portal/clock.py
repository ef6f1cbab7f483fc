"""The only place that asks what time it is. Everything below the edge is told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from portal.settings import Settings


class Clock(Protocol):
    """Answers with an aware instant in UTC."""

    def now(self) -> datetime: ...


class ClockFileUnreadable(Exception):
    """The test clock's file is missing or does not hold one instant; the message names the file."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FileClock:
    """Time as one line in a file: it stands still until somebody replaces the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def now(self) -> datetime:
        return self._instant_in(self._line())

    def _line(self) -> str:
        try:
            return self.path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as problem:
            raise ClockFileUnreadable(f"The test clock {self.path} cannot be read: {problem}") from problem

    def _instant_in(self, line: str) -> datetime:
        try:
            instant = datetime.fromisoformat(line)
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None or "T" not in line.upper().replace(" ", "T"):
            raise ClockFileUnreadable(
                f"The test clock {self.path} must hold one line such as 2026-03-24T11:20:00+08:00, not {line[:60]!r}."
            )
        return instant.astimezone(UTC)


def clock_from(settings: Settings) -> Clock:
    """The clock that the settings ask for."""
    return FileClock(settings.test_clock) if settings.test_clock is not None else SystemClock()
