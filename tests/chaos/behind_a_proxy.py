"""Two processes behind nginx: nothing fails while they are restarted in turn, and its cache forgets what was killed.

The proxy is an ordinary one: keep-alive to both, the next one where one does not answer, and a cache that obeys headers.
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import text

from portal.storage.database import Database
from tests.chaos.fresh_pages import furnished, wait_for
from tests.rigs.running_portal import free_port
from tests.rigs.sqlite import copied, migrated_file

RESTARTS, REQUESTS, CLIENTS = 6, 5000, 8
KILLS = 20
GONE_WITHIN = 1.5
"""Seconds. A second of the cache, and what a busy machine needs to answer."""
PATHS = ("/", "/feeds/all.rss", "/releases/", "/account/login")


def nginx() -> str | None:
    """The program, which Debian puts where only root looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def run_behind_a_proxy() -> bool:
    """Prints what failed and how long a killed text stood in the cache; whether nothing did and it was gone in time."""
    program = nginx()
    if program is None:
        print("behind a proxy: left out, there is no nginx (Debian and Ubuntu: sudo apt install nginx-light)")
        return True
    with tempfile.TemporaryDirectory(prefix="portal-proxy-") as folder, ExitStack() as stack:
        site = _Site(Path(folder), program, stack)
        restarts, kills = _restarted(site), _killed(site)
    print(
        f"behind a proxy: {RESTARTS} restarts, {sum(restarts.values())} requests, {restarts['failed']} failed"
    )
    print(f"behind a cache: {KILLS} kills, gone after {max(kills):.2f} s at the most")
    return restarts["failed"] == 0 and max(kills) <= GONE_WITHIN


class _Site:
    """The processes, the proxy before them, and the rows behind."""

    def __init__(self, folder: Path, program: str, stack: ExitStack) -> None:
        url = copied(migrated_file(folder / "template.sqlite3"), folder / "portal.sqlite3")
        self.database = Database(url)
        self.names = furnished(self.database)
        self.ports = [free_port(), free_port()]
        self.port = free_port()
        self.environ = {
            "PORTAL_ENV": "development",
            "PORTAL_INSTANCE_PATH": str(folder),
            "PORTAL_DATABASE_URL": url,
            "PORTAL_BASE_URL": f"http://127.0.0.1:{self.port}",
            "PORTAL_DRAIN_SECONDS": "1",
            "PORTAL_PROXY_HOPS": "1",
        }
        self.processes = [self.start(port) for port in self.ports]
        stack.callback(self.end)
        for port in self.ports:
            wait_for(lambda port=port: status(port, "/healthz") == 200)
        stack.enter_context(_proxy(folder, program, self.port, self.ports))
        wait_for(lambda: status(self.port, "/") == 200)

    def start(self, port: int) -> subprocess.Popen[bytes]:
        command, quiet = [sys.executable, "-m", "portal", "web"], subprocess.DEVNULL
        environ = os.environ | self.environ | {"PORTAL_BIND": f"127.0.0.1:{port}"}
        return subprocess.Popen(command, env=environ, stdout=quiet, stderr=quiet)

    def restart(self, number: int) -> None:
        """As an operator does it: the old one is told, and the new one is waited for."""
        self.processes[number].send_signal(signal.SIGTERM)
        self.processes[number].wait(30)
        self.processes[number] = self.start(self.ports[number])
        wait_for(lambda: status(self.ports[number], "/readyz") == 200)

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()
        self.database.dispose()


def _restarted(site: _Site) -> Counter[str]:
    """How many requests came to what, while the processes were restarted in turn."""
    found: Counter[str] = Counter()
    over, lock = threading.Event(), threading.Lock()

    def ask() -> None:
        mine: Counter[str] = Counter()
        link = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
        while not over.is_set():
            for path in PATHS:
                try:
                    link.request("GET", path)
                    answer = link.getresponse()
                    answer.read()
                    mine["answered" if answer.status == 200 else "failed"] += 1
                except (OSError, http.client.HTTPException):
                    mine["failed"] += 1
                    link.close()
        with lock:
            found.update(mine)

    clients = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for number in range(RESTARTS):
        site.restart(number % len(site.ports))
    over.set()
    for client in clients:
        client.join()
    return found


def _killed(site: _Site) -> list[float]:
    """Seconds for which a killed text stood in the cache, each time."""
    page = f"/releases/{site.names['news']}/{site.names['slug']}"
    took = []
    for _ in range(KILLS):
        _said(site, "UPDATE releases SET publication = 'live', removed_at = NULL WHERE reference = '{news}'")
        wait_for(lambda: site.names["headline"] in body(site.port, page))
        _said(
            site,
            "UPDATE releases SET publication = 'killed', removed_at = live_from WHERE reference = '{news}'",
        )
        began = time.monotonic()
        wait_for(lambda: site.names["headline"] not in body(site.port, page))
        took.append(time.monotonic() - began)
    return took


def _said(site: _Site, statement: str) -> None:
    with site.database.engine.begin() as connection:
        connection.execute(text(statement.format(**site.names)))


def status(port: int, path: str) -> int:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        link.request("GET", path)
        return link.getresponse().status
    finally:
        link.close()


def body(port: int, path: str) -> str:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        link.request("GET", path)
        return link.getresponse().read().decode()
    finally:
        link.close()


@contextmanager
def _proxy(folder: Path, program: str, port: int, behind: list[int]) -> Iterator[None]:
    servers = "".join(f"server 127.0.0.1:{each} max_fails=0;" for each in behind)
    configuration = folder / "nginx.conf"
    configuration.write_text(f"""
{"user root;" if os.geteuid() == 0 else ""}
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 512; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  proxy_cache_path {folder}/cache keys_zone=pages:10m;
  upstream portal {{ {servers} keepalive 16; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://portal; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header X-Forwarded-Host $http_host;
      proxy_cache pages; proxy_cache_revalidate on; proxy_next_upstream error timeout;
    }}
  }}
}}
""")
    running = subprocess.Popen(
        [program, "-c", str(configuration), "-p", str(folder)], stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        running.terminate()
        running.wait(30)
