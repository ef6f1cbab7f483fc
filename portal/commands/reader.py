"""Shows or erases what is kept about a reader of the daily e-mail."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click

from portal.commands import answer, json_option, machine_settings, no
from portal.rules.refusals import Invalid


@click.group()
def command() -> None:
    """Show or erase what is kept about a reader of the daily e-mail."""


@command.command("export")
@click.option("--email", required=True, help="The address that the letters go to.")
@json_option
def export(*, email: str, as_json: bool) -> None:
    """Print everything about an address as one JSON object."""
    from portal.actions.newsletter.subscribing import export as export_reader

    found = _done(lambda here: export_reader(here.portal, email))
    if found is None:
        no(f"Nothing is kept about {email}.")
    click.echo(json.dumps(found, ensure_ascii=False, indent=None if as_json else 2))


@command.command("erase")
@click.option("--email", required=True, help="The address that the letters go to.")
@json_option
def erase(*, email: str, as_json: bool) -> None:
    """Forget a reader. Counts of past issues stay; an account with the address stays, too."""
    from portal.actions.newsletter.subscribing import erase as erase_reader

    if not _done(lambda here: erase_reader(here.portal, email, now=here.clock.now())):
        no(f"No reader has the address {email}.")
    answer({"email": email, "erased": True}, as_json=as_json, text=f"The reader {email} is erased.")


def _done(act: Callable[[Any], Any]) -> Any:
    """Do it on this machine; what is no address is wrong use."""
    from workers.bench import bench_for

    try:
        return act(bench_for(machine_settings()))
    except Invalid as refusal:
        raise click.UsageError(refusal.issues[0].message) from refusal
