"""Senders and editors at their browsers, who do not know that the portal is being shaken."""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import TypeVar
from urllib.parse import urlencode, urljoin
from urllib.request import Request

from portal.settings import Settings
from tests.chaos.history import OK, REFUSED, UNKNOWN, History
from tests.rigs.people import PASSWORD
from tests.rigs.plain_browser import PlainBrowser
from tests.rigs.sending import DECLARED
from tests.rigs.web_page import Page

T = TypeVar("T")
AWAY = (OSError, HTTPException)
PAUSE = 0.1
RECORDED = {
    "identity_person": "Dewi Anggraini",
    "identity_number": "+65 6123 4567",
    "identity_source": "the company register",
    "consent_note": "Consent was seen.",
    "check_note": "Checked with the registry.",
}
OUTCOMES = ("approve", "approve later", "request_changes", "reject")
Fields = list[tuple[str, str]]


class Stopped(Exception):  # what happened
    """The run is over."""


class Someone(threading.Thread):
    """A person with a browser. When the portal is away they wait a moment and try again, as people do."""

    def __init__(self, settings: Settings, address: str, history: History, luck: random.Random) -> None:
        super().__init__(daemon=True, name=address)
        self.settings, self.address, self.history, self.luck = settings, address, history, luck
        self.browser = PlainBrowser(settings.base_url.rstrip("/"))
        self.over = threading.Event()
        self.problem = ""

    def run(self) -> None:
        try:
            self.log_in()
            self.work()
        except Stopped:
            return
        except Exception as problem:  # noqa: BLE001  # told at the end, where everybody looks
            self.problem = f"{self.address}: {type(problem).__name__}: {problem}"

    def work(self) -> None:
        raise NotImplementedError

    def log_in(self) -> None:
        def once() -> bool:
            page = self.browser.open("/account/login")
            if "/account/login" not in page.url:
                return True  # the answer to the try before was lost, the login was not
            page = self.browser.fill("/login", {"email": self.address, "password": PASSWORD})
            return "/account/login" not in page.url

        self.patiently(lambda: once() or None)

    def see(self, address: str) -> Page:
        """A page that is there, however long it takes."""

        def look() -> Page | None:
            page = self.browser.open(address)
            return page if page.status < 500 else None

        return self.patiently(look)

    def patiently(self, ask: Callable[[], T | None]) -> T:
        while not self.over.is_set():
            try:
                answer = ask()
            except AWAY:
                answer = None
            if answer is not None:
                return answer
            self.over.wait(PAUSE)
        raise Stopped

    def press(self, action: str, fields: Fields) -> str:
        """One POST: ok, refused, or unknown where no answer came. Waits for as long as nobody even listens."""
        return self.patiently(lambda: self._press_once(action, fields))

    def _press_once(self, action: str, fields: Fields) -> str | None:
        request = Request(urljoin(self.browser.home, action), data=urlencode(fields).encode())
        try:
            status, _headers, _body = self.browser._ask(request)
        except AWAY as problem:
            nobody_listens = isinstance(getattr(problem, "reason", None), ConnectionRefusedError)
            return None if nobody_listens else UNKNOWN
        return OK if status == 303 else UNKNOWN if status >= 500 else REFUSED


class Sender(Someone):
    """Sends one draft after the other; an answer that did not come is asked for again with the same key."""

    def __init__(self, *parts, drafts: list[str], waiting: queue.Queue[str]) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*parts)
        self.drafts, self.waiting = drafts, waiting

    def work(self) -> None:
        for reference in self.drafts:
            if self.over.is_set():
                return
            self.send(reference)
            self.over.wait(self.luck.uniform(0.3, 1.5))

    def send(self, reference: str) -> None:
        began, base = time.time(), f"/desk/releases/{reference}"
        form = self.see(f"{base}/edit/check").form("/submit").fill(DECLARED)
        fields, attempts = form.entries(form.button()), 1
        while (outcome := self.press(form.action, fields)) == UNKNOWN and not self.over.is_set():
            self.over.wait(PAUSE)
            attempts += 1
        self.history.note(reference, "submit", outcome, began, attempts)
        if outcome != OK:
            return
        for _ in range(self.luck.choice((1, 1, 1, 2))):  # two editors may find the same one
            self.waiting.put(reference)
        if self.luck.random() < 0.15:
            self.withdraw(reference, base)

    def withdraw(self, reference: str, base: str) -> None:
        began = time.time()
        page = self.see(base)
        form = next((form for form in page.forms if form.action.endswith("/withdraw")), None)
        if form is not None:
            self.history.note(reference, "withdraw", self.press(form.action, form.entries()), began)


class Editor(Someone):
    """Claims what waits and decides on it."""

    def __init__(self, *parts, waiting: queue.Queue[str]) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*parts)
        self.waiting = waiting

    def work(self) -> None:
        while not self.over.is_set():
            try:
                reference = self.waiting.get(timeout=PAUSE)
            except queue.Empty:
                continue
            self.decide(reference)

    def decide(self, reference: str) -> None:
        base = f"/newsroom/releases/{reference}"
        claimed = self._form(base, "/claim")
        if claimed is None or self.press(*claimed) == REFUSED:
            return
        bar = self._form(base, "/decide")
        if bar is None:
            return
        began, outcome = time.time(), self.luck.choice(OUTCOMES)
        answer = self.press(bar[0], self._filled(bar[1], outcome))
        self.history.note(reference, outcome.split()[0], answer, began)

    def _form(self, address: str, ending: str) -> tuple[str, Fields] | None:
        page = self.see(address)
        form = next((form for form in page.forms if form.action.endswith(ending)), None)
        return (form.action, form.entries()) if form else None

    def _filled(self, fields: Fields, outcome: str) -> Fields:
        kept = [(name, value) for name, value in fields if name in ("csrf_token", "version", "revision_hash")]
        if outcome.startswith("approve"):
            later = [("publish_at", self._next_minute())] if outcome == "approve later" else []
            return [*kept, ("decision", "approve"), *RECORDED.items(), *later]
        said = [("reasons", "WEAK_LEAD"), ("message", "Say what is new.")]
        return [*kept, ("decision", outcome), *said]

    def _next_minute(self) -> str:
        at = datetime.now(UTC) + timedelta(seconds=90)
        return at.astimezone(self.settings.zone).strftime("%Y-%m-%dT%H:%M")
