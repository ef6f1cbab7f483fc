"""Whose mailbox an address leads to, and how often strangers may have it written to.

`ann+news@example.org` and `ann@example.org` are one mailbox everywhere: what follows a `+` is the owner's own mark.
Case is gone already (addresses are kept in lower case). Dots and dashes count, but for the providers that are
known to ignore them.
"""

from dataclasses import dataclass

ONE_PROVIDER = {"googlemail.com": "gmail.com", "protonmail.com": "proton.me", "pm.me": "proton.me"}
"""Names of one provider, under which it delivers to the same mailbox."""
IGNORED = {"gmail.com": ".", "proton.me": ".-_"}
"""Signs of the local part that a provider does not look at."""


def mailbox_of(address: str) -> str:
    """The mailbox behind a mail address in lower case; two addresses of one mailbox give the same."""
    local, _, domain = address.rpartition("@")
    domain = ONE_PROVIDER.get(domain, domain)
    plain = local.partition("+")[0] or local
    for sign in IGNORED.get(domain, ""):
        plain = plain.replace(sign, "") or plain
    return f"{plain}@{domain}"


@dataclass(frozen=True)
class MailboxLimits:
    """Mails in an hour and in a day that anybody without an account can have sent to one mailbox, all kinds together."""

    hour: int
    day: int


MOST = MailboxLimits(hour=6, day=20)
KEPT_FOR_THE_OWNER = MailboxLimits(hour=1, day=2)
"""Of those, so many only for who asks from where the owner of the account has logged in before: strangers cannot
use up the mail that lets the owner in."""


def most_for(*, at_home: bool) -> MailboxLimits:
    """The limits of one asking. `at_home`: from a network where the account's owner has logged in."""
    if at_home:
        return MOST
    return MailboxLimits(MOST.hour - KEPT_FOR_THE_OWNER.hour, MOST.day - KEPT_FOR_THE_OWNER.day)
