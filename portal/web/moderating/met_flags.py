"""Which risk flags are met, and how that is said: by the rule that also makes the bar."""

from sqlalchemy.orm import Session

from portal.rules import second_pair
from portal.rules.shown_times import shown
from portal.storage.queries import endorsements
from portal.storage.queries.endorsements import Recorded
from portal.storage.queries.releases import Case

HOW = {
    second_pair.IDENTITY: "called back",
    second_pair.CONSENT: "consent seen",
    second_pair.CHECK: "checked",
}


def met(session: Session, case: Case, flags: list[str], zone: str) -> dict[str, str]:
    """The flags whose recorded act was made, each with what was done, when and by whom."""
    if not flags or case.edition.submitted_at is None:
        return {}
    made = endorsements.acts_recorded(session, case.release, case.edition)
    asked = {flag: second_pair.ASKS.get(flag, "") for flag in flags}
    return {flag: _said(act, made[act], zone) for flag, act in asked.items() if act in made}


def _said(act: str, recorded: Recorded, zone: str) -> str:
    if recorded.at is None:
        return "a release of theirs was approved since"
    return f"{HOW[act]} {shown(recorded.at, zone)} by {recorded.by}"
