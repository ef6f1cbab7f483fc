"""Works off what the queues ring for."""

from __future__ import annotations

import click

from portal.commands import starting_settings


@click.command()
def command() -> None:
    """Examine, publish and mail what has been rung for."""
    settings = starting_settings()
    from workers.run import run_worker

    run_worker(settings)
