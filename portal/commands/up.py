"""Runs the whole portal in one terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from portal.commands import NOT_READY, init, no, starting_settings
from portal.commands.supervising.console import console_for
from portal.commands.supervising.lock import CannotStart
from portal.commands.supervising.redis_server import ServerNotFound
from portal.commands.supervising.supervisor import Supervisor, portal_command, portal_commands

if TYPE_CHECKING:
    from portal.settings import Settings


@click.command()
@click.option(
    "--prepare", is_flag=True, hidden=True, help="First do what `make run` does before the first page."
)
def command(prepare: bool) -> None:
    """Run web, worker, clock and the embedded Redis in one terminal. Ctrl-C stops them all."""
    settings = starting_settings()
    if not prepare:
        _require_a_database(settings)
    preparation = portal_command("prepare") if prepare else None
    console = console_for(is_production=settings.is_production)
    try:
        code = Supervisor(settings, console, portal_commands(settings), preparation).run()
    except (CannotStart, ServerNotFound) as problem:
        no(str(problem))
    raise SystemExit(code)


def _require_a_database(settings: Settings) -> None:
    """One that was never made, or is of an earlier version, is made in development; elsewhere a sentence says what to do.

    A database that does not answer may come later: the processes wait for it.
    """
    from sqlalchemy.exc import DBAPIError

    from portal.storage import migrate
    from portal.storage.database import Database

    database = Database(settings.database_url)
    try:
        is_ready = migrate.present(database) >= migrate.newest()
    except DBAPIError:
        return
    finally:
        database.dispose()
    if is_ready:
        return
    if settings.is_production:
        no(NOT_READY)
    init.make_or_update()
