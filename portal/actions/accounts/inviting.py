"""Inviting people into an organisation, and what they answer. The link in the mail proves their mailbox."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.actions.accounts import limits, passwords, sessions, single_use
from portal.actions.accounts.account_input import cleaned_email, cleaned_name, require
from portal.actions.accounts.organisations import add_member, note, owned
from portal.actions.accounts.registering import confirm_user
from portal.actions.accounts.sessions import Visit
from portal.actions.portal import Portal
from portal.actions.presses import begin_press, keep_press
from portal.rules import login_limits
from portal.rules.issues import Issue, blocking
from portal.rules.permissions import Person
from portal.rules.refusals import Invalid, NotFound
from portal.storage import outbox, timeline
from portal.storage.queries import organisations, people
from portal.storage.queries import single_use as links
from portal.storage.tables import Organisation, SingleUseToken, User
from portal.storage.tables.organisations import MEMBER
from portal.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Invitation:
    """What an invited person is shown. `has_account`: they only need to say yes."""

    email: str
    organisation: str
    has_account: bool


def invite(
    portal: Portal, person: Person, slug: str, *, email: str, visit: Visit | None = None, now: datetime
) -> str:
    """Mail an invitation and return the address it goes to. Owners only.

    Raises NotFound, Invalid, Throttled, and Repeated where the same press mailed it already.

    Invitations count by who sends them, from where, and to whose mailbox.
    """
    issues: list[Issue] = []
    address = cleaned_email(email, issues)
    require(issues)
    limits.begin_try(
        portal,
        login_limits.INVITE,
        account=f"inviter {person.id}",
        visit=visit or Visit(),
        now=now,
        mail_to=address,
    )
    with portal.work() as work:
        pressed = begin_press(work, portal.press)
        organisation = owned(work, person, slug)
        invited = people.by_email(work.session, address)
        if invited and _is_member(work, invited, organisation):
            raise Invalid(
                "", [blocking("FIELD", "email", f"{address} acts for {organisation.name} already.")]
            )
        earlier = links.open_invitation(work.session, organisation.id, address, now)
        if earlier is not None:
            single_use.use(work, earlier, now=now)
        token = single_use.issue(
            work,
            single_use.INVITE,
            email=address,
            organisation_id=organisation.id,
            invited_by_id=person.id,
            now=now,
        )
        note(work, "invited", person, organisation, about=invited, now=now)
        outbox.put(work, "invited", now=now, token_id=token.id, user_id=invited.id if invited else None)
        keep_press(pressed)
        work.commit()
    return address


def invitation(portal: Portal, token: str, *, now: datetime) -> Invitation:
    """What the link of an invitation offers. Raises NotFound where it is not good, or its owner is one no longer."""
    with portal.database.reading() as session:
        row = single_use.read(session, token, single_use.INVITE, portal.settings.mail_key, now=now)
        if row.organisation_id and not _is_still_meant(session, row):
            raise NotFound
        organisation = session.get(Organisation, row.organisation_id) if row.organisation_id else None
        user = people.by_email(session, row.email)
        has_account = user is not None and user.password_hash is not None and user.confirmed_at is not None
        return Invitation(row.email, organisation.name if organisation else "", has_account)


def accept_invitation(
    portal: Portal, token: str, *, name: str, password: str, visit: Visit | None = None, now: datetime
) -> str:
    """Join. Somebody with an account only says yes; others choose a name and a password. Raises NotFound, Invalid.

    Returns the token of a session for whoever has just chosen a password; nothing for the others, who log in.
    """
    offered = invitation(portal, token, now=now)
    hashed = None
    if not offered.has_account:
        issues: list[Issue] = []
        name = cleaned_name(name, "name", "Write your name.", issues)
        issues += passwords.issues_with(
            password, name, offered.email, offered.organisation, portal.settings.site_name
        )
        require(issues)
        hashed = passwords.hash_password(password)
    with portal.work() as work:
        row = single_use.read(work.session, token, single_use.INVITE, portal.settings.mail_key, now=now)
        single_use.use(work, row, now=now)
        user = _invited_user(work, row, name, hashed, now)
        _join(work, row, user, now)
        timeline.append_account_event(
            work,
            fact="invitation_accepted",
            now=now,
            user_id=user.id,
            actor_id=user.id,
            organisation_id=row.organisation_id,
        )
        session_token = _first_session(work, user, visit or Visit(), now) if hashed else ""
        work.commit()
        return session_token


def _first_session(work: UnitOfWork, user: User, visit: Visit, now: datetime) -> str:
    """Whoever holds the link and has just chosen the password is in."""
    limits.remember(work, user.id, visit, now=now)
    timeline.append_account_event(
        work, fact="logged_in", now=now, user_id=user.id, actor_id=user.id, address_key=visit.address_key
    )
    return sessions.begin(work, user, visit, now=now)


def _invited_user(
    work: UnitOfWork, row: SingleUseToken, name: str, password_hash: str | None, now: datetime
) -> User:
    """The account of the invited address, made or completed; the link proves that the mailbox is theirs."""
    user = people.by_email(work.session, row.email)
    if user is None:
        user = User(email=row.email, name=name, created_at=now)
        work.session.add(user)
        work.session.flush()
    user = people.locked(work.session, user.id)
    if user.blocked_at is not None:
        raise NotFound
    if password_hash is not None:
        user.name, user.password_hash = name, password_hash
    confirm_user(work, user, now=now)
    work.session.flush()
    return user


def _join(work: UnitOfWork, row: SingleUseToken, user: User, now: datetime) -> None:
    if row.organisation_id is None:
        return
    if not _is_still_meant(work.session, row):
        raise NotFound
    organisation = work.session.get_one(Organisation, row.organisation_id)
    if not _is_member(work, user, organisation):
        add_member(work, organisation.id, user.id, MEMBER, now=now)


def _is_still_meant(session: Session, row: SingleUseToken) -> bool:
    """An invitation dies with the ownership of whoever sent it."""
    if row.invited_by_id is None or row.organisation_id is None:
        return True
    return organisations.is_owner(session, row.invited_by_id, row.organisation_id)


def _is_member(work: UnitOfWork, user: User, organisation: Organisation) -> bool:
    return organisation.id in people.person(work.session, user).memberships
