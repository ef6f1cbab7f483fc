"""Makes, blocks and lets in people: the only way to become an editor."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from portal.commands import answer, json_option, machine_settings, no
from portal.rules.permissions import ROLES
from portal.rules.refusals import Refused


@click.group()
def command() -> None:
    """Make, block and let in people."""


@command.command("create")
@click.option("--email", required=True, help="The address they log in with.")
@click.option("--name", required=True, help="Their name, as others see it.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--organisation", default="", help="Needed for a member; made where nobody has it yet.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--invite", is_flag=True, help="Mail a link by which they choose the password.")
@json_option
def create(
    *, email: str, name: str, role: str, organisation: str, password_stdin: bool, invite: bool, as_json: bool
) -> None:
    """Make a user, confirmed at once."""
    if password_stdin == invite:
        raise click.UsageError("Say either --password-stdin or --invite.")
    if role == "member" and not organisation.strip():
        raise click.UsageError("A member needs --organisation.")
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    from portal.actions.accounts.users import NewUser, create_user

    wanted = NewUser(email, name, role, organisation, password)
    user_id = _done(create_user, wanted)
    said = "is mailed an invitation" if invite else "can log in now"
    answer(
        {"id": user_id, "email": email.strip().lower(), "role": role, "invited": invite},
        as_json=as_json,
        text=f"{email} ({role}) {said}.",
    )


@command.command("block")
@click.option("--email", required=True)
@json_option
def block(*, email: str, as_json: bool) -> None:
    """Shut somebody out. All their logins end."""
    from portal.actions.accounts.users import block_user

    _done(block_user, email)
    answer({"email": email, "blocked": True}, as_json=as_json, text=f"{email} is blocked.")


@command.command("unblock")
@click.option("--email", required=True)
@json_option
def unblock(*, email: str, as_json: bool) -> None:
    """Let somebody in again."""
    from portal.actions.accounts.users import unblock_user

    _done(unblock_user, email)
    answer({"email": email, "blocked": False}, as_json=as_json, text=f"{email} can log in again.")


def _done(act: Callable[..., Any], about: object) -> Any:
    """Do it on this machine; a refusal ends the program with its sentences and exit code 1."""
    from workers.bench import bench_for

    here = bench_for(machine_settings())
    try:
        return act(here.portal, about, now=here.clock.now())
    except Refused as refusal:
        issues = getattr(refusal, "issues", ())
        no("\n".join(each.message for each in issues) or refusal.sentence)
