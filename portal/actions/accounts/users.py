"""People made, blocked and let in again by an operator."""

from dataclasses import dataclass
from datetime import datetime

from portal.actions.accounts import organisations, passwords, sessions, single_use
from portal.actions.accounts.account_input import cleaned_email, cleaned_name, require
from portal.actions.portal import Portal
from portal.rules.issues import Issue, blocking
from portal.rules.permissions import MEMBER as MEMBER_ROLE
from portal.rules.permissions import ROLES
from portal.rules.refusals import Conflict, NotFound
from portal.storage import outbox, timeline
from portal.storage.queries import organisations as known_organisations
from portal.storage.queries import people
from portal.storage.tables import User
from portal.storage.tables.organisations import MEMBER, OWNER
from portal.storage.unit_of_work import UnitOfWork
from portal.text.addresses import mail_address, name_key


@dataclass(frozen=True)
class NewUser:
    """Who shall be made. Without a password they are mailed an invitation to choose one."""

    email: str
    name: str
    role: str
    organisation: str = ""
    password: str | None = None


def create_user(portal: Portal, wanted: NewUser, *, now: datetime) -> int:
    """Make a user, confirmed at once, and return the id. Raises Invalid, Conflict where the address is taken."""
    wanted = _checked(portal, wanted)
    hashed = passwords.hash_password(wanted.password) if wanted.password is not None else None
    with portal.work() as work:
        if people.by_email(work.session, wanted.email) is not None:
            raise Conflict(f"{wanted.email} has an account already.")
        user = User(
            email=wanted.email,
            name=wanted.name,
            role=wanted.role,
            password_hash=hashed,
            created_at=now,
            confirmed_at=now,
        )
        work.session.add(user)
        work.session.flush()
        organisation_id = _join(work, user, wanted.organisation, now)
        timeline.append_account_event(
            work, fact="user_created", now=now, user_id=user.id, organisation_id=organisation_id
        )
        if hashed is None:
            _invite(work, user, organisation_id, now)
        work.commit()
        return user.id


def block_user(portal: Portal, email: str, *, now: datetime) -> None:
    """Shut somebody out; every session ends with this. Raises NotFound."""
    with portal.work() as work:
        user = _user_called(work, email)
        user.blocked_at = user.blocked_at or now
        user.version += 1
        sessions.end_all(work, user.id, now=now)
        timeline.append_account_event(work, fact="user_blocked", now=now, user_id=user.id)
        work.commit()


def unblock_user(portal: Portal, email: str, *, now: datetime) -> None:
    """Let somebody in again. They log in anew. Raises NotFound."""
    with portal.work() as work:
        user = _user_called(work, email)
        user.blocked_at = None
        user.version += 1
        timeline.append_account_event(work, fact="user_unblocked", now=now, user_id=user.id)
        work.commit()


def _checked(portal: Portal, wanted: NewUser) -> NewUser:
    issues: list[Issue] = []
    email = cleaned_email(wanted.email, issues)
    name = cleaned_name(wanted.name, "name", "A user needs a name.", issues)
    if wanted.role not in ROLES:
        issues.append(blocking("FIELD", "role", f"The role must be one of {', '.join(ROLES)}."))
    if wanted.role == MEMBER_ROLE and not wanted.organisation.strip():
        issues.append(blocking("FIELD", "organisation", "A member needs an organisation."))
    organisation = (
        cleaned_name(wanted.organisation, "organisation", "", issues) if wanted.organisation.strip() else ""
    )
    if wanted.password is not None:
        issues += passwords.issues_with(wanted.password, name, email, organisation, portal.settings.site_name)
    require(issues)
    return NewUser(email, name, wanted.role, organisation, wanted.password)


def _join(work: UnitOfWork, user: User, name: str, now: datetime) -> int | None:
    """Into the organisation of that name, or a new one; whoever comes first owns it."""
    if not name:
        return None
    found = known_organisations.by_name_key(work.session, name_key(name))
    if found is None:
        return organisations.make(work, name=name, website="", owner=user, now=now)
    owned = any(each.role == OWNER for each in people.members(work.session, found.id))
    organisations.add_member(work, found.id, user.id, MEMBER if owned else OWNER, now=now)
    return found.id


def _invite(work: UnitOfWork, user: User, organisation_id: int | None, now: datetime) -> None:
    token = single_use.issue(
        work,
        single_use.INVITE,
        email=user.email,
        user_id=user.id,
        organisation_id=organisation_id,
        now=now,
    )
    outbox.put(work, "invited", now=now, user_id=user.id, token_id=token.id)


def _user_called(work: UnitOfWork, email: str) -> User:
    user = people.by_email(work.session, mail_address(email) or email)
    if user is None:
        raise NotFound(f"Nobody has the address {email}.")
    return user
