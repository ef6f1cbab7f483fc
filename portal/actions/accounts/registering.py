"""Registering, and confirming by a mailed link that the address is one's own.

Each try to register is kept by itself behind the link of its own mail, and nothing of it counts before that link is
pressed: so nobody who registers the same address once more can change what an earlier link confirms.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NotRequired, TypedDict, Unpack

from sqlalchemy.exc import IntegrityError

from portal.actions.accounts import limits, organisations, passwords, single_use
from portal.actions.accounts.account_input import cleaned_email, cleaned_name, cleaned_website, require
from portal.actions.accounts.sessions import Visit
from portal.actions.portal import Portal
from portal.rules import login_limits
from portal.rules.issues import Issue
from portal.rules.logins import CONFIRM_WITHIN
from portal.rules.refusals import NotFound
from portal.storage import outbox, timeline
from portal.storage.queries import people, registrations
from portal.storage.tables import Registration, SingleUseToken, User
from portal.storage.unit_of_work import UnitOfWork

LONGEST_PATH = 300


@dataclass(frozen=True)
class Application:
    """Somebody who wants to register, with everything cleaned."""

    name: str
    email: str
    password_hash: str
    organisation: str
    website: str
    next_page: str


class Typed(TypedDict):
    """The fields of the form as they were typed. `next_page`: the path on this site for which somebody registers."""

    name: str
    email: str
    password: str
    organisation: str
    website: str
    next_page: NotRequired[str]


@dataclass(frozen=True)
class Waiting:
    """What a confirming link is about: who asked for what, and when. `is_confirmed`: the address has its account,
    by this link or by `another` way."""

    email: str
    name: str
    organisation: str
    asked_at: datetime
    is_confirmed: bool
    another: bool
    expired: bool
    next_page: str


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
    limits.begin_try(portal, login_limits.REGISTER, account=email, visit=visit, now=now, mail_to=email)
    hashed = passwords.hash_password(password)
    wanted = typed.get("next_page", "")
    next_page = wanted if len(wanted) <= LONGEST_PATH else ""
    _apply(portal, Application(name, email, hashed, organisation, website, next_page), visit, now)


def send_again(portal: Portal, *, email: str, visit: Visit, now: datetime) -> None:
    """Mail the links of what waits for its confirmation once more, all of this address in one mail; where it has
    an account, that it has one. Whatever the address, the answer and its cost are alike. Raises Invalid, Throttled.
    """
    issues: list[Issue] = []
    address = cleaned_email(email, issues)
    require(issues)
    limits.begin_try(portal, login_limits.AGAIN, account=address, visit=visit, now=now, mail_to=address)
    with portal.work() as work:
        user = people.by_email(work.session, address)
        waiting = registrations.waiting(work.session, user.id, now) if user and not user.confirmed_at else []
        registrations.renew(work, [each.token_id for each in waiting], now + CONFIRM_WITHIN)
        told = user.id if user and (user.confirmed_at or waiting) and not user.blocked_at else None
        timeline.append_account_event(
            work,
            fact="confirmation_asked_again",
            now=now,
            user_id=user.id if user else None,
            address_key=visit.address_key,
        )
        fact = "confirmation_asked_again" if waiting else "confirmed_already"
        outbox.put(
            work, fact, now=now, user_id=told, token_id=waiting[-1].token_id if waiting and told else None
        )
        work.commit()


def confirm(portal: Portal, token: str, *, visit: Visit | None = None, now: datetime) -> bool:
    """The address is theirs: what was typed for this link holds from now on, and no other try of the address.

    Pressing the button twice is no fault: False where the address was confirmed before, and nothing changes. Raises
    NotFound for a link that is not good.
    """
    with portal.work() as work:
        row = single_use.claimed(work.session, token, single_use.CONFIRM, portal.settings.mail_key)
        if row is None:
            raise NotFound("This link no longer works.")
        user = people.locked(work.session, row.user_id)
        if user.confirmed_at is not None:
            return False
        row = single_use.read(work.session, token, single_use.CONFIRM, portal.settings.mail_key, now=now)
        single_use.use(work, row, now=now)
        typed = registrations.of_token(work.session, row.id)
        if typed is None and user.password_hash is None:
            raise NotFound("This link no longer works.")
        take_up(work, user, typed, now=now)
        limits.forgive(work, portal, user.email)
        limits.remember(work, user.id, visit or Visit(), now=now)
        work.commit()
        return True


def waiting_for_confirmation(portal: Portal, token: str, *, now: datetime) -> Waiting:
    """What a confirmation link is about, also when it was used or is too old. Raises NotFound for a made-up one."""
    with portal.database.reading() as session:
        row = single_use.claimed(session, token, single_use.CONFIRM, portal.settings.mail_key)
        if row is None:
            raise NotFound("This link no longer works.")
        user = session.get_one(User, row.user_id)
        typed = registrations.of_token(session, row.id)
        confirmed = user.confirmed_at is not None
        return Waiting(
            email=row.email,
            name=typed.name if typed else user.name,
            organisation=typed.organisation if typed else "",
            asked_at=row.created_at,
            is_confirmed=confirmed,
            another=confirmed and row.used_at is None,
            expired=now >= row.expires_at,
            next_page=typed.next_page if typed else "",
        )


def take_up(work: UnitOfWork, user: User, typed: Registration | None, *, now: datetime) -> None:
    """One try becomes the account: its name, password and organisation. What the others typed is forgotten.

    `typed` is None where nobody registered, or where it is too old: then the account has no organisation yet.
    The user's row must be locked.
    """
    if typed is not None:
        user.name, user.password_hash = typed.name, typed.password_hash
        _take_organisation(work, user, typed, now)
    confirm_user(work, user, now=now)


def take_newest(work: UnitOfWork, user: User, *, pressed_from: str, now: datetime) -> None:
    """The mailbox was proved by another link than a try's own: of the tries the newest counts, and one that came from
    where that link was pressed (a hashed address) before all others. The row must be locked."""
    if user.confirmed_at is not None:
        return
    waiting = registrations.waiting(work.session, user.id, now)
    newest = max(waiting, key=lambda each: (each.address_key == pressed_from, each.id), default=None)
    take_up(work, user, newest, now=now)


def confirm_user(work: UnitOfWork, user: User, *, now: datetime) -> None:
    """From now on this person can log in, and their organisation counts when names are compared."""
    if user.confirmed_at is not None:
        return
    user.confirmed_at = now
    work.session.flush()
    registrations.forget(work, user.id)
    for organisation in people.organisations_of(work.session, user.id):
        organisations.flag_lookalike(work, organisation)
    timeline.append_account_event(work, fact="address_confirmed", now=now, user_id=user.id)


def _take_organisation(work: UnitOfWork, user: User, typed: Registration, now: datetime) -> None:
    """Made now, or named anew where an earlier version of the portal made one at registering."""
    waiting = people.organisations_of(work.session, user.id)
    if waiting:
        organisations.rename(work, waiting[0], typed.organisation, typed.website)
    else:
        organisations.make(work, name=typed.organisation, website=typed.website, owner=user, now=now)


def _apply(portal: Portal, application: Application, visit: Visit, now: datetime) -> None:
    """Two who register one address at the same moment: the second is looked at once more."""
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
    user = user or _new_user(work, application, now)
    token = single_use.issue(work, single_use.CONFIRM, email=user.email, user_id=user.id, now=now)
    _keep(work, token, application, visit, now)
    _note_registration(work, user, token, visit, now)


def _new_user(work: UnitOfWork, application: Application, now: datetime) -> User:
    """An account that nobody can open: it has no password before a link is pressed."""
    user = User(email=application.email, name=application.name, created_at=now)
    work.session.add(user)
    work.session.flush()
    return user


def _keep(
    work: UnitOfWork, token: SingleUseToken, application: Application, visit: Visit, now: datetime
) -> None:
    assert token.user_id is not None  # issued for one
    work.session.add(
        Registration(
            token_id=token.id,
            user_id=token.user_id,
            name=application.name,
            password_hash=application.password_hash,
            organisation=application.organisation,
            website=application.website,
            next_page=application.next_page,
            address_key=visit.address_key,
            asked_at=now,
        )
    )
    work.session.flush()


def _note_registration(
    work: UnitOfWork, user: User, token: SingleUseToken, visit: Visit, now: datetime
) -> None:
    timeline.append_account_event(
        work, fact="registered", now=now, user_id=user.id, address_key=visit.address_key
    )
    outbox.put(work, "registered", now=now, user_id=user.id, token_id=token.id)


def _say_registered_already(work: UnitOfWork, user: User, visit: Visit, now: datetime) -> None:
    timeline.append_account_event(
        work, fact="registered_again", now=now, user_id=user.id, address_key=visit.address_key
    )
    outbox.put(work, "registered_again", now=now, user_id=user.id)
