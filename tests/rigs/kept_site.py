"""A whole portal with what it keeps, served in this process; changes are made by another connection."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from flask import Flask

from portal.app import create_app
from portal.commands.web import server_for
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.unit_of_work import silent
from tests.rigs.people import StandingClock
from tests.rigs.running_server import RunningServer


@dataclass
class Answered:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class KeptSite:
    """Asks over one socket that stays open, as a reader's browser does."""

    def __init__(self, app: Flask, running: RunningServer, clock: StandingClock) -> None:
        self.app, self.running, self.clock = app, running, clock
        self._link = http.client.HTTPConnection(*running.address, timeout=30)

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answered:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._link.request(method, path, headers=named)
        answer = self._link.getresponse()
        return Answered(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())

    def results(self) -> dict[str, int]:
        kitchen = self.running.server._kitchen
        return dict(kitchen.front.counted.results) if kitchen else {}

    def close(self) -> None:
        self._link.close()


@contextmanager
def kept_site(settings: Settings, database: Database, clock: StandingClock) -> Iterator[KeptSite]:
    chosen = replace(settings, database_url=database.url, bind="127.0.0.1:0", drain_seconds=0)
    app = create_app(chosen, clock=clock, doorbell=silent)
    server = server_for(app, chosen)
    running = RunningServer(server, server.here)
    running.start()
    site = KeptSite(app, running, clock)
    try:
        yield site
    finally:
        site.close()
        running.end()
        app.extensions["portal"].database.dispose()
