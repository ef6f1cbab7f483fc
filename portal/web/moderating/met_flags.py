"""Which risk flags are met, and how that is said: by the rule that also makes the bar."""

from collections.abc import Mapping

from portal.rules import second_pair
from portal.rules.shown_times import shown
from portal.storage.queries.endorsements import Recorded

HOW = {
    second_pair.IDENTITY: "called back",
    second_pair.CONSENT: "consent seen",
    second_pair.CHECK: "checked",
}


def met(flags: list[str], made: Mapping[str, Recorded], zone: str) -> dict[str, str]:
    """The flags whose recorded act was made, each with what was done, when and by whom."""
    asked = {flag: second_pair.ASKS.get(flag, "") for flag in flags}
    return {flag: _said(act, made[act], zone) for flag, act in asked.items() if act in made}


def _said(act: str, recorded: Recorded, zone: str) -> str:
    if recorded.at is None:
        return "a release of theirs was approved since"
    return f"{HOW[act]} {shown(recorded.at, zone)} by {recorded.by}"
