"""The daily e-mail by hand: close the issue of a date, send it, or send it to one address."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click

from portal.commands import answer, json_option, machine_settings, no, stop_if_held

_DATE = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def command() -> None:
    """The daily e-mail."""


@command.command()
@click.option("--date", "day", type=_DATE, required=True, help="The local date, YYYY-MM-DD.")
@json_option
def build(day: datetime, as_json: bool) -> None:
    """Close the issue of a date now if none is closed, up to seven days ahead. It goes out at its hour or by `send`."""
    from portal.actions.newsletter import building
    from portal.rules.refusals import NotFound
    from portal.storage.queries.newsletter import digests
    from workers.bench import bench_for

    here, on = bench_for(machine_settings()), f"{day:%Y-%m-%d}"
    stop_if_held(here.portal)
    try:
        closed = building.close_issue(here.portal, on, now=here.clock.now())
    except NotFound as refused:
        no(refused.sentence)
    with here.portal.database.reading() as session:
        issue = digests.by_date(session, on)
    assert issue is not None  # closed now or before
    content = {"date": on, "closed": closed, "items": len(issue.contents), "late": issue.late}
    told = f"The issue of {on} {'is closed' if closed else 'was closed before'}: {len(issue.contents)} items."
    answer(content, as_json=as_json, text=told)


@command.command()
@click.option("--date", "day", type=_DATE, required=True, help="The local date, YYYY-MM-DD.")
@click.option("--to", "address", default="", help="Only to this reader; to any other address as a test.")
@json_option
def send(day: datetime, address: str, as_json: bool) -> None:
    """Send the closed issue of a date now. Nobody is sent it twice, however often this is run."""
    from portal.rules.refusals import Invalid, Refused
    from workers.bench import bench_for
    from workers.digest_runs import send_to, send_whole

    here, on = bench_for(machine_settings()), f"{day:%Y-%m-%d}"
    stop_if_held(here.portal)
    try:
        if address:
            counts = send_to(here, on, address)
        else:
            with _bar(as_json) as told:
                counts = send_whole(here, on, told)
    except Invalid as refused:
        raise click.UsageError(refused.issues[0].message) from refused
    except Refused as refused:
        no(refused.sentence)
    _answer(counts, as_json)


def _answer(counts: dict[str, Any], as_json: bool) -> None:
    told = ", ".join(f"{value} {name}" for name, value in counts.items() if name != "date")
    answer(counts, as_json=as_json, text=f"{counts['date']}: {told}.")
    raise SystemExit(0 if counts["failed"] == counts["uncertain"] == 0 else 1)


@contextmanager
def _bar(as_json: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal; nothing where a program reads."""
    if as_json or not sys.stderr.isatty():
        yield lambda _count, _all: None
        return
    with click.progressbar(length=1, label="Sending", file=sys.stderr, show_pos=True) as bar:

        def tell(count: int, whole: int) -> None:
            bar.length = whole
            bar.update(count)

        yield tell
