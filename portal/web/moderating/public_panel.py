"""What may be done with a release that is or was public: what the panel "After publication" is made of."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.actions.releases.asking import Offers
from portal.rules import permissions, removal
from portal.rules.release_states import HIDDEN, SCHEDULED
from portal.storage.queries import removal as removals
from portal.storage.queries.releases import Case
from portal.storage.tables import Endorsement
from portal.web.access import settings

ACTS = {
    "notice": "notice",
    "expire": "expire_on",
    "take-down": "take_down",
    "put-back": "put_back",
    "revert": "revert",
    "kill": "ask_kill",
}
"""The addresses of the acts with their steps in the table."""


@dataclass(frozen=True)
class PublicPanel:
    """The acts that this person may take now, and what the buttons have to say beforehand."""

    state: str
    acts: frozenset[str]
    alone: bool
    confirms: bool
    asked: Endorsement | None
    received: list[str]
    stands_in_for_senior: bool
    last_day: str
    refused: str

    @property
    def reasons(self) -> list[tuple[str, str]]:
        return [(code, f"{code}: {removal.cause_of(code)}") for code in removal.KILL_REASONS]

    @property
    def notices(self) -> list[tuple[str, str]]:
        return [*removal.NOTICE_WORDS.items(), (removal.NO_NOTICE, "No notice")]

    @property
    def places(self) -> dict[str, str]:
        """Where the fields of the act that was refused stand on the page."""
        names = ("message", "reasons", "public_text", "notice_kind", "notice_text", "expires_at")
        return {name: f"#{self.refused}-{name}" for name in names} if self.refused in self.acts else {}


def panel(
    session: Session, case: Case, offered: Offers, moment: datetime, *, refused: str = ""
) -> PublicPanel | None:
    """None for a release that is not public and never was; `refused` names the act whose words come back."""
    release, person = case.release, offered.person
    if offered.publication in (HIDDEN, SCHEDULED):
        return None
    asked = removals.kill_asked(session, release, moment)
    alone = offered.without_kill_request().may("killer").allowed
    acts = frozenset(act for act, step in ACTS.items() if offered.takes_in_public(step))
    return PublicPanel(
        state=offered.publication,
        acts=acts - {"kill"} if asked and asked.user_id == person.id and not alone else acts,
        alone=alone,
        confirms=asked is not None and offered.may("killer").allowed,
        asked=asked,
        received=[each.address for each in removals.received(session, release.id)],
        stands_in_for_senior=not offered.matter.senior_exists and person.role == permissions.EDITOR,
        last_day=release.expires_at.astimezone(settings().zone).date().isoformat()
        if release.expires_at
        else "",
        refused=refused,
    )
