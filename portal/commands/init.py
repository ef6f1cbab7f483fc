"""Makes a database, or brings it up to date. Safe to repeat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from portal.commands import machine_settings

if TYPE_CHECKING:
    from portal.settings import Settings
    from portal.storage.database import Database


@click.command()
def command() -> None:
    """Make the database, or bring it up to date."""
    make_or_update()


def make_or_update() -> None:
    """What the command does, for others that need a database first."""
    from portal.storage.database import Database
    from portal.storage.migrate import is_newest, upgrade

    settings = machine_settings()
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        if not is_newest(database):
            upgrade(database)
        _say_if_held(database, settings)
        _make_findable(database, settings)
        _date_events(database, settings)
        _map(database, settings)
        _vouch_for_what_is_there(database, settings)
    finally:
        database.dispose()
    click.echo("The database is up to date.")


def _say_if_held(database: Database, settings: Settings) -> None:
    """An older copy is noticed here already, before demo data or a first account make a new database look old."""
    from portal.actions.operating import restore_holding
    from portal.actions.portal import Portal
    from portal.clock import clock_from

    portal = Portal(database, settings)
    if restore_holding.look(portal, now=clock_from(settings).now()):
        click.echo(restore_holding.sentence(portal), err=True)


def _make_findable(database: Database, settings: Settings) -> None:
    """The words of live releases that none are kept of: a migration cannot read words, the program can."""
    from portal.storage.queries.searching import not_indexed

    with database.reading() as session:
        if not not_indexed(session, 1):
            return
    from portal.actions.portal import Portal
    from portal.actions.releases import finding

    finding.index_missing(Portal(database, settings))


def _date_events(database: Database, settings: Settings) -> None:
    """Events of earlier versions leave the lists after their end, too; that needs the rules of their zones."""
    from portal.actions.portal import Portal
    from portal.actions.publishing.event_last_days import date_events

    date_events(Portal(database, settings))


def _map(database: Database, settings: Settings) -> None:
    """The parts of the sitemap of what is there; the clock adds to them."""
    from portal.actions.portal import Portal
    from portal.actions.releases import mapping
    from portal.clock import clock_from
    from portal.storage.queries.sitemap import MOST_PARTS

    mapping.keep_parts(Portal(database, settings), now=clock_from(settings).now(), most=MOST_PARTS)


def _vouch_for_what_is_there(database: Database, settings: Settings) -> None:
    """Records of earlier versions vouched for nothing beside themselves; from here on they know every row."""
    from portal.actions.operating import auditing
    from portal.actions.portal import Portal
    from portal.clock import clock_from

    count = auditing.take_over(Portal(database, settings), now=clock_from(settings).now())
    if count:
        click.echo(f"The records now vouch for {count:,} rows as they stand.")
