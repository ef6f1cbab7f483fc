"""`portal up` as an operator starts it: web, worker, clock and Redis; the release goes its way and time is real."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

from portal.commands.supervising.leftovers import marked_processes, wait_until
from tests.rigs import sending
from tests.rigs.patience import PATIENCE
from tests.rigs.people import PASSWORD
from tests.rigs.plain_browser import PlainBrowser
from tests.rigs.running_portal import Letter, free_port, letters_in

pytestmark = pytest.mark.processes
PROJECT = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-m", "portal"]
SENDER, EDITOR = "dewi@selatbiru.example", "an.phan@post.example"


class Up:
    """All processes of one instance."""

    def __init__(self, folder: Path) -> None:
        bind = f"127.0.0.1:{free_port()}"
        self.folder, self.home = folder, f"http://{bind}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")},
            "PORTAL_ENV": "development",
            "PORTAL_BIND": bind,
            "PORTAL_INSTANCE_PATH": str(folder),
            "PORTAL_MAIL_HOLD_MINUTES": "0",
        }
        self.run("init")
        self.process = subprocess.Popen(
            [*PROGRAM, "up"],
            cwd=PROJECT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.watchdog = Timer(2 * PATIENCE, self.process.kill)
        self.watchdog.start()
        self.printed = self._until("Ready: ")

    def run(self, *words: str, typed: str = "") -> None:
        subprocess.run(
            [*PROGRAM, *words],
            cwd=PROJECT,
            env=self.environment,
            input=typed,
            text=True,
            check=True,
            timeout=PATIENCE,
        )

    def _until(self, words: str) -> list[str]:
        printed: list[str] = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            printed.append(line)
            if words in line:
                # What follows is not read any more; a pipe that is full would stop the processes.
                Timer(0, self.process.stdout.read).start()
                return printed
        raise AssertionError(f"{words!r} never came: {printed}")

    def letter(self, to: str, words: str, seconds: float = PATIENCE) -> Letter:
        """A mail that is here by then."""

        def found() -> list[Letter]:
            letters = letters_in(self.folder, to)
            return [letter for letter in letters if words.lower() in letter.subject.lower()]

        assert wait_until(lambda: bool(found()), seconds), f"no mail to {to} about {words!r}"
        return found()[-1]

    def end(self) -> int:
        self.process.terminate()
        code = self.process.wait(timeout=PATIENCE)
        self.watchdog.cancel()
        return code


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    started = Up(tmp_path)
    yield started
    started.process.kill()
    started.process.wait()
    started.watchdog.cancel()


def test_a_release_goes_its_way_through_all_processes_and_all_of_them_stop(up: Up) -> None:
    up.run(
        "user",
        "create",
        "--email",
        EDITOR,
        "--name",
        "An Phan",
        "--role",
        "editor",
        "--password-stdin",
        typed=PASSWORD,
    )
    sender, editor = PlainBrowser(up.home), PlainBrowser(up.home)
    sender.open("/account/register")
    who = {
        "name": "Dewi Anggraini",
        "email": SENDER,
        "password": PASSWORD,
        "organisation": "Selat Biru Ferries",
    }
    sender.fill("/register", who)
    sender.open(up.letter(SENDER, "confirm").link)
    sender.fill(button="Confirm")
    for browser, address in ((sender, SENDER), (editor, EDITOR)):
        browser.open("/account/login")
        browser.fill("/login", {"email": address, "password": PASSWORD})

    reference = sending.sent(sender)
    assert reference in up.letter(SENDER, "received").subject
    assert reference in up.letter(EDITOR, "to read").subject
    assert "Checks running" not in sending.review(editor, reference).text
    sending.claim(editor, reference)
    sending.approve(editor)
    assert PlainBrowser(up.home).open(f"/releases/{reference}").status == 200
    assert reference in up.letter(SENDER, "approved").subject

    assert up.end() == 0
    assert marked_processes(up.folder) == []
