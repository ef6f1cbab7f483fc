"""A supervisor over stand-ins, as a process of its own: `python -m tests.rigs.supervised ROOT BIND [PART…]`.

The stand-ins start at once and need no database, so what is tested is the supervisor alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from portal.commands.supervising.console import Console
from portal.commands.supervising.lock import CannotStart
from portal.commands.supervising.redis_server import server_command
from portal.commands.supervising.supervisor import Supervisor
from portal.settings import Settings, load_settings

READY_WEB = """
import http.server, os, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(str(os.getpid()).encode())
    def log_message(self, *parts): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
BROKEN_WEB = "import sys; print('no module named web'); sys.exit(3)"
WORKER_WITH_CHILD = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("worker child", child.pid, flush=True)
child.wait()
"""
PREPARATIONS = {
    "prepare": "print('the logins')",
    "prepare-badly": "import sys; print('the disk is full'); sys.exit(1)",
}
CHATTY_CLOCK = "while True: print('tick ' * 200, flush=True)"


def parts(settings: Settings) -> dict[str, Callable[[], list[str]]]:
    port = str(settings.bind_port)
    return {
        "redis": lambda: server_command(settings),
        "web": lambda: [sys.executable, "-c", READY_WEB, port],
        "broken": lambda: [sys.executable, "-c", BROKEN_WEB],
        "worker": lambda: [sys.executable, "-c", WORKER_WITH_CHILD],
        "clock": lambda: [sys.executable, "-c", CHATTY_CLOCK],
    }


def preparation(names: tuple[str, ...]) -> Callable[[], list[str]] | None:
    code = next((PREPARATIONS[name] for name in names if name in PREPARATIONS), None)
    return (lambda: [sys.executable, "-c", code]) if code else None


def main(root: str, bind: str, *names: str) -> int:
    settings = load_settings({"PORTAL_ENV": "development", "PORTAL_BIND": bind}, Path(root))
    known = parts(settings)
    chosen = {"web" if name == "broken" else name: known[name] for name in names if name in known}
    try:
        return Supervisor(settings, Console(), chosen, preparation(names)).run()
    except CannotStart as problem:
        print(problem)
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
