"""Shows that mail leaves the portal and arrives."""

from __future__ import annotations

from email.utils import parseaddr

import click

from portal.commands import answer, json_option, machine_settings, no


@click.group()
def command() -> None:
    """Mail."""


@command.command()
@click.option(
    "--to", "recipient", help="Where the test mail goes. Without it: to the desk on duty, else to the sender."
)
@json_option
def test(recipient: str | None, as_json: bool) -> None:
    """Send one test mail and say what the mail server answered."""
    from email_validator import EmailNotValidError, validate_email

    from portal.rules.mailing.mail_outcomes import SENT
    from workers.bench import bench_for
    from workers.testing_mail import send_test

    settings = machine_settings()
    wanted = recipient or parseaddr(settings.duty_email or settings.mail_from)[1]
    try:
        address = validate_email(wanted, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as problem:
        raise click.BadParameter(str(problem), param_hint="--to") from None
    receipt = send_test(bench_for(settings), address)
    content = {"to": address, "outcome": receipt.outcome, "detail": receipt.detail}
    if receipt.outcome != SENT:
        if as_json:
            answer(content, as_json=True)
        no(f"The mail was not taken: {receipt.detail}")
    answer(content, as_json=as_json, text=f"The mail server took a mail to {address}.")
