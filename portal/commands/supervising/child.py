"""One process under the supervisor: started, read, started again with growing patience, stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from portal.commands.supervising.leftovers import end_with_parent

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
STEADY_AFTER = 60.0
"""Seconds. Who ran this long has recovered, and starts again at once when it dies."""


@dataclass
class Child:
    """`command` is asked for at each start, because what it needs may have been mended meanwhile."""

    name: str
    command: Callable[[], list[str]]
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started_at: float = 0.0
    starts_at: float = 0.0
    _unfinished: bytes = field(default=b"", repr=False)

    @property
    def runs(self) -> bool:
        return self.process is not None

    def is_due(self) -> bool:
        return not self.runs and time.monotonic() >= self.starts_at

    def start(self, environ: Mapping[str, str]) -> int:
        """Starts in a process group of its own, so that Ctrl-C reaches the supervisor alone. Answers the pipe."""
        self.process = subprocess.Popen(
            self.command(),
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - the supervisor has one thread
        )
        self.started_at = time.monotonic()
        pipe = self._pipe()
        os.set_blocking(pipe, False)
        return pipe

    def _pipe(self) -> int:
        if self.process is None or self.process.stdout is None:
            raise RuntimeError(f"{self.name} does not run")
        return self.process.stdout.fileno()

    def lines(self) -> list[str]:
        """Whole lines that were written since the last call."""
        self._unfinished += self._read()
        *whole, self._unfinished = self._unfinished.split(b"\n")
        return [line.decode("utf-8", "replace").rstrip() for line in whole]

    def _read(self) -> bytes:
        try:
            return os.read(self._pipe(), 65536)
        except BlockingIOError:
            return b""

    def ended(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self.process.poll() if self.process is not None else None

    def forget_process(self) -> float:
        """Forgets a process that ended, and answers the seconds until it is started again."""
        if self.process is None or self.process.stdout is None:
            raise RuntimeError(f"{self.name} does not run")
        self._kill_group()
        self.process.stdout.close()
        self.process, self._unfinished = None, b""
        now = time.monotonic()
        self.failures = 1 if now - self.started_at >= STEADY_AFTER else self.failures + 1
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (self.failures - 1))
        self.starts_at = now + wait
        return wait

    def ask_to_stop(self, number: int = signal.SIGTERM) -> None:
        """Only the process itself is asked: it knows how to end its own children."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        if self.process is not None:
            self._kill_group()
            self.process.wait()

    def _kill_group(self) -> None:
        """The process and whatever it left behind."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return
