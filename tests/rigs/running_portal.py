"""A portal that really runs: the production server on a free port, its own folder, mail as files, time in a file.

The worker's and the clock's work is done in line by `tick()`, so that no test waits for a process.
"""

from __future__ import annotations

import email
import email.policy
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from portal.actions.accounts import users
from portal.actions.accounts.users import NewUser
from portal.actions.portal import Portal
from portal.app import create_app
from portal.commands.web import server_for
from portal.settings import Settings, load_settings
from portal.storage.unit_of_work import silent
from tests.rigs.people import PASSWORD
from tests.rigs.plain_browser import PlainBrowser
from tests.rigs.running_server import RunningServer
from tests.rigs.sqlite import copied
from tests.rigs.web_page import Page
from workers import clock as clock_process
from workers.bench import bench_for

BEGIN = datetime.fromisoformat("2026-03-24T11:00:00+08:00")
LINK = re.compile(r"https?://\S+/account/(?:confirm|reset|invite)/\S+")


@dataclass(frozen=True)
class Letter:
    """A mail as it lies in the folder."""

    to: str
    subject: str
    text: str
    html: str
    message: EmailMessage

    @property
    def link(self) -> str:
        """The address with a token that it carries."""
        found = LINK.search(self.text)
        assert found, f"no link in {self.subject!r}"
        return found[0]


class RunningPortal:
    """What a test does with it: move time, let waiting work be done, read the mail, come as a visitor."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.home = settings, settings.base_url.rstrip("/")
        self.now = BEGIN
        self._clock = clock_process.ClockProcess(bench_for(settings), "journeys")
        self._clock.parts.pop("queues")  # there is no Redis here

    @property
    def portal(self) -> Portal:
        return self._clock.bench.portal

    def move(self, **by: float) -> None:
        """Put the clock forward; what is due then happens at the next tick."""
        self.set_time(self.now + timedelta(**by))

    def set_time(self, now: datetime) -> None:
        write_time(self.settings, now)
        self.now = now

    def tick(self) -> None:
        """Everything that waits is done: texts examined, mails written, what is due recorded."""
        assert self._clock.tick_if_mine()
        self._clock.wait_for_mails()

    def letters(self, to: str = "") -> list[Letter]:
        """The mails, oldest first."""
        return letters_in(self.settings.instance_path, to)

    def letter(self, to: str, words: str = "") -> Letter:
        """The newest mail to somebody with these words in its subject."""
        self.tick()
        found = [letter for letter in self.letters(to) if words.lower() in letter.subject.lower()]
        assert found, f"no mail to {to} about {words!r}, only {[each.subject for each in self.letters()]}"
        return found[-1]

    def visitor(self) -> PlainBrowser:
        return PlainBrowser(self.home)

    def member(self, address: str, *, name: str, organisation: str, website: str = "") -> PlainBrowser:
        """Somebody who registered by the pages and is logged in."""
        visitor = self.visitor()
        visitor.open("/account/register")
        answers = {"name": name, "email": address, "password": PASSWORD}
        visitor.fill("/register", answers | {"organisation": organisation, "website": website})
        assert visitor.went == [(303, "/account/register/sent")]
        visitor.open(self.letter(address, "confirm").link)
        assert "/account/login" in visitor.fill(button="Confirm").url
        self.log_in(visitor, address)
        return visitor

    def editor(
        self, address: str, *, name: str, role: str = "editor", organisation: str = ""
    ) -> PlainBrowser:
        """Somebody whom an operator made, logged in."""
        wanted = NewUser(address, name, role, organisation=organisation, password=PASSWORD)
        users.create_user(self.portal, wanted, now=self.now)
        visitor = self.visitor()
        self.log_in(visitor, address)
        return visitor

    def log_in(self, visitor: PlainBrowser, address: str) -> Page:
        if "/account/login" not in visitor.page.url:
            visitor.open("/account/login")
        return visitor.fill("/login", {"email": address, "password": PASSWORD})

    def close(self) -> None:
        self._clock.let_go()


@contextmanager
def running_portal(folder: Path, template: Path, *, mail_hold_minutes: int = 0) -> Iterator[RunningPortal]:
    """A portal with an empty database, answering on loopback until the block ends."""
    settings = load_settings(
        {
            "PORTAL_ENV": "development",
            "PORTAL_BIND": f"127.0.0.1:{free_port()}",
            "PORTAL_INSTANCE_PATH": str(folder),
            "PORTAL_DATABASE_URL": copied(template, folder / "portal.sqlite3"),
            "PORTAL_TEST_CLOCK": str(folder / "clock"),
            "PORTAL_DUTY_EMAIL": "duty@post.example",
            "PORTAL_MAIL_HOLD_MINUTES": str(mail_hold_minutes),
            "PORTAL_DRAIN_SECONDS": "0",
        },
        folder,
    )
    write_time(settings, BEGIN)
    with _answering(settings), _impatient():
        running = RunningPortal(settings)
        try:
            yield running
        finally:
            running.close()


def write_time(settings: Settings, now: datetime) -> None:
    assert settings.test_clock is not None
    fresh = settings.test_clock.with_suffix(".new")
    fresh.write_text(now.isoformat())
    fresh.replace(settings.test_clock)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _answering(settings: Settings) -> Iterator[None]:
    app = create_app(settings, doorbell=silent)
    server = server_for(app, settings)
    running = RunningServer(server, server.here)
    running.start()
    try:
        yield
    finally:
        running.end()
        app.extensions["portal"].database.dispose()


@contextmanager
def _impatient() -> Iterator[None]:
    """The clock leaves a while for the workers; here there are none."""
    names = ("RELAY_AFTER", "DELIVER_AFTER", "EXAMINE_AFTER")
    usual = {name: getattr(clock_process, name) for name in names}
    try:
        for name in names:
            setattr(clock_process, name, 0.0)
        yield
    finally:
        for name, seconds in usual.items():
            setattr(clock_process, name, seconds)


def letters_in(folder: Path, to: str = "") -> list[Letter]:
    """The mails of an instance, oldest first; of one tick, which sends several at once, in the order of their making."""
    paths = sorted((folder / "mail").glob("*.eml"), key=lambda path: int(path.stem.rpartition("-")[2]))
    letters = sorted(map(_letter, paths), key=lambda letter: letter.message["Date"].datetime)
    return [letter for letter in letters if not to or letter.to == to]


def _letter(path: Path) -> Letter:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    return Letter(
        to=str(message["X-Envelope-To"]).strip("<>"),
        subject=str(message["Subject"]),
        text=text.get_content() if text else "",
        html=html.get_content() if html else "",
        message=message,
    )
