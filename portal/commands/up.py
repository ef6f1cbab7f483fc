"""Runs the whole portal in one terminal."""

from __future__ import annotations

import click

from portal.commands import no, starting_settings
from portal.commands.supervising.console import console_for
from portal.commands.supervising.lock import CannotStart
from portal.commands.supervising.redis_server import ServerNotFound
from portal.commands.supervising.supervisor import Supervisor, portal_command, portal_commands


@click.command()
@click.option(
    "--prepare", is_flag=True, hidden=True, help="First do what `make run` does before the first page."
)
def command(prepare: bool) -> None:
    """Run web, worker, clock and the embedded Redis in one terminal. Ctrl-C stops them all."""
    settings = starting_settings()
    preparation = portal_command("prepare") if prepare else None
    console = console_for(is_production=settings.is_production)
    try:
        code = Supervisor(settings, console, portal_commands(settings), preparation).run()
    except (CannotStart, ServerNotFound) as problem:
        no(str(problem))
    raise SystemExit(code)
