"""The portal that is shaken: a folder and ports of its own, real processes under the real supervisor, people in it."""

from __future__ import annotations

import email
import email.policy
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from portal.actions.accounts.users import NewUser, create_user
from portal.actions.portal import Portal
from portal.clock import SystemClock
from portal.commands.supervising.leftovers import end_leftovers, end_with_parent
from portal.rules.permissions import Person
from portal.settings import Settings, load_settings
from portal.storage.database import Database
from portal.storage.migrate import upgrade
from portal.storage.queries import people
from tests.rigs.desk import Desk
from tests.rigs.desk import People as Cast
from tests.rigs.mail_sink import Sink, running_sink
from tests.rigs.people import PASSWORD
from tests.rigs.postgres import running_postgres
from tests.rigs.running_portal import free_port

ROOT = Path(__file__).resolve().parents[2]
SENDERS = ("dewi@selat.example", "sok@lotus.example", "aye@rovers.example")
EDITORS = ("ed@post.example", "vera@post.example")
UNTIL_READY = 60.0
SYLLABLES = "ba ko ri ten mu sal ga nor vi lu pan dor ke shi mo ta ran el is tu".split()


@dataclass(frozen=True)
class Kind:
    """On which database, by which way of mailing, and with which bug on purpose."""

    engine: str = "sqlite"
    mail: str = "file"
    plant: str = ""

    def __str__(self) -> str:
        where = f"{self.engine}, mail by {self.mail}"
        return f"planted bug: {self.plant}" if self.plant else f"the portal as it is, {where}"


class Stage:
    """`folder` holds everything; `close` ends every process and removes it."""

    def __init__(self, kind: Kind, **more: str) -> None:
        self.kind, self._rigs = kind, ExitStack()
        self.folder = Path(tempfile.mkdtemp(prefix="portal-chaos-", dir="/tmp"))
        self.sink = Sink()
        self.environ = self._environ() | more
        self.settings: Settings = load_settings(self.environ, ROOT)
        self._process: subprocess.Popen[bytes] | None = None
        self._log = (self.folder / "portal.log").open("ab")
        database = Database(self.settings.database_url)
        upgrade(database)
        self.portal = Portal(database, self.settings)

    def _environ(self) -> dict[str, str]:
        environ = {
            "PORTAL_ENV": "development",
            "PORTAL_BIND": f"127.0.0.1:{free_port()}",
            "PORTAL_INSTANCE_PATH": str(self.folder),
            "PORTAL_LOGIN_LIMITS": "off",
            "PORTAL_MAIL_HOLD_MINUTES": "0",
            "PORTAL_MIN_SCHEDULE_MINUTES": "0",
        }
        if self.kind.engine == "postgresql":
            server = self._rigs.enter_context(running_postgres())
            environ["PORTAL_DATABASE_URL"] = server.url(server.new_database())
        if self.kind.mail == "smtp":
            environ["PORTAL_MAIL_URL"] = self._rigs.enter_context(running_sink(self.sink))
        return environ

    def mails(self) -> Counter[str]:
        """What went out, by Message-ID: files, or what the mail server took."""
        if self.kind.mail == "smtp":
            return Counter(self.sink.all_ids)
        folder = self.settings.mail_folder
        return Counter(_message_id(path) for path in folder.glob("*.eml")) if folder else Counter()

    def people(self) -> None:
        """Three houses with a sender each, and a newsroom of two."""
        now = SystemClock().now()
        for address in SENDERS:
            house = address.partition("@")[2]
            create_user(self.portal, NewUser(address, "Sender", "member", house, PASSWORD), now=now)
        for address in EDITORS:
            create_user(self.portal, NewUser(address, "Editor", "editor", "", PASSWORD), now=now)

    def drafts(self, address: str, count: int, luck: random.Random) -> list[str]:
        """Whole drafts of one sender, each with a story of its own, ready to be sent."""
        person = self.person(address)
        desk = Desk(self.portal, Cast(*[person] * 8), SystemClock().now())
        return [desk.draft("community", by=person, body=story(luck)) for _ in range(count)]

    def person(self, address: str) -> Person:
        with self.portal.database.reading() as session:
            user = people.by_email(session, address)
            assert user is not None
            return people.person(session, user)

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.launch", "up"],
            cwd=ROOT,
            env=os.environ | self.environ | {"CHAOS_PLANT": self.kind.plant},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )

    def children(self, parent: int | None = None) -> list[int]:
        """The processes right under the supervisor, or under another."""
        number = parent if parent is not None else self._pid()
        try:
            return [int(each) for each in Path(f"/proc/{number}/task/{number}/children").read_text().split()]
        except OSError:
            return []

    def find(self, name: str) -> int | None:
        """The process of that name, if it runs now."""
        for child in self.children():
            words = _command_line(child)
            if words and (words[-1] == name or (name == "redis" and "--unixsocket" in words)):
                return child
        return None

    def kill_everything(self) -> None:
        """The supervisor too; it is started again as a person would."""
        everyone = [self._pid(), *self.children()]
        for number in everyone:
            kill(number)
        if self._process is not None:
            self._process.wait()
        self.start()

    def is_ready(self) -> bool:
        connection = HTTPConnection(self.settings.bind_host, self.settings.bind_port, timeout=2)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def whole(self) -> bool:
        """Does everything run?"""
        return all(self.find(name) for name in ("redis", "web", "worker", "clock")) and self.is_ready()

    def stop(self) -> None:
        """As Ctrl-C does; nothing moves any more afterwards."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        end_leftovers(self.folder, patience=1)

    def close(self) -> None:
        self.stop()
        self.portal.database.dispose()
        self._log.close()
        self._rigs.close()

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _pid(self) -> int:
        return self._process.pid if self._process is not None else 0


def story(luck: random.Random) -> str:
    """Words that no other story has, or the search for near copies would have more to do than in life."""
    words = ["".join(luck.choices(SYLLABLES, k=luck.randint(1, 4))) for _ in range(160)]
    sentences = [" ".join(words[start : start + 16]).capitalize() + "." for start in range(0, 160, 16)]
    return "\n\n".join(sentences)


def kill(number: int) -> bool:
    """SIGKILL; False where it had ended already."""
    try:
        os.kill(number, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def runs(number: int) -> bool:
    """Is it there, and more than a dead process that nobody has buried?"""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(holds: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def _message_id(path: Path) -> str:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return str(message["Message-ID"])


def _command_line(number: int) -> list[str]:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes().decode().rstrip("\0").split("\0")
    except OSError:
        return []
