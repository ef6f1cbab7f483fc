"""The mails that wait or failed, and a way to send at once what is due."""

from __future__ import annotations

import click

from portal.commands import answer, json_option, machine_settings
from portal.commands.queue import seconds_since


@click.group()
def command() -> None:
    """Facts that people must be told of, and their mails."""


@command.command()
@json_option
def status(as_json: bool) -> None:
    """How many mails wait, since when, and how many were given up."""
    from portal.storage.queries import mailing
    from workers.bench import bench_for

    here = bench_for(machine_settings())
    with here.portal.database.reading() as session:
        backlog = mailing.backlog(session)
    counts = {
        "pending": backlog.pending,
        "oldest_seconds": seconds_since(backlog.oldest, here.clock.now()),
        "failed": backlog.failed,
    }
    lines = [f"{each.recipient}, {each.template}: {each.last_error}" for each in backlog.failures]
    text = "\n".join([*(f"{key}: {value}" for key, value in counts.items()), *lines])
    answer(counts, as_json=as_json, text=text)


@command.command()
@click.option("--failed", is_flag=True, help="Also try again what was given up.")
@json_option
def deliver(failed: bool, as_json: bool) -> None:
    """Relay and send everything that is due, now and in this process."""
    from workers.bench import bench_for
    from workers.requeue import deliver_all

    counts = deliver_all(bench_for(machine_settings()), failed_too=failed)
    answer(counts, as_json=as_json)
    raise SystemExit(0 if counts["failed"] == 0 else 1)
