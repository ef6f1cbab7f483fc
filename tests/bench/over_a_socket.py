"""P1-P4 and P11: bytes over a socket against nginx with the same bytes, and readers while people log in.

The server has one core, whoever asks the other. nginx serves files that hold what the portal answered.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

from portal.app import create_app
from portal.front.keeping import MARK
from portal.settings import load_settings
from portal.storage.database import Database
from portal.storage.migrate import upgrade
from portal.storage.unit_of_work import UnitOfWork, silent
from tests.bench.plain_flask import plain_app
from tests.bench.ratios import ROUNDS, Ratio, in_turns
from tests.chaos.behind_a_proxy import nginx
from tests.chaos.fresh_pages import wait_for
from tests.rigs.many_releases import fill
from tests.rigs.running_portal import free_port

RELEASES, PAGES, SECONDS, SOCKETS = 1_000, 200, 2, 16
LOGINS = 20
WARM, SAMPLES = 5, 40
FEED = "/feeds/all.rss"


def run(url: str, root: Path, now) -> list[Ratio]:  # type: ignore[no-untyped-def]
    """The rows. Empty, with a sentence, where nginx or wrk is missing."""
    with UnitOfWork(_ready(url)) as work:
        fill(work, RELEASES, now)
        work.commit()
    rows = [_missed(url, root, now)]
    program, wrk = nginx(), shutil.which("wrk")
    if program is None or wrk is None:
        print(
            "bytes over a socket: left out, nginx or wrk is missing (Debian and Ubuntu: sudo apt install nginx-light wrk)"
        )
        return rows
    with ExitStack() as stack:
        port = stack.enter_context(_portal(url, root))
        paths = _addresses(port)
        files = stack.enter_context(_files(program, root, port, [*paths, FEED]))
        load = _Load(wrk, root)
        rows += [
            Ratio(
                "P1",
                f"an article of {PAGES} / the same file from nginx",
                load.ratios(port, files, paths),
                0.40,
            ),
            Ratio("P2", "a feed of 30 / the same file from nginx", load.ratios(port, files, [FEED]), 0.40),
            Ratio("P3", "304 / a 304 of nginx", load.unchanged(port, files, paths), 0.35),
            *_while_logging_in(load, port, paths),
        ]
    return rows


def _ready(url: str) -> Database:
    database = Database(url)
    upgrade(database)
    return database


def _missed(url: str, root: Path, now) -> Ratio:  # type: ignore[no-untyped-def]
    """Seconds of the processor: what a plain page takes, of what ours takes."""
    settings = replace(load_settings({"PORTAL_ENV": "development"}, root), database_url=url)
    ours = create_app(settings, doorbell=silent).test_client()
    plain = plain_app(url).test_client()
    address = "/releases/SEAP-2025-1000007/story-7"

    def cost(ask) -> float:  # type: ignore[no-untyped-def]
        for _ in range(WARM):
            ask()
        taken = []
        for _ in range(SAMPLES):
            began = time.process_time()
            ask()
            taken.append(time.process_time() - began)
        return median(taken)

    asked = {MARK: 1}  # as the server hands it over
    assert ours.get(address).status_code == 200
    figures = in_turns(
        lambda: 1 / cost(lambda: ours.get(address, environ_overrides=asked)),
        lambda: 1 / cost(lambda: plain.get("/SEAP-2025-1000007")),
    )
    return Ratio("P4", "an article that is not kept / a plain Flask and ORM page", figures, 1.0)


class _Load:
    """wrk: so many requests a second."""

    def __init__(self, program: str, root: Path) -> None:
        self._program, self._root = program, root

    def rate(self, port: int, paths: list[str], headers: dict[str, str] | None = None) -> float:
        return self.asked(port, paths, headers)[0]

    def asked(
        self, port: int, paths: list[str], headers: dict[str, str] | None = None
    ) -> tuple[float, float]:
        """Answers a second, and the 99th percentile in milliseconds. Raises SystemExit where an answer is an error."""
        script = self._root / "asked.lua"
        listed = ",".join(f'"{path}"' for path in paths)
        named = ",".join(f'["{name}"]={_quoted(value)}' for name, value in (headers or {}).items())
        script.write_text(
            f"local paths = {{{listed}}}\nlocal at = 0\n"
            "request = function() at = at % #paths + 1; "
            f'return wrk.format("GET", paths[at], {{{named}}}) end\n'
        )
        command = [self._program, "-t1", f"-c{SOCKETS}", f"-d{SECONDS}", "--latency", "-s", str(script)]
        said = subprocess.run(
            [*_on_core(1), *command, f"http://127.0.0.1:{port}/"], capture_output=True, text=True, check=True
        ).stdout
        if "Non-2xx" in said:
            raise SystemExit(f"wrk was answered with errors:\n{said}")
        slowest = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
        unit = {"us": 0.001, "ms": 1.0, "s": 1000.0}
        milliseconds = float(slowest[1]) * unit[slowest[2]] if slowest else 0.0
        rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
        return float(rate[1]) if rate else 0.0, milliseconds

    def ratios(self, port: int, files: int, paths: list[str]) -> list[float]:
        return in_turns(lambda: self.rate(port, paths), lambda: self.rate(files, paths))

    def unchanged(self, port: int, files: int, paths: list[str]) -> list[float]:
        """One address, since every ETag is another."""
        path = paths[0]
        ours, theirs = ({"If-None-Match": _etag(each, path)} for each in (port, files))
        return in_turns(lambda: self.rate(port, [path], ours), lambda: self.rate(files, [path], theirs))


def _while_logging_in(load: _Load, port: int, paths: list[str]) -> list[Ratio]:
    """Readers beside twenty who log in without end, against readers alone."""
    rates, slowest = [], []
    for _ in range(ROUNDS):
        alone, usual = load.asked(port, paths)
        with _logging_in(port):
            beside, worst = load.asked(port, paths)
        rates.append(beside / alone)
        slowest.append(worst / max(usual, 0.001))
    return [
        Ratio("P11", f"readers while {LOGINS} log in / alone", rates, 0.60),
        Ratio("P11", "their slowest hundredth / alone", slowest, 3.0, at_least=False),
    ]


@contextmanager
def _logging_in(port: int) -> Iterator[None]:
    over = threading.Event()

    def log_in() -> None:
        while not over.is_set():
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            form = "email=nobody%40post.example&password=purple+kettle+walks&csrf_token=x"
            kind = {"Content-Type": "application/x-www-form-urlencoded", **_cookie(port)}
            token = kind.pop("token", "x")
            link.request("POST", "/account/login", form.replace("csrf_token=x", f"csrf_token={token}"), kind)
            link.getresponse().read()
            link.close()

    people = [threading.Thread(target=log_in) for _ in range(LOGINS)]
    for person in people:
        person.start()
    try:
        yield
    finally:
        over.set()
        for person in people:
            person.join()


def _cookie(port: int) -> dict[str, str]:
    """A login page, opened: its cookie and its token."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request("GET", "/account/login")
    answer = link.getresponse()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.read().decode())
    cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    link.close()
    return {"Cookie": cookie, "token": token[1] if token else "x"}


@contextmanager
def _portal(url: str, root: Path) -> Iterator[int]:
    port = free_port()
    environ = os.environ | {
        "PORTAL_ENV": "development",
        "PORTAL_BIND": f"127.0.0.1:{port}",
        "PORTAL_INSTANCE_PATH": str(root),
        "PORTAL_DATABASE_URL": url,
        "PORTAL_LOGIN_LIMITS": "off",
        "PORTAL_DRAIN_SECONDS": "0",
    }
    quiet = subprocess.DEVNULL
    running = subprocess.Popen(
        [*_on_core(0), sys.executable, "-m", "portal", "web"], env=environ, stdout=quiet, stderr=quiet
    )
    try:
        wait_for(lambda: _asked(port, "/healthz").status == 200)
        yield port
    finally:
        running.terminate()
        running.wait(30)


@contextmanager
def _files(program: str, root: Path, port: int, paths: list[str]) -> Iterator[int]:
    """nginx on one core with a file for each address; its port."""
    folder, own = root / "files", free_port()
    for path in paths:
        file = folder / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_asked(port, path).read())
    configuration = root / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = " ".join(
        f"{name}_temp_path {root}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration.write_text(
        f"{user} daemon off; worker_processes 1; pid {root}/nginx.pid; error_log {root}/nginx.log;"
        f"events {{ worker_connections 512; }} http {{ access_log off; sendfile on; tcp_nopush on; {temporary}"
        f"keepalive_requests 100000000; server {{ listen 127.0.0.1:{own}; root {folder}; default_type text/html; }} }}"
    )
    running = subprocess.Popen(
        [*_on_core(0), program, "-c", str(configuration), "-p", str(root)], stderr=subprocess.DEVNULL
    )
    try:
        wait_for(lambda: _asked(own, paths[0]).status == 200)
        yield own
    finally:
        running.terminate()
        running.wait(30)


def _asked(port: int, path: str) -> http.client.HTTPResponse:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    link.request("GET", path)
    return link.getresponse()


def _addresses(port: int) -> list[str]:
    """Addresses of so many releases, from the lists."""
    found: list[str] = []
    address = "/releases/"
    while len(found) < PAGES and address:
        page = _asked(port, address).read().decode()
        found += [
            each
            for each in re.findall(r'href="(/releases/[A-Z]+-\d{4}-\w+/[\w-]+)"', page)
            if each not in found
        ]
        further = re.search(r'href="(/releases/\?after=[^"]+)"', page)
        address = further[1].replace("&amp;", "&") if further else ""
    return found[:PAGES]


def _etag(port: int, path: str) -> str:
    return _asked(port, path).getheader("ETag") or ""


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "\\'") + "'"


def _on_core(number: int) -> list[str]:
    """The words before a command that keep it on one core, where that can be had."""
    program = shutil.which("taskset")
    return [program, "-c", str(number)] if program and (os.cpu_count() or 1) > number else []
