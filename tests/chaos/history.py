"""What people asked for and what they were answered, as Jepsen keeps it: ok, refused or unknown."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

OK, REFUSED, UNKNOWN = "ok", "refused", "unknown"


@dataclass(frozen=True)
class Operation:
    """`key` is the reference; `start` and `end` are seconds of the machine's clock."""

    key: str
    op: str
    outcome: str
    start: float
    end: float
    attempts: int = 1


class History:
    """Written down by many threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._operations: list[Operation] = []

    def note(self, key: str, op: str, outcome: str, start: float, attempts: int = 1) -> None:
        done = Operation(key, op, outcome, start, time.time(), attempts)
        with self._lock, self.path.open("a") as file:
            self._operations.append(done)
            file.write(json.dumps(asdict(done)) + "\n")

    def acknowledged(self, op: str) -> set[str]:
        return {each.key for each in self if each.op == op and each.outcome == OK}

    def repeated(self) -> int:
        """Operations whose first answer was unknown and that were asked again."""
        return sum(each.attempts > 1 for each in self)

    def counts(self) -> Counter[tuple[str, str]]:
        return Counter((each.op, each.outcome) for each in self)

    def __iter__(self) -> Iterator[Operation]:
        with self._lock:
            return iter(list(self._operations))
