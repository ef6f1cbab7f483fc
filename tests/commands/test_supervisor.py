"""`portal up`: restarts what dies, stops everything, and mends what a killed run left behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from threading import Timer
from urllib.request import urlopen

import pytest

from portal.commands.supervising.leftovers import MARK, marked_processes, wait_until
from tests.rigs.patience import PATIENCE

PROJECT = Path(__file__).parents[2]
pytestmark = pytest.mark.processes


class Run:
    """One supervisor with its stand-ins, and everything it has printed."""

    def __init__(self, root: Path, port: int, *parts: str) -> None:
        self.root, self.port = root, port
        bind = f"127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.rigs.supervised", str(root), bind, *parts],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.printed: list[str] = []
        self.watchdog = Timer(PATIENCE, self.process.kill)
        self.watchdog.start()

    def line_with(self, pattern: str) -> re.Match[str]:
        """A line that matches, printed already or still to come; fails with everything when the output ends."""
        for line in chain(list(self.printed), self._lines_to_come()):
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"no line with {pattern!r} in {self.printed}")

    def _lines_to_come(self) -> Iterator[str]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed.append(line.rstrip())
            yield self.printed[-1]

    def web_process(self) -> int:
        with urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=PATIENCE) as answer:
            return int(answer.read())

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        self.process.communicate(timeout=PATIENCE)
        return self.process.returncode

    def kill_outright(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        self.watchdog.cancel()
        self.kill_outright()
        if self.process.stdout is not None:
            self.process.stdout.close()
        for left in marked_processes(self.root / "instance"):
            os.kill(left, signal.SIGKILL)


Start = Callable[..., Run]


@pytest.fixture
def start(tmp_path: Path, free_port: int) -> Iterator[Start]:
    with ExitStack() as stack:

        def started(*parts: str, port: int = free_port) -> Run:
            run = Run(tmp_path, port, *parts)
            stack.callback(run.end)
            return run

        yield started


@pytest.fixture
def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def test_it_says_ready_once_the_web_server_answers_and_stops_with_code_zero(start: Start) -> None:
    run = start("redis", "web")
    run.line_with(rf"^Ready: http://127.0.0.1:{run.port}$")

    assert run.web_process() in marked_processes(run.root / "instance")
    assert run.stop() == 0
    assert marked_processes(run.root / "instance") == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_children_of_children_are_stopped_too(start: Start, number: signal.Signals) -> None:
    run = start("web", "worker")
    grandchild = int(run.line_with(r"worker child (\d+)").group(1))
    run.line_with("^Ready: ")

    assert run.stop(number) == 0
    assert wait_until(lambda: not is_alive(grandchild), 5)


def test_what_dies_is_started_again(start: Start) -> None:
    run = start("web")
    run.line_with("^Ready: ")
    first = run.web_process()
    os.kill(first, signal.SIGKILL)
    sentence = run.line_with(r"up +\| (web ended .*)").group(1)

    assert sentence == "web ended (signal SIGKILL) and starts again in 0.5 s."
    assert wait_until(lambda: answers_anew(run, first), PATIENCE)


def test_a_web_server_that_cannot_start_ends_everything_with_a_sentence(start: Start) -> None:
    run = start("broken", "worker")
    run.line_with(r"web +\| no module named web")
    run.line_with("web does not start. The lines above say why")
    run.process.communicate(timeout=PATIENCE)

    assert run.process.returncode == 1
    assert marked_processes(run.root / "instance") == []


def test_what_is_prepared_is_printed_before_ready(start: Start) -> None:
    run = start("web", "prepare")
    run.line_with("^Ready: ")

    assert run.printed == ["the logins", f"Ready: http://127.0.0.1:{run.port}"]


def test_a_preparation_that_fails_ends_everything(start: Start) -> None:
    run = start("web", "prepare-badly")
    run.line_with("^the disk is full$")
    run.process.communicate(timeout=PATIENCE)

    assert run.process.returncode == 1
    assert marked_processes(run.root / "instance") == []


def test_a_port_in_use_gets_a_sentence_that_says_what_to_do(start: Start, free_port: int) -> None:
    with listening(free_port):
        run = start("web")
        output, _ = run.process.communicate(timeout=PATIENCE)

    assert output.strip() == (
        f"Port {free_port} is in use by another program. Stop that program, "
        f"or take another port: PORTAL_BIND=127.0.0.1:{free_port + 1} make run"
    )
    assert run.process.returncode == 1


def test_a_second_start_from_the_same_folder_is_told_about_the_first(start: Start) -> None:
    first = start("web")
    first.line_with("^Ready: ")
    output, _ = start("web", port=first.port + 1).process.communicate(timeout=PATIENCE)

    assert output.strip() == (
        f"The portal already runs from this folder (process {first.process.pid}). "
        f"Stop it with Ctrl-C in its terminal, or with: kill {first.process.pid}"
    )
    assert first.web_process() > 0


def test_after_a_killed_run_the_next_one_just_starts(start: Start) -> None:
    killed = start("redis", "web", "worker")
    killed.line_with("^Ready: ")
    killed.kill_outright()
    run = start("redis", "web")
    run.line_with("^Ready: ")

    assert redis_answers(run.root)
    assert run.stop() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent died")
def test_children_of_a_killed_run_end_on_their_own(start: Start) -> None:
    run = start("redis", "web", "worker")
    run.line_with("^Ready: ")
    run.kill_outright()

    assert wait_until(lambda: not port_is_taken(run.port), PATIENCE)


def test_processes_of_an_earlier_run_are_ended_before_the_start(start: Start, tmp_path: Path) -> None:
    left = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)"],
        env={**os.environ, MARK: str(tmp_path / "instance")},
    )
    run = start("web")
    run.line_with("^Ended 1 processes that an earlier run left behind.$")
    run.line_with("^Ready: ")

    assert left.wait(PATIENCE) == -signal.SIGTERM


def test_redis_data_that_cannot_be_read_is_set_aside(start: Start, tmp_path: Path) -> None:
    broken = tmp_path / "instance/redis/appendonlydir"
    broken.mkdir(parents=True)
    (broken / "appendonly.aof.manifest").write_text("rubbish\n")
    run = start("redis", "web")
    run.line_with("redis could not read its data, which now lies in ")

    assert wait_until(lambda: redis_answers(run.root), PATIENCE)


def test_a_terminal_that_nobody_reads_stops_nobody(start: Start) -> None:
    run = start("web", "clock")
    run.line_with("^Ready: ")

    assert [run.web_process() for _ in range(50)] == [run.web_process()] * 50
    run.process.send_signal(signal.SIGTERM)
    assert run.process.wait(PATIENCE) == 0


@contextmanager
def listening(port: int) -> Iterator[None]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        yield


def port_is_taken(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def redis_answers(root: Path) -> bool:
    import redis

    try:
        with redis.Redis(unix_socket_path=str(root / "instance/redis.sock")) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False


def answers_anew(run: Run, first: int) -> bool:
    try:
        return run.web_process() != first
    except OSError:
        return False


def is_alive(process: int) -> bool:
    """A process that ended and was not waited for is dead too."""
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return False
