"""A copy of the database that was put back: what it holds back, and what of that may still go."""

from __future__ import annotations

import getpass
import socket
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from portal.commands import answer, json_option, machine_settings, no

if TYPE_CHECKING:
    from portal.actions.operating.restore_confirming import Plan
    from portal.settings import Settings

CHOICE = click.Choice(["skip", "send"])
NOT_HELD = "Nothing is held: this database is not known as a restored copy."


@click.group()
def command() -> None:
    """A restored copy sends and publishes nothing until it is confirmed here."""


@command.command()
@json_option
def status(as_json: bool) -> None:
    """Whether a restored copy is held, why, and what waits in it."""
    from portal.actions.operating import restore_confirming
    from workers.bench import bench_for

    settings = machine_settings()
    here = bench_for(settings)
    found = restore_confirming.plan(here.portal, now=here.clock.now())
    text = _told(found, settings) if found else NOT_HELD
    answer(_as_object(found), as_json=as_json, text=text)


@command.command()
@click.option("--mails", type=CHOICE, required=True, help="Mails that were due before the hold.")
@click.option(
    "--issues", type=CHOICE, required=True, help="Issues of the daily e-mail that were due before it."
)
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@json_option
def confirm(mails: str, issues: str, dry_run: bool, as_json: bool) -> None:
    """End the hold. Skip what the lost days have sent already; send it where you know that they did not."""
    from portal.actions.operating import restore_confirming
    from portal.rules.refusals import Conflict
    from workers.bench import bench_for

    settings = machine_settings()
    here = bench_for(settings)
    found = restore_confirming.plan(here.portal, now=here.clock.now())
    if found is None:
        no(NOT_HELD)
    if not as_json:
        click.echo(_what_happens(found, settings, mails, issues))
    if not dry_run:
        by = f"{getpass.getuser()} on {socket.gethostname()}"
        try:
            restore_confirming.confirm(here.portal, mails=mails, issues=issues, by=by, now=here.clock.now())
        except Conflict as refused:
            no(refused.sentence)
    content = {**_as_object(found), "mails_choice": mails, "issues_choice": issues, "confirmed": not dry_run}
    answer(content, as_json=as_json, text="Nothing was changed." if dry_run else "The hold is ended.")


def _as_object(found: Plan | None) -> dict[str, Any]:
    if found is None:
        return {"held": False}
    return {"held": True, **asdict(found), "since": found.since.isoformat()}


def _told(found: Plan, settings: Settings) -> str:
    from portal.rules.shown_times import shown

    return "\n".join(
        [
            f"Held since {shown(found.since, settings.timezone)}. {found.why}",
            f"mails that were due: {found.mails}",
            f"mails since then: {found.later_mails}",
            f"issues that were due: {_listed(found.issues)}",
            f"releases due and hidden: {_listed(found.due)}",
            "Go on with: portal restore confirm --mails skip|send --issues skip|send",
        ]
    )


def _what_happens(found: Plan, settings: Settings, mails: str, issues: str) -> str:
    from portal.rules.shown_times import shown

    since = shown(found.since, settings.timezone)
    fate = {"skip": "never sent", "send": "sent now"}
    return "\n".join(
        [
            f"Mails due before {since}: {found.mails}, {fate[mails]}.",
            f"Mails since then, or due later: {found.later_mails}, sent at their time.",
            f"Issues due before {since}: {_listed(found.issues)}, {fate[issues]}.",
            f"Releases that become public at once: {_listed(found.due)}.",
        ]
    )


def _listed(names: Any) -> str:
    return f"{len(names)} ({', '.join(names)})" if names else "0"
