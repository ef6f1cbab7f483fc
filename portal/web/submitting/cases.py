"""A release as its sender may open it."""

from sqlalchemy.orm import Session

from portal.rules.permissions import Person
from portal.rules.refusals import Conflict, NotFound
from portal.storage.queries import releases
from portal.storage.queries.releases import Case
from portal.text.zones import clock_of
from portal.web.access import current_person
from portal.web.at_hand import portal, read_by, settings
from portal.web.errors import told


def own_case(session: Session, person: Person, reference: str) -> Case:
    """For reading, by the clock of its place. Raises NotFound for an unknown reference as for another organisation's."""
    case = releases.find(session, reference)
    if case is None or case.release.organisation_id not in person.memberships:
        raise NotFound
    read_by(clock_of(case.edition.draft.get("values", {}), settings().timezone))
    return case


def told_of(reference: str, refused: Conflict) -> str:
    """Who was faster, and when: by the clock of the release as it stands now, as the page around the sentence."""
    with portal().database.reading() as session:
        own_case(session, current_person(), reference)
    return told(refused)
