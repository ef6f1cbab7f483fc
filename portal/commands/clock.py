"""Does what is due, and whatever no worker picked up."""

from __future__ import annotations

import click

from portal.commands import starting_settings


@click.command()
def command() -> None:
    """Do what is due: publish, remind, deliver what was left."""
    settings = starting_settings()
    from workers.clock import run_clock

    run_clock(settings)
