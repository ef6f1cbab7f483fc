"""Runs everything in one terminal, restarts what dies, and stops all of it together.

One loop and no threads: it waits for output, looks who ended, starts who is due, and until the
first success asks the web server whether it is ready.
"""

from __future__ import annotations

import os
import selectors
import signal
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from types import FrameType
from urllib.parse import urlsplit

from portal.commands.supervising.child import Child
from portal.commands.supervising.console import Console
from portal.commands.supervising.leftovers import end_leftovers, marked_environment
from portal.commands.supervising.lock import require_free_port, take_lock
from portal.commands.supervising.redis_server import (
    prepare_folders,
    server_command,
    server_program,
    set_data_aside,
)
from portal.settings import Settings

PATIENCE = 8.0
"""Seconds that children get to finish what they are doing."""
TICK = 0.1
FAILED_STARTS = 3
QUICK_END = 3.0
FIRST = frozenset({"redis", "web"})
HEAD_START = 5.0
"""Seconds after which the others start, ready or not."""
BETWEEN_QUESTIONS = 0.5
"""Seconds between two looks whether the pages answer."""
NOWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where to ask when the server listens everywhere
CommandOf = Callable[[], list[str]]


class Supervisor:
    """`commands` names what to run: the parts of the portal, or their stand-ins in tests.

    `preparation` runs once beside the web server's start; nothing is ready before it has succeeded.
    """

    def __init__(
        self,
        settings: Settings,
        console: Console,
        commands: Mapping[str, CommandOf],
        preparation: CommandOf | None = None,
    ) -> None:
        self.settings = settings
        self.console = console
        self.children = [Child(name, command) for name, command in commands.items()]
        self.preparation = Child("prepare", preparation) if preparation else None
        self.is_ready = False
        self.signals = 0
        self.last_signal = 0
        self.gave_up = False
        self._began = time.monotonic()
        self._asked_at = 0.0
        self._environ = marked_environment(dict(os.environ), settings.instance_path)
        self._selector = selectors.DefaultSelector()

    def run(self) -> int:
        """Returns the exit code once everything has stopped. Raises CannotStart and ServerNotFound before that."""
        lock = take_lock(self.settings.instance_path, patience=2)
        with lock:
            self._prepare()
            self._listen_to_signals()
            try:
                if self.preparation is not None:
                    self._start(self.preparation)
                while not self.signals and not self.gave_up:
                    self._tick()
            finally:
                self._stop_everything()
        return 1 if self.gave_up else 0

    def _prepare(self) -> None:
        ended = end_leftovers(self.settings.instance_path, patience=PATIENCE)
        if ended:
            self.console.plain(f"Ended {ended} processes that an earlier run left behind.")
        require_free_port(self.settings)
        if self.settings.redis_is_embedded:
            server_program()
            prepare_folders(self.settings)

    def _listen_to_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.signals += 1
        self.last_signal = number

    def _tick(self) -> None:
        self._start_who_is_due()
        self._print_what_was_said(TICK)
        self._look_who_ended()
        if not self.is_ready and self.preparation is None and self._may_ask() and self._web_answers():
            self.is_ready = True
            self.console.plain(f"Ready: {self.settings.base_url}")

    def _start(self, child: Child) -> None:
        self._selector.register(child.start(self._environ), selectors.EVENT_READ, child)

    def _start_who_is_due(self) -> None:
        for child in self.children:
            if child.is_due() and self._has_its_turn(child):
                self._start(child)

    def _has_its_turn(self, child: Child) -> bool:
        """Loading everything at once on a small machine would keep readers waiting longest."""
        return child.name in FIRST or (
            self.preparation is None and (self.is_ready or time.monotonic() - self._began > HEAD_START)
        )

    def _print_what_was_said(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            self._print_lines_of(key.data)

    def _print_lines_of(self, child: Child) -> None:
        for line in child.lines():
            if child is self.preparation:
                self.console.plain(line)
            else:
                self.console.say(child.name, line)

    def _look_who_ended(self) -> None:
        if self.preparation is not None:
            self._look_at_preparation(self.preparation)
        for child in self.children:
            code = child.ended()
            if code is not None:
                self._note_the_end(child, code)

    def _look_at_preparation(self, preparation: Child) -> None:
        code = preparation.ended()
        if code is not None:
            self._forget_output(preparation)
            preparation.forget_process()
            self.preparation, self.gave_up = None, self.gave_up or code != 0

    def _note_the_end(self, child: Child, code: int) -> None:
        lived = time.monotonic() - child.started_at
        self._forget_output(child)
        wait = child.forget_process()
        self.console.say("up", f"{child.name} ended ({_in_words(code)}) and starts again in {wait:g} s.")
        if child.name == "redis" and code > 0 and lived < QUICK_END and child.failures > 1:
            aside = set_data_aside(self.settings, datetime.now(UTC))
            prepare_folders(self.settings)
            self.console.say(
                "up", f"redis could not read its data, which now lies in {aside}. Nothing is lost."
            )
        if child.name == "web" and not self.is_ready and child.failures >= FAILED_STARTS:
            self.console.say(
                "up", "web does not start. The lines above say why; `portal doctor` may say more."
            )
            self.gave_up = True

    def _forget_output(self, child: Child) -> None:
        self._print_lines_of(child)
        if child.process is not None and child.process.stdout is not None:
            self._selector.unregister(child.process.stdout.fileno())

    def _may_ask(self) -> bool:
        """Not with every line that somebody writes: each answer is work for a process that is just starting."""
        now = time.monotonic()
        if now - self._asked_at < BETWEEN_QUESTIONS:
            return False
        self._asked_at = now
        return True

    def _web_answers(self) -> bool:
        host = NOWHERE.get(self.settings.bind_host, self.settings.bind_host)
        connection = HTTPConnection(host, self.settings.bind_port, timeout=1)
        try:
            connection.request("GET", "/readyz", headers={"Host": urlsplit(self.settings.base_url).netloc})
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def _stop_everything(self) -> None:
        """The embedded Redis goes last, so that the others can still say goodbye to it."""
        self.console.plain("Stopping …")
        self._stop([child for child in self._everyone() if child.name != "redis"])
        self._stop([child for child in self.children if child.name == "redis"])
        end_leftovers(self.settings.instance_path, patience=0)

    def _everyone(self) -> list[Child]:
        return [*self.children, self.preparation] if self.preparation else self.children

    def _stop(self, children: list[Child]) -> None:
        asked_at, signals = time.monotonic(), self.signals
        for child in children:
            # Somebody at a terminal does not wait until proxies have looked elsewhere.
            at_once = child.name == "web" and self.last_signal == signal.SIGINT
            child.ask_to_stop(signal.SIGINT if at_once else signal.SIGTERM)
        while any(child.runs and child.ended() is None for child in children):
            self._print_what_was_said(TICK)
            if time.monotonic() - asked_at > PATIENCE + self.settings.drain_seconds or self.signals > signals:
                break
        for child in children:
            child.kill()


def portal_commands(settings: Settings) -> dict[str, CommandOf]:
    """Name → command line, in the order of starting."""
    own = {name: portal_command(name) for name in ("web", "worker", "clock")}
    return {"redis": lambda: server_command(settings), **own} if settings.redis_is_embedded else own


def portal_command(name: str) -> CommandOf:
    """`portal NAME`, with the Python that runs this."""
    return lambda: [sys.executable, "-m", "portal", name]


def _in_words(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
