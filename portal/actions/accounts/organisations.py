"""Organisations, their page and their members. Nobody joins one without its owner."""

from dataclasses import dataclass
from datetime import datetime

from portal.actions.accounts.account_input import cleaned_website, require
from portal.actions.portal import Portal
from portal.actions.presses import begin_press, keep_press
from portal.rules import permissions
from portal.rules.issues import Issue, blocking
from portal.rules.permissions import Person
from portal.rules.refusals import Conflict, NotFound
from portal.storage import outbox, timeline
from portal.storage.queries import organisations, people
from portal.storage.queries import single_use as links
from portal.storage.tables import Membership, Organisation, SingleUseToken, User
from portal.storage.tables.organisations import OWNER
from portal.storage.unit_of_work import UnitOfWork
from portal.text.addresses import name_key, site_key
from portal.text.body import body_html
from portal.text.plain import clean_text
from portal.text.slugs import slugify

LONGEST_ABOUT = 2_000


@dataclass(frozen=True)
class OrganisationPage:
    """What its members see: the organisation, who acts for it, who was invited, and what else the reader acts for."""

    organisation: Organisation
    members: list[Membership]
    invitations: list[SingleUseToken]
    others: list[Organisation]

    @property
    def owners(self) -> int:
        return sum(each.role == OWNER for each in self.members)


def page_of(portal: Portal, person: Person, slug: str | None, *, now: datetime) -> OrganisationPage | None:
    """The organisation with this slug, or the person's first; None for somebody without one. Raises NotFound."""
    with portal.database.reading() as session:
        own = people.organisations_of(session, person.id)
        found = next((each for each in own if slug in (None, "", each.slug)), None)
        if found is None and slug:
            raise NotFound
        if found is None:
            return None
        members = list(people.members(session, found.id))
        invited = links.open_invitations(session, found.id, now)
        return OrganisationPage(found, members, invited, [each for each in own if each is not found])


def make(work: UnitOfWork, *, name: str, website: str, owner: User, now: datetime) -> int:
    """A new organisation, also where another has the name already: then it is flagged. Returns its id."""
    organisation = Organisation(
        slug=_free_slug(work, name),
        name=name,
        name_key=name_key(name),
        website=website,
        domain=site_key(website),
        created_at=now,
    )
    work.session.add(organisation)
    work.session.flush()
    add_member(work, organisation.id, owner.id, OWNER, now=now)
    flag_lookalike(work, organisation)
    return organisation.id


def rename(work: UnitOfWork, organisation: Organisation, name: str, website: str) -> None:
    """For an organisation that nobody has confirmed yet."""
    if name_key(name) != organisation.name_key:
        organisation.slug = _free_slug(work, name)
    organisation.name, organisation.name_key = name, name_key(name)
    organisation.website, organisation.domain = website, site_key(website)
    flag_lookalike(work, organisation)


def flag_lookalike(work: UnitOfWork, organisation: Organisation) -> None:
    """Remember whose name or web domain this is already. A flag stays until an editor has looked."""
    work.session.flush()
    twin = organisations.older_twin(work.session, organisation)
    if twin is not None and organisation.lookalike_of_id is None:
        organisation.lookalike_of_id, organisation.lookalike_by = twin[0].id, twin[1]


def add_member(work: UnitOfWork, organisation_id: int, user_id: int, role: str, *, now: datetime) -> None:
    work.session.add(Membership(organisation_id=organisation_id, user_id=user_id, role=role, created_at=now))
    work.session.flush()


def change_page(
    portal: Portal, person: Person, slug: str, *, about: str, website: str, version: int, now: datetime
) -> None:
    """Change what stands under "About" and the website. Raises NotFound, Invalid, Conflict."""
    issues: list[Issue] = []
    about = clean_text(about)
    if len(about) > LONGEST_ABOUT:
        sentence = f"The text has {len(about)} characters. Keep {LONGEST_ABOUT} or fewer."
        issues.append(blocking("FIELD", "about", sentence))
    website = cleaned_website(website, issues)
    require(issues)
    with portal.work() as work:
        organisation = own(work, person, slug)
        if (organisation.about, organisation.website) == (about, website):
            return  # the same words once more, whichever version their page showed
        if organisation.version != version:
            raise _changed_meanwhile(work, organisation)
        organisation.about, organisation.about_html = about, body_html(about, "text")
        organisation.website, organisation.domain = website, site_key(website)
        organisation.version += 1
        flag_lookalike(work, organisation)
        note(work, "organisation_changed", person, organisation, now=now)
        work.commit()


def remove(portal: Portal, person: Person, slug: str, *, membership_id: int, now: datetime) -> str:
    """Take somebody's membership away; their very next request finds it gone. Returns their name.

    Owners only, and never the last owner. Raises NotFound, Conflict, and Repeated where the same press took it away.
    """
    with portal.work() as work:
        pressed = begin_press(work, portal.press)
        organisation = owned(work, person, slug)
        hold(work, organisation)
        membership = organisations.active_membership(work.session, organisation.id, membership_id)
        if membership is None:
            raise NotFound
        owners = [each for each in people.members(work.session, organisation.id) if each.role == OWNER]
        if membership.role == OWNER and len(owners) == 1:
            raise Conflict("An organisation needs an owner, and this is its only one.")
        membership.removed_at = now
        note(work, "member_removed", person, organisation, about=membership.user, now=now)
        tell(work, "member_removed", organisation, membership.user_id, now=now)
        keep_press(pressed)
        work.commit()
        return membership.user.name


def _changed_meanwhile(work: UnitOfWork, organisation: Organisation) -> Conflict:
    winner = organisations.last_change(work.session, organisation.id)
    who = winner.name if winner else "Somebody"
    return Conflict(f"{who} changed the organisation page after you opened it.", winner)


def own(work: UnitOfWork, person: Person, slug: str) -> Organisation:
    organisation = organisations.by_slug(work.session, slug)
    if organisation is None or organisation.id not in person.memberships:
        raise NotFound
    return organisation


def hold(work: UnitOfWork, organisation: Organisation) -> None:
    """One change of its people at a time: two owners who leave at once must not both go."""
    work.session.refresh(organisation, with_for_update=True)


def owned(work: UnitOfWork, person: Person, slug: str) -> Organisation:
    organisation = own(work, person, slug)
    if not permissions.may_manage_members(person, organisation.id):
        raise NotFound
    return organisation


def note(
    work: UnitOfWork,
    fact: str,
    actor: Person,
    organisation: Organisation,
    *,
    now: datetime,
    about: User | None = None,
) -> None:
    timeline.append_account_event(
        work,
        fact=fact,
        now=now,
        actor_id=actor.id,
        user_id=about.id if about else None,
        organisation_id=organisation.id,
    )


def tell(work: UnitOfWork, fact: str, organisation: Organisation, user_id: int, *, now: datetime) -> None:
    """Mail this person that they act for the organisation otherwise than before."""
    outbox.put(work, fact, now=now, user_id=user_id, organisation_id=organisation.id)


def _free_slug(work: UnitOfWork, name: str) -> str:
    """The name as an address, numbered where somebody has it already."""
    wanted = slugify(name, otherwise="organisation")
    taken = organisations.slugs_like(work.session, wanted)
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)
