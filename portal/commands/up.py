"""Runs the whole portal in one terminal."""

from __future__ import annotations

import click

from portal.commands import machine_settings, no
from portal.commands.supervising.console import Console
from portal.commands.supervising.lock import CannotStart
from portal.commands.supervising.redis_server import ServerNotFound
from portal.commands.supervising.supervisor import Supervisor, portal_commands


@click.command()
def command() -> None:
    """Run web, worker, clock and the embedded Redis in one terminal. Ctrl-C stops them all."""
    settings = machine_settings()
    try:
        code = Supervisor(settings, Console(), portal_commands(settings)).run()
    except (CannotStart, ServerNotFound) as problem:
        no(str(problem))
    raise SystemExit(code)
