"""Which portal this is."""

from __future__ import annotations

import platform
import sqlite3
from importlib.metadata import version

import click

from portal.commands import answer, json_option


@click.command()
@json_option
def command(as_json: bool) -> None:
    """Show the version of the portal, of Python and of SQLite."""
    versions = {
        "portal": version("press-release-portal"),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }
    answer(versions, as_json=as_json)
