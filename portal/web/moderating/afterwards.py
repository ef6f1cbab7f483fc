"""What may be done with a release that is or was public: what the panel "After publication" is made of."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.rules import permissions, removal
from portal.rules.permissions import Matter
from portal.rules.release_states import HIDDEN, SCHEDULED, publication_step, shown_publication, who_takes
from portal.rules.release_states import PUBLICATION as TABLE
from portal.storage.queries import people
from portal.storage.queries import removal as removals
from portal.storage.queries.releases import Case
from portal.storage.tables import Endorsement
from portal.web.access import current_person, settings

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
class Afterwards:
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
    session: Session, case: Case, moment: datetime, *, visible: bool, refused: str = ""
) -> Afterwards | None:
    """None for a release that is not public and never was; `refused` names the act whose words come back."""
    release, person = case.release, current_person()
    expired = release.expires_at is not None and release.expires_at <= moment
    state = shown_publication(release.publication, visible=visible, expired=expired)
    if state in (HIDDEN, SCHEDULED):
        return None
    asked = removals.kill_asked(session, release, moment)
    matter = Matter(
        release.organisation_id,
        kill_asked_by_id=asked.user_id if asked else None,
        senior_exists=people.active_senior_exists(session),
    )
    acts = frozenset(act for act, step in ACTS.items() if _may(step, state, person, matter))
    return Afterwards(
        state=state,
        acts=acts - {"kill"} if asked and asked.user_id == person.id and not _alone(person, matter) else acts,
        alone=_alone(person, matter),
        confirms=asked is not None and permissions.may("killer", person, matter).allowed,
        asked=asked,
        received=[each.address for each in removals.received(session, release.id)],
        stands_in_for_senior=not matter.senior_exists and person.role == permissions.EDITOR,
        last_day=release.expires_at.astimezone(settings().zone).date().isoformat()
        if release.expires_at
        else "",
        refused=refused,
    )


def _may(step: str, state: str, person: permissions.Person, matter: Matter) -> bool:
    row = publication_step(step, state)
    return bool(row and row.offered and permissions.may(who_takes(step, TABLE), person, matter).allowed)


def _alone(person: permissions.Person, matter: Matter) -> bool:
    return permissions.may("killer", person, replace(matter, kill_asked_by_id=None)).allowed
