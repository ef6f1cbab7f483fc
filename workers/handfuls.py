"""Rows in handfuls: a job is rung for one, and does whatever else of its kind waits, for a while.

A fork, a connection and cold statements cost more than most rows do, so a burst of hundreds is no burst of jobs.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any

SECONDS = 5.0
"""After so long no further row is begun: what is rung for in a more urgent queue waits no longer than that."""

_log = logging.getLogger(__name__)


def work_off(
    first: int, waiting: Callable[[], Sequence[int]], do: Callable[[int], Any], *, seconds: float = SECONDS
) -> bool:
    """Do the row that was rung for and then those that wait, each once. True where the time was up and some are left.

    One that fails holds up no other; the first error is raised when all had their turn, so that RQ tries again.
    """
    until, seen, failures = monotonic() + seconds, set[int](), list[Exception]()
    ids: Sequence[int] = [first]
    left = False
    while not left and (fresh := [row_id for row_id in ids if row_id not in seen]):
        for row_id in fresh:
            left = bool(seen) and monotonic() >= until
            if left:
                break
            seen.add(row_id)
            _try(do, row_id, failures)
        ids = [] if left else waiting()
    if failures and not left:
        raise failures[0]
    return left


def _try(do: Callable[[int], Any], row_id: int, failures: list[Exception]) -> None:
    try:
        do(row_id)
    except Exception as problem:  # noqa: BLE001  # whatever it is, the other rows go on
        _log.error("row %s of a handful failed: %s", row_id, type(problem).__name__)
        failures.append(problem)
