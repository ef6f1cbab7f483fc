"""The one terminal that all children share."""

from __future__ import annotations

import json
import os
import select
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

WIDEST_NAME = 7
LONGEST_LINE = 3000
"""Characters; nearly always short enough for a pipe to take a line whole."""


class Console:
    """Prints lines with a short name before each.

    A pipe that nobody reads any more fills up; then lines are left out, because waiting
    for the reader would stop the children that write them.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout

    def say(self, name: str, line: str) -> None:
        self._write(f"{name:<{WIDEST_NAME}} | {line[:LONGEST_LINE]}")

    def plain(self, line: str) -> None:
        """A line of the supervisor's own."""
        self._write(line)

    def _write(self, line: str) -> None:
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


class JsonConsole(Console):
    """One JSON object a line, for programs that collect logs: `process` says which part of the portal wrote it.

    What a part wrote as JSON keeps its fields; any other line, such as the Redis server's, becomes its `event`.
    """

    def say(self, name: str, line: str) -> None:
        self._write(json.dumps({"process": name, **_fields_of(line)}))

    def plain(self, line: str) -> None:
        self.say("up", line)


def _fields_of(line: str) -> dict[str, Any]:
    try:
        fields = json.loads(line) if line.startswith("{") and len(line) <= LONGEST_LINE else None
    except ValueError:
        fields = None
    if isinstance(fields, dict):
        return fields
    return {
        "event": line[:LONGEST_LINE],
        "level": "info",
        "timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
    }


def console_for(*, is_production: bool) -> Console:
    """Lines for programs where the portal is in use, for people where it is tried out."""
    return JsonConsole() if is_production else Console()
