"""Threads for those who make answers: a few, in lanes, so that one kind of work never takes all of them.

Within a lane each client comes in turn: whoever asks for four hundred pages at once waits behind everybody else's first.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TypeVar

Made = TypeVar("Made")
Start = Callable[[], None]


class Lane:
    """At most `threads` jobs at a time and `most` in the line. For the thread of the event loop."""

    def __init__(self, name: str, threads: int, most: int = 4000, *, niceness: int = 0) -> None:
        """`niceness`: how far they stand back where the processor is short, from 0 to 19 (Linux; elsewhere nothing)."""
        begin = partial(_stand_back, niceness)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name, initializer=begin)
        self._free = threads
        self._most = most
        self._lines: OrderedDict[str, deque[Start]] = OrderedDict()
        self.waiting = 0

    def take(self, client: str, job: Callable[[], Made], then: Callable[[Made], None]) -> bool:
        """Run `job` in a thread and hand what it made to `then` in the loop; False where the line is too long."""
        if self.waiting >= self._most:
            return False
        loop = asyncio.get_running_loop()

        def start() -> None:
            self._pool.submit(run)

        def run() -> None:
            try:
                made = job()
            except BaseException:
                loop.call_soon_threadsafe(self._give_back)
                raise
            loop.call_soon_threadsafe(done, made)

        def done(made: Made) -> None:
            self._give_back()
            then(made)

        self._lines.setdefault(client, deque()).append(start)
        self.waiting += 1
        self._next()
        return True

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _give_back(self) -> None:
        """The place of a job that has ended, however it did."""
        self._free += 1
        self._next()

    def _next(self) -> None:
        while self._free and self._lines:
            client, line = self._lines.popitem(last=False)
            start = line.popleft()
            if line:
                self._lines[client] = line  # behind the others
            self._free -= 1
            self.waiting -= 1
            start()


def _stand_back(niceness: int) -> None:
    """Of Linux' threads each has its own; elsewhere the call would be about the whole process."""
    if niceness and sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)
