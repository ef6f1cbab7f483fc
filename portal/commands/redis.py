"""Runs the embedded Redis-compatible server, for whom `portal up` is too much."""

from __future__ import annotations

import os

import click

from portal.commands import machine_settings, no
from portal.commands.supervising.redis_server import ServerNotFound, prepare_folders, server_command


@click.command(hidden=True)
def command() -> None:
    """Run the embedded Redis-compatible server in this process."""
    settings = machine_settings()
    if not settings.redis_is_embedded:
        no("PORTAL_REDIS_URL is set, so there is nothing to start here.")
    try:
        line = server_command(settings)
    except ServerNotFound as problem:
        no(str(problem))
    prepare_folders(settings)
    os.execv(line[0], line)
