"""The one terminal that all children share."""

from __future__ import annotations

import os
import select
import sys
from pathlib import Path
from typing import TextIO

WIDEST_NAME = 7
LONGEST_LINE = 2000
"""Characters; short enough for a pipe to take a line whole."""


class Console:
    """Prints lines with a short name before each.

    A pipe that nobody reads any more fills up; then lines are left out, because waiting
    for the reader would stop the children that write them.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout

    def say(self, name: str, line: str) -> None:
        self.plain(f"{name:<{WIDEST_NAME}} | {line[:LONGEST_LINE]}")

    def plain(self, line: str) -> None:
        if not self._takes_more():
            return
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except BrokenPipeError:
            self._stream = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - stays open as the new terminal

    def _takes_more(self) -> bool:
        try:
            return bool(select.select([], [self._stream.fileno()], [], 0)[1])
        except (OSError, ValueError):
            return True
