"""Whether anything that is not public yet shows anywhere outside."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.commands import answer, json_option


@click.group()
def command() -> None:
    """What must not be seen before its time."""


@command.command()
@json_option
@with_appcontext
def audit(as_json: bool) -> None:
    """Ask every public address as a stranger, and look for references and headlines that are not public yet."""
    from portal.commands.examining.embargoes import audit as audited

    with _unlogged():
        found = audited(current_app)
    leaks = [f"{leak.reference} at {leak.address}" for leak in found.leaks]
    text = f"{found.checked} releases are not public yet, {found.addresses} addresses read. " + (
        "Leaks: " + "; ".join(leaks) if leaks else "None of them shows."
    )
    content = {
        "checked": found.checked,
        "leaks": [{"reference": leak.reference, "address": leak.address} for leak in found.leaks],
    }
    answer(content, as_json=as_json, text=text)
    raise SystemExit(1 if found.leaks else 0)


@contextmanager
def _unlogged() -> Iterator[None]:
    """The audit asks hundreds of pages; their log lines would hide its answer."""
    log = logging.getLogger("portal.web")
    level = log.level
    log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        log.setLevel(level)
