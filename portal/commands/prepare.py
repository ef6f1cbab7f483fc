"""What `make run` needs before the first page: the database, and on a new development machine something to look at.

One process for both, because loading the libraries is what takes the time.
"""

from __future__ import annotations

import click

from portal.commands import machine_settings
from portal.commands.demo import command as demo
from portal.commands.init import command as init


@click.command(hidden=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Bring the database up to date, and in development load the demo data where it is empty."""
    ctx.invoke(init)
    if not machine_settings().is_production:
        ctx.invoke(demo, if_empty=True, as_json=False)
