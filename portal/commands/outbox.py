"""The mails that wait or failed, and a way to send at once what is due."""

from __future__ import annotations

import click

from portal.commands import answer, json_option, machine_settings, stop_if_held
from portal.commands.queue import seconds_since


@click.group()
def command() -> None:
    """Facts that people must be told of, and their mails."""


@command.command()
@json_option
def status(as_json: bool) -> None:
    """How many mails wait, since when, and how many were given up."""
    from portal.actions.operating.restore_holding import sentence
    from portal.storage.queries import mailing
    from portal.storage.queries.newsletter import digests
    from workers.bench import bench_for

    here = bench_for(machine_settings())
    with here.portal.database.reading() as session:
        backlog = mailing.backlog(session)
        newest = digests.newest_progress(session)
    counts = {
        "pending": backlog.pending,
        "oldest_seconds": seconds_since(backlog.oldest, here.clock.now()),
        "failed": backlog.failed,
    }
    lines = [f"{each.recipient}, {each.template}: {each.last_error}" for each in backlog.failures]
    if newest is not None:
        issue, letters = newest
        waiting, uncertain = letters.waiting, letters.of("uncertain")
        lines.append(f"daily e-mail of {issue.date}: {waiting} letters waiting, {uncertain} uncertain")
    text = "\n".join([*(f"{key}: {value}" for key, value in counts.items()), *lines])
    answer(counts, as_json=as_json, text=text)
    if held := sentence(here.portal):
        click.echo(held, err=True)


@command.command()
@click.option("--failed", is_flag=True, help="Also try again what was given up.")
@json_option
def deliver(failed: bool, as_json: bool) -> None:
    """Relay and send everything that is due, now and in this process."""
    from workers.bench import bench_for
    from workers.requeue import deliver_all

    here = bench_for(machine_settings())
    stop_if_held(here.portal)
    counts = deliver_all(here, failed_too=failed)
    answer(counts, as_json=as_json)
    raise SystemExit(0 if counts["failed"] == 0 else 1)
