"""Loads the demo data into an empty database of a development machine, and prints the logins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

import click

from portal.commands import NOT_READY, answer, json_option, machine_settings, no

if TYPE_CHECKING:
    from portal.actions.portal import Portal
    from portal.demo import Login

NOT_HERE = "The demo data is for development. It is never loaded in production."
NOT_EMPTY = "There is data already, so no demo data was loaded."


@click.command()
@click.option("--if-empty", is_flag=True, help="Where there is data already, only print the kept logins.")
@json_option
def command(if_empty: bool, as_json: bool) -> None:
    """Load the demo data into an empty database and print the logins."""
    portal = _portal()
    made = _load(portal)
    if made is not None:
        _print(made, loaded=True, as_json=as_json)
    elif if_empty:
        _print_kept(_kept_logins(portal), as_json=as_json)
    else:
        no(NOT_EMPTY)


def _portal() -> Portal:
    """This machine's portal. Ends the program in production and where the tables are missing or old."""
    from portal.actions.portal import Portal
    from portal.storage import migrate
    from portal.storage.database import Database

    settings = machine_settings()
    if settings.env == "production":
        no(NOT_HERE)
    portal = Portal(Database(settings.database_url), settings)
    if migrate.present(portal.database) != migrate.newest():
        no(NOT_READY)
    return portal


def _load(portal: Portal) -> list[Login] | None:
    """The logins; None where there is data already."""
    from portal.clock import clock_from
    from portal.demo import NotEmpty, load, logins_file

    settings = portal.settings
    try:
        return load(
            portal, now=clock_from(settings).now(), keep=partial(logins_file.write, settings.instance_path)
        )
    except NotEmpty:
        return None


def _print_kept(kept: list[Login], *, as_json: bool) -> None:
    if kept or as_json:
        _print(kept, loaded=False, as_json=as_json)
    else:
        click.echo(NOT_EMPTY)


def _kept_logins(portal: Portal) -> list[Login]:
    """The logins of the file, unless they belong to another database than this one."""
    from portal.demo import logins_file
    from portal.storage.queries import people

    kept = logins_file.read(portal.settings.instance_path)
    with portal.database.reading() as session:
        return kept if all(people.by_email(session, login.email) for login in kept) else []


def _print(logins: Sequence[Login], *, loaded: bool, as_json: bool) -> None:
    rows = [("role", "e-mail", "password"), *((login.role, login.email, login.password) for login in logins)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    heading = "The demo data is loaded. Log in as:" if loaded else "Logins of the demo data:"
    content = {"loaded": loaded, "logins": [asdict(login) for login in logins]}
    answer(content, as_json=as_json, text="\n".join([heading, *(f"  {line}" for line in lines)]))
