"""A browser that runs no scripts, over real HTTP: keeps cookies, follows redirects, fills the forms that it finds."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from tests.rigs.patience import PATIENCE
from tests.rigs.web_page import Form, Page, read

MOST_REDIRECTS = 6
REDIRECTS = (301, 302, 303)


class _StandStill(HTTPRedirectHandler):
    def redirect_request(self, *_request: Any) -> None:
        """Redirects are followed by the browser below, which remembers them."""


class PlainBrowser:
    """`page` is what its person looks at; `went` the redirects that led there as (status, address)."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.cookies = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.cookies), _StandStill)
        self.page = Page("", 0, "", {})
        self.went: list[tuple[int, str]] = []

    def open(self, address: str) -> Page:
        return self._arrive(Request(urljoin(self.home, address)))

    def follow(self, words: str) -> Page:
        """Go where a link of the page leads."""
        return self.open(self.page.link(words))

    def send(self, form: Form, button: str = "") -> Page:
        """Press a button of a form that may stand on an older page, as in another tab."""
        pressed = form.button(button) if form.buttons else None
        return self.post(form.action, form.entries(pressed))

    def fill(self, ending: str = "", values: Mapping[str, str] | None = None, *, button: str = "") -> Page:
        """Fill a form of the page in front and press its button."""
        form = self.page.form(ending, button=button)
        return self.send(form.fill(values or {}), button)

    def post(self, address: str, fields: list[tuple[str, str]] | dict[str, str]) -> Page:
        body = urlencode(list(fields.items()) if isinstance(fields, dict) else fields).encode()
        return self._arrive(Request(urljoin(self.home, address), data=body))

    def raw(
        self, address: str, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Mapping[str, str], bytes]:
        """An answer as it is, not followed and not read as a page."""
        return self._ask(Request(urljoin(self.home, address), headers=dict(headers or {})))

    def _arrive(self, request: Request) -> Page:
        self.went = []
        for _ in range(MOST_REDIRECTS):
            status, headers, body = self._ask(request)
            if status not in REDIRECTS:
                self.page = read(request.full_url, status, body.decode(), headers)
                return self.page
            target = urljoin(request.full_url, headers["Location"])
            self.went.append((status, target.removeprefix(self.home)))
            request = Request(target)
        raise AssertionError(f"no end of redirects: {self.went}")

    def _ask(self, request: Request) -> tuple[int, Mapping[str, str], bytes]:
        try:
            with self._opener.open(request, timeout=PATIENCE) as answer:
                return answer.status, answer.headers, answer.read()
        except HTTPError as answer:
            with answer:
                return answer.code, answer.headers, answer.read()
