"""Registering, and confirming by a mailed link that the address is one's own."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict, Unpack

from sqlalchemy.exc import IntegrityError

from portal.actions.accounts import limits, organisations, passwords, single_use
from portal.actions.accounts.account_input import cleaned_email, cleaned_name, cleaned_website, require
from portal.actions.accounts.sessions import Visit
from portal.actions.portal import Portal
from portal.rules import login_limits
from portal.rules.issues import Issue
from portal.storage import outbox, timeline
from portal.storage.queries import people
from portal.storage.tables import Organisation, SingleUseToken, User
from portal.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Application:
    """Somebody who wants to register, with everything cleaned."""

    name: str
    email: str
    password_hash: str
    organisation: str
    website: str


class Typed(TypedDict):
    """The fields of the form as they were typed."""

    name: str
    email: str
    password: str
    organisation: str
    website: str


def register(portal: Portal, *, visit: Visit, now: datetime, **typed: Unpack[Typed]) -> None:
    """Make an account that waits for its confirmation. Whether the address was known shows in its mailbox only.

    Raises Invalid, Throttled.
    """
    issues: list[Issue] = []
    password = typed["password"]
    name = cleaned_name(typed["name"], "name", "Write your name.", issues)
    email = cleaned_email(typed["email"], issues)
    organisation = cleaned_name(
        typed["organisation"], "organisation", "Write the name of your organisation.", issues
    )
    website = cleaned_website(typed["website"], issues)
    issues += passwords.issues_with(password, name, email, organisation, website, portal.settings.site_name)
    require(issues)
    limits.begin_try(portal, login_limits.REGISTER, account=email, address_key=visit.address_key, now=now)
    hashed = passwords.hash_password(password)
    _apply(portal, Application(name, email, hashed, organisation, website), visit, now)


def confirm(portal: Portal, token: str, *, now: datetime) -> None:
    """The address is theirs. Pressing the button twice is no fault. Raises NotFound for a link that is not good."""
    with portal.work() as work:
        row = single_use.claimed(work.session, token, single_use.CONFIRM, portal.settings.mail_key)
        user = work.session.get(User, row.user_id) if row else None
        if row is not None and user is not None and row.used_at and user.confirmed_at:
            return
        row = single_use.read(work.session, token, single_use.CONFIRM, portal.settings.mail_key, now=now)
        single_use.use(work, row, now=now)
        user = work.session.get_one(User, row.user_id)
        confirm_user(work, user, now=now)
        limits.forgive(work, portal, user.email)
        work.commit()


def waiting_for_confirmation(portal: Portal, token: str, *, now: datetime) -> tuple[User, str]:
    """Whom a confirmation link is about, and for which organisation. Raises NotFound for a link that is not good."""
    with portal.database.reading() as session:
        row = single_use.read(session, token, single_use.CONFIRM, portal.settings.mail_key, now=now)
        organisation = session.get(Organisation, row.organisation_id) if row.organisation_id else None
        return session.get_one(User, row.user_id), organisation.name if organisation else ""


def confirm_user(work: UnitOfWork, user: User, *, now: datetime) -> None:
    """From now on this person can log in, and their organisation counts when names are compared."""
    if user.confirmed_at is not None:
        return
    user.confirmed_at = now
    work.session.flush()
    for organisation in people.organisations_of(work.session, user.id):
        organisations.flag_lookalike(work, organisation)
    timeline.append_account_event(work, fact="address_confirmed", now=now, user_id=user.id)


def _apply(portal: Portal, application: Application, visit: Visit, now: datetime) -> None:
    """Two who register one address or one name at the same moment: the second is looked at once more."""
    for tries_left in (1, 0):
        try:
            with portal.work() as work:
                _take_application(work, application, visit, now)
                work.commit()
                return
        except IntegrityError:
            if not tries_left:
                raise


def _take_application(work: UnitOfWork, application: Application, visit: Visit, now: datetime) -> None:
    user = people.by_email(work.session, application.email)
    if user is not None and user.confirmed_at is not None:
        _say_registered_already(work, user, visit, now)
        return
    if user is None:
        user = _new_user(work, application, now)
        organisation_id = _new_organisation(work, user, application, now)
    else:
        organisation_id = _begin_again(work, user, application, now)
    token = single_use.issue(
        work,
        single_use.CONFIRM,
        email=user.email,
        user_id=user.id,
        organisation_id=organisation_id,
        now=now,
    )
    _note_registration(work, user, token, visit, now)


def _new_user(work: UnitOfWork, application: Application, now: datetime) -> User:
    user = User(
        email=application.email,
        name=application.name,
        password_hash=application.password_hash,
        created_at=now,
    )
    work.session.add(user)
    work.session.flush()
    return user


def _new_organisation(work: UnitOfWork, owner: User, application: Application, now: datetime) -> int:
    return organisations.make(
        work, name=application.organisation, website=application.website, owner=owner, now=now
    )


def _begin_again(work: UnitOfWork, user: User, application: Application, now: datetime) -> int:
    """An account that nobody confirmed holds no one's place: what is typed last stands, older links end."""
    user.name, user.password_hash = application.name, application.password_hash
    single_use.end_others(work, single_use.CONFIRM, user.id, now=now)
    waiting = people.organisations_of(work.session, user.id)
    if not waiting:
        return _new_organisation(work, user, application, now)
    organisations.rename(work, waiting[0], application.organisation, application.website)
    return waiting[0].id


def _note_registration(
    work: UnitOfWork, user: User, token: SingleUseToken, visit: Visit, now: datetime
) -> None:
    timeline.append_account_event(
        work,
        fact="registered",
        now=now,
        user_id=user.id,
        organisation_id=token.organisation_id,
        address_key=visit.address_key,
    )
    outbox.put(work, "registered", now=now, user_id=user.id, token_id=token.id)


def _say_registered_already(work: UnitOfWork, user: User, visit: Visit, now: datetime) -> None:
    timeline.append_account_event(
        work, fact="registered_again", now=now, user_id=user.id, address_key=visit.address_key
    )
    outbox.put(work, "registered_again", now=now, user_id=user.id)
