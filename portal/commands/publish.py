"""Publishing by hand: the same sweep that the clock does."""

from __future__ import annotations

import click

from portal.commands import answer, json_option, machine_settings, stop_if_held


@click.group()
def command() -> None:
    """What goes public."""


@command.command()
@json_option
def due(as_json: bool) -> None:
    """Record every release whose minute has come. It is public already; this sets off its mails. Safe to repeat."""
    from portal.actions.publishing.going_live import record_due
    from workers.bench import bench_for

    here = bench_for(machine_settings())
    stop_if_held(here.portal)
    recorded = record_due(here.portal, now=here.clock.now())
    text = f"{recorded} recorded." if recorded else "Nothing is due."
    answer({"recorded": recorded}, as_json=as_json, text=text)
