"""Whether the records are whole, and one release's whole record as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

import click

from portal.actions.portal import Portal
from portal.commands import answer, json_option, machine_settings, no
from portal.rules.refusals import NotFound
from portal.storage.database import Database

if TYPE_CHECKING:
    from portal.actions.operating.auditing import Verified


@click.group()
def command() -> None:
    """The append-only records."""


@command.command()
@click.option(
    "--log",
    "log",
    type=click.File("r", encoding="utf-8", errors="replace"),
    help="A copy of the log: its lines on anchors and decisions must fit, too.",
)
@json_option
def verify(log: TextIO | None, as_json: bool) -> None:
    """Find what was changed, removed, put in, reordered or cut off: records, texts, decisions, people, notes."""
    from portal.actions.operating.auditing import verify as verify_records

    found = verify_records(_portal(), log or ())
    content = {"rows": found.rows, "ok": found.ok, "broken": list(found.broken)}
    answer(content, as_json=as_json, text=_told(found))
    if as_json:  # a program reads the object alone, and whoever looks on still reads what differs
        for sentence in [*found.differences, *_of_before(found)]:
            click.echo(sentence, err=True)
    raise SystemExit(0 if found.ok else 1)


def _told(found: Verified) -> str:
    lines = [f"{found.rows:,} rows read, every chain holds."]
    if not found.ok:
        lines = [f"{found.rows:,} rows read. Broken: {', '.join(found.broken)}.", *found.differences]
    return "\n".join([*lines, *_of_before(found)])


def _of_before(found: Verified) -> list[str]:
    sentence = "rows are from before the records vouched for them; they were taken as they stood then."
    return [f"{found.before:,} {sentence}"] if found.before else []


@command.command()
@click.argument("reference")
@click.option("--json", "as_json", is_flag=True, help="The same object on one line.")
def export(reference: str, as_json: bool) -> None:
    """Print everything that is kept about a release as one JSON object."""
    from portal.actions.operating.auditing import export as whole_record

    try:
        record = whole_record(_portal(), reference.strip().upper())
    except NotFound as refusal:
        no(refusal.sentence)
    click.echo(json.dumps(record, ensure_ascii=False, indent=None if as_json else 2))


def _portal() -> Portal:
    settings = machine_settings()
    return Portal(Database(settings.database_url), settings)
