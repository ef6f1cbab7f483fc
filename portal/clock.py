"""The only place that asks what time it is. Everything below the edge is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
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


def steady_seconds() -> float:
    """Seconds of a clock that nobody can set. It goes on while the machine sleeps, where the system has such a one."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def real_seconds() -> float:
    """Seconds of the machine's own wall clock, also under a test clock: for the order in which things came."""
    return time.time()


def is_watched(settings: Settings) -> bool:
    """A test clock jumps by its nature; it is watched only where a test asks for that."""
    return settings.test_clock is None or settings.test_clock_jumps


class DriftWatch:
    """Wall time against a clock that only ever runs forward.

    Looks are compared one with the next, so what a time service corrects little by little comes to nothing. So does a
    machine that sleeps, since the other clock goes on counting then. Several threads may look.
    """

    def __init__(self, steady: Callable[[], float] = steady_seconds) -> None:
        self._steady = steady
        self._last: tuple[datetime, float] | None = None
        self._one_at_a_time = threading.Lock()

    def since_last_look(self, clock: Clock) -> tuple[datetime, timedelta]:
        """What the wall clock says, and how far it ran ahead, or (negative) fell behind; zero at the first look."""
        with self._one_at_a_time:
            moment, steady = clock.now(), self._steady()
            last, self._last = self._last, (moment, steady)
        if last is None:
            return moment, timedelta()
        return moment, (moment - last[0]) - timedelta(seconds=steady - last[1])
