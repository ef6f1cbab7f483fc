"""Makes a database, or brings it up to date. Safe to repeat."""

from __future__ import annotations

import click

from portal.commands import machine_settings


@click.command()
def command() -> None:
    """Make the database, or bring it up to date."""
    from portal.storage.database import Database
    from portal.storage.migrate import is_newest, upgrade

    settings = machine_settings()
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        if not is_newest(database):
            upgrade(database)
    finally:
        database.dispose()
    click.echo("The database is up to date.")
