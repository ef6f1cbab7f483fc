"""The one command-line program. Each module beside this one is a command of the same name.

A module is loaded when its command is asked for, and the application is made only by commands that
are marked `with_appcontext`, so that help, versions and repairs work where the portal itself does not.
Exit codes: 0 done, 1 the answer is no, 2 wrong use.
"""

from __future__ import annotations

import json
import os
import pkgutil
import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from flask import Flask
from flask.cli import AppGroup, ScriptInfo

from portal.clock import ClockFileUnreadable
from portal.settings import Settings, SettingsRefused, load_settings

if TYPE_CHECKING:
    from portal.actions.portal import Portal

NOT_READY = "The database is not ready. Run “portal init” first."
NO_ANSWER = "The database does not answer. “portal doctor” shows which one is asked."
PROJECT_ROOT = Path(__file__).resolve().parents[2]


@cache
def machine_settings() -> Settings:
    """This machine's settings, read once for a run of the program. Raises SettingsRefused."""
    return load_settings(os.environ, PROJECT_ROOT)


def starting_settings() -> Settings:
    """The same for a process that is to run: refused, too, where mail would give its password away."""
    from portal.outlets.mail.senders import refusal_to_start

    settings = machine_settings()
    refusal = refusal_to_start(settings)
    if refusal:
        raise SettingsRefused([refusal])
    return settings


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--json`; the command receives it as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")(command)


def answer(content: Mapping[str, Any], *, as_json: bool, text: str | None = None) -> None:
    """Prints one answer: the JSON object, or its sentence, or one line for each key."""
    if as_json:
        click.echo(json.dumps(content, ensure_ascii=False, default=str))
    elif text is not None:
        click.echo(text)
    else:
        for key, value in content.items():
            click.echo(f"{key}: {value}")


def no(reason: str) -> NoReturn:
    """Ends the program with the answer no (exit code 1) and says why."""
    click.echo(reason, err=True)
    raise SystemExit(1)


def stop_if_held(portal: Portal) -> None:
    """Ends the program with the answer no where the database is a restored copy that nobody has confirmed."""
    from portal.actions.operating.restore_holding import sentence

    held = sentence(portal)
    if held:
        no(held)


class PortalCommands(AppGroup):
    """Finds commands by the names of their modules; a module holds one as `command`.

    Whichever it is: on a database without its tables, or without an answer, it ends with a sentence.
    """

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as problem:
            _explain(problem)
            raise

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.ispkg)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"{__name__}.{cmd_name}").command
        return command


def _explain(problem: Exception) -> None:
    """Ends the program with the answer no where the database is why a command failed; else does nothing."""
    from sqlalchemy.exc import DBAPIError  # loaded by no command that needs no database

    if isinstance(problem, DBAPIError):
        from portal.storage import migrate
        from portal.storage.database import Database

        try:
            is_old = migrate.present(Database(machine_settings().database_url)) != migrate.newest()
        except DBAPIError:
            no(NO_ANSWER)
        if is_old:
            no(NOT_READY)


@click.group(cls=PortalCommands, context_settings={"help_option_names": ["-h", "--help"]})
def portal() -> None:
    """The press-release portal: run it, look after it, ask it."""


def main() -> None:
    """The entry point of `.venv/bin/portal`."""
    try:
        portal.main(prog_name="portal", obj=ScriptInfo(create_app=_application))
    except (SettingsRefused, ClockFileUnreadable) as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)


def _application() -> Flask:
    from portal.app import create_app

    return create_app(machine_settings())
