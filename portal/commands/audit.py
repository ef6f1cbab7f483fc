"""Whether the records are whole, and one release's whole record as JSON."""

from __future__ import annotations

import json

import click

from portal.actions.portal import Portal
from portal.commands import answer, json_option, machine_settings, no
from portal.rules.refusals import NotFound
from portal.storage.database import Database


@click.group()
def command() -> None:
    """The append-only records."""


@command.command()
@json_option
def verify(as_json: bool) -> None:
    """Find changed, removed, inserted, reordered or cut-off rows and vanished releases."""
    from portal.actions.operating.auditing import Verified
    from portal.actions.operating.auditing import verify as verify_records

    found: Verified = verify_records(_portal())
    rows = f"{found.rows:,} rows"
    text = (
        f"{rows} read, every chain holds." if found.ok else f"{rows} read. Broken: {', '.join(found.broken)}."
    )
    answer({"rows": found.rows, "ok": found.ok, "broken": list(found.broken)}, as_json=as_json, text=text)
    raise SystemExit(0 if found.ok else 1)


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
