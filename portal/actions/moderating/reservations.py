"""Who may not take a waiting release now: it is kept for the editor of its text, or an appeal needs another reader."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.actions.releases.moving import Act
from portal.rules.permissions import Person
from portal.rules.shown_times import shown
from portal.storage.queries import people
from portal.storage.queries.releases import Case
from portal.storage.tables import Edition

ANOTHER = "You decided against it. Another editor has to read the appeal."
ALONE = (
    "You decided against it, and no other editor may decide, so the appeal is yours. The timeline says so."
)


@dataclass(frozen=True)
class Reservation:
    """`barred`: why this person may not take it. `alone`: whoever rejected it reads the appeal, for want of others."""

    barred: str = ""
    alone: bool = False


def reservation(session: Session, case: Case, person: Person, *, now: datetime, zone: str) -> Reservation:
    """How this waiting release is reserved, as this editor meets it. Reads only."""
    edition = case.edition
    if edition.kept_for_id not in (None, person.id) and edition.kept_until and edition.kept_until > now:
        name = people.name_of(session, edition.kept_for_id)
        return Reservation(
            f"It is kept for {name}, whose text it is, until {shown(edition.kept_until, zone)}."
        )
    if not _rejected_before(edition, person):
        return Reservation()
    others = people.editors(session, not_of_organisation=case.release.organisation_id)
    if any(other.id != person.id for other in others):
        return Reservation(ANOTHER)
    return Reservation(alone=True)


def require_unreserved(act: Act) -> dict[str, object]:
    """Raises Conflict where it is reserved for others; answers with what the timeline has to add."""
    zone = act.settings.timezone
    found = reservation(act.session, act.case, act.person, now=act.now, zone=zone)
    if found.barred:
        raise act.conflict(found.barred)
    return {"alone": True} if found.alone else {}


def _rejected_before(edition: Edition, person: Person) -> bool:
    return edition.appealed_at is not None and edition.rejected_by_id == person.id
