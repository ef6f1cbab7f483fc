"""Passing an organisation on to another of its members, and leaving it. It never stands without an owner."""

from datetime import datetime

from portal.actions.accounts.organisations import hold, note, own, owned, tell
from portal.actions.portal import Portal
from portal.actions.presses import begin_press, keep_press
from portal.rules.permissions import Person
from portal.rules.refusals import Conflict, NotFound
from portal.storage.queries import organisations, people
from portal.storage.tables import Membership
from portal.storage.tables.organisations import MEMBER, OWNER
from portal.storage.unit_of_work import UnitOfWork

NEEDS_AN_OWNER = (
    "An organisation needs an owner, and you are its only one. Make somebody else the owner, then leave."
)


def pass_on(portal: Portal, person: Person, slug: str, *, membership_id: int, now: datetime) -> str:
    """Make another member the owner; whoever passes it on stays as a member, and both are mailed. Returns the new owner's name.

    Passing it on to oneself changes nothing. Owners only. Raises NotFound, and Repeated for the same press once more.
    """
    with portal.work() as work:
        pressed = begin_press(work, portal.press)
        organisation = owned(work, person, slug)
        hold(work, organisation)
        chosen = organisations.active_membership(work.session, organisation.id, membership_id)
        if chosen is None:
            raise NotFound
        if chosen.user_id != person.id:
            chosen.role = OWNER
            _membership_of(work, person, organisation.id).role = MEMBER
            note(work, "owner_changed", person, organisation, about=chosen.user, now=now)
            tell(work, "owner_changed", organisation, chosen.user_id, now=now)
            tell(work, "passed_on", organisation, person.id, now=now)
            keep_press(pressed)
            work.commit()
        return chosen.user.name


def leave(portal: Portal, person: Person, slug: str, *, now: datetime) -> None:
    """End one's own membership, which is confirmed by mail. The account and what was written stay.

    Raises Conflict for the only owner, NotFound, and Repeated for the same press once more.
    """
    with portal.work() as work:
        pressed = begin_press(work, portal.press)
        organisation = own(work, person, slug)
        hold(work, organisation)
        mine = _membership_of(work, person, organisation.id)
        owners = [each for each in people.members(work.session, organisation.id) if each.role == OWNER]
        if owners == [mine]:
            raise Conflict(NEEDS_AN_OWNER)
        mine.removed_at = now
        note(work, "member_left", person, organisation, about=mine.user, now=now)
        tell(work, "member_left", organisation, person.id, now=now)
        keep_press(pressed)
        work.commit()


def _membership_of(work: UnitOfWork, person: Person, organisation_id: int) -> Membership:
    found = (each for each in people.members(work.session, organisation_id) if each.user_id == person.id)
    mine = next(found, None)
    if mine is None:
        raise NotFound
    return mine
