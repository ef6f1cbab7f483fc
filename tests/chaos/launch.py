"""Starts one process of the portal for `make chaos`: `python -m tests.chaos.launch up|web|worker|clock`.

The processes are the portal's own. Only waits are shorter than in life, so that ten minutes see a hundred kills, and
a planted bug is put in where CHAOS_PLANT names one. The product has no hook for either.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta

from portal.actions.mailing import delivering
from portal.actions.newsletter import sending
from portal.commands import machine_settings
from portal.commands import main as portal_main
from portal.commands.supervising import child
from portal.commands.supervising.console import Console
from portal.commands.supervising.supervisor import CommandOf, Supervisor, portal_commands

LEASE = timedelta(seconds=15)
"""Of a mail or a handful of letters under way; five minutes in life. What a killed one held goes on after it."""
LONGEST_WAIT = 1.0
OWN = ("web", "worker", "clock")


def main(name: str) -> int:
    if name == "up":
        return _supervise()
    delivering.LEASE = sending.LEASE = LEASE
    plant = os.environ.get("CHAOS_PLANT", "")
    if plant:
        from tests.chaos import planted

        planted.PLANTS[plant].put_in(name)
    sys.argv = ["portal", name]
    portal_main()
    return 0


def _supervise() -> int:
    child.FIRST_WAIT, child.LONGEST_WAIT = 0.2, LONGEST_WAIT
    settings = machine_settings()
    commands = portal_commands(settings) | {name: _launched(name) for name in OWN}
    return Supervisor(settings, Console(), commands).run()


def _launched(name: str) -> CommandOf:
    return lambda: [sys.executable, "-m", "tests.chaos.launch", name]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
