"""Somebody at a browser: opens a page, takes the token from its form, and sends it."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_KEY = re.compile(r'name="idempotency_key" value="[^"]+"')


def without_tokens(page: str) -> str:
    """A page as it may be compared with another: its forms have tokens signed with the second, and a key for each drawing."""
    return _KEY.sub('name="idempotency_key"', _TOKEN.sub('name="csrf_token"', page))


class Visitor:
    """One browser with its own cookies."""

    def __init__(self, app: Flask, *, address: str = "198.51.100.7") -> None:
        self.client: FlaskClient = app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = address
        self._cookie = app.config["SESSION_COOKIE_NAME"]

    def open(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def token(self, page: str) -> str:
        """The token of the forms on a page."""
        answer = self.open(page)
        found = _TOKEN.search(answer.text)
        assert found is not None, f"{page} answers {answer.status_code} and has no form"
        return found[1]

    def send(self, path: str, page: str = "", **fields: Any) -> TestResponse:
        """Fill in the form on `page` (the address itself unless named) and send it to `path`."""
        return self.client.post(path, data={"csrf_token": self.token(page or path)} | fields)

    def log_in(self, email: str, password: str, **more: str) -> TestResponse:
        return self.send("/account/login", email=email, password=password, **more)

    @property
    def cookie(self) -> str:
        found = self.client.get_cookie(self._cookie)
        return found.value if found else ""

    @cookie.setter
    def cookie(self, value: str) -> None:
        self.client.set_cookie(self._cookie, value)
