"""Logging in and out, and changing the password."""

from dataclasses import dataclass
from datetime import datetime

from portal.actions.accounts import limits, passwords, sessions, single_use
from portal.actions.accounts.account_input import require
from portal.actions.accounts.limits import Sleep, Try, hold_back
from portal.actions.accounts.sessions import Login, Visit
from portal.actions.portal import Portal
from portal.rules import login_limits
from portal.rules.issues import blocking
from portal.rules.permissions import Person
from portal.rules.refusals import Invalid
from portal.storage import outbox, timeline
from portal.storage.queries import people
from portal.storage.tables import User
from portal.storage.unit_of_work import UnitOfWork
from portal.text.addresses import mail_address

WRONG = "The e-mail address and the password do not match. Check both and try again."


@dataclass(frozen=True)
class Entry:
    """A login that worked: the token of its session and the role, which says where to go next."""

    token: str
    role: str


def log_in(
    portal: Portal, *, email: str, password: str, visit: Visit, now: datetime, sleep: Sleep | None = None
) -> Entry:
    """Open a session. Unknown, wrong, blocked and unconfirmed get one answer and take one time.

    Raises Invalid, or Throttled after too many failures.
    """
    _require_both(email, password)
    address = mail_address(email) or email.replace("\x00", "").strip().lower()[:254]
    tried = limits.begin_try(portal, login_limits.LOGIN, account=address, visit=visit, now=now)
    hold_back(tried, *([sleep] if sleep else []))
    with portal.database.reading() as session:
        user = people.by_email(session, address)
    at_home = tried is not None and tried.at_home
    fits = passwords.matches(password, user.password_hash if user else None, at_home=at_home)
    if user is None or not fits or user.blocked_at or not user.confirmed_at:
        _note_failure(portal, user, visit, now)
        raise _does_not_fit()
    if user.password_hash and passwords.should_be_renewed(user.password_hash):
        return _let_in(portal, user, visit, tried, now=now, renewed=passwords.hash_password(password))
    return _let_in(portal, user, visit, tried, now=now)


def log_out(portal: Portal, person: Person, session_id: int, *, now: datetime) -> None:
    """End one session, and with it every copy of its cookie."""
    with portal.work() as work:
        sessions.end(work, session_id, now=now)
        timeline.append_account_event(work, fact="logged_out", now=now, user_id=person.id, actor_id=person.id)
        work.commit()


def log_out_everywhere(portal: Portal, person: Person, *, now: datetime) -> None:
    """End all sessions of a person."""
    with portal.work() as work:
        sessions.end_all(work, person.id, now=now)
        timeline.append_account_event(
            work, fact="logged_out_everywhere", now=now, user_id=person.id, actor_id=person.id
        )
        work.commit()


def change_password(
    portal: Portal,
    login: Login,
    *,
    current: str,
    password: str,
    visit: Visit,
    now: datetime,
    sleep: Sleep | None = None,
) -> str:
    """Set a new password; every session ends, and the token of a new one is returned. Raises Invalid, Throttled.

    Wrong present passwords count for the login that they are typed in: nobody without it can use them up.
    """
    person, missing = login.person, "Write your present password."
    issues = [] if current else [blocking("FIELD", "current_password", missing)]
    issues += passwords.issues_with(password, person.name, person.email, portal.settings.site_name)
    require(issues)
    tried = limits.begin_try(
        portal, login_limits.PASSWORD, account=f"session {login.session_id}", visit=visit, now=now
    )
    hold_back(tried, *([sleep] if sleep else []))
    with portal.database.reading() as session:
        known = session.get_one(User, person.id).password_hash
    if not passwords.matches(current, known, at_home=True):
        sentence = "This is not your present password. Try it again."
        raise Invalid(sentence, [blocking("FIELD", "current_password", sentence)])
    hashed = passwords.hash_password(password)
    with portal.work() as work:
        limits.succeed(work, tried)
        user = work.session.get_one(User, person.id)
        set_password(work, user, hashed, now=now, actor_id=person.id)
        limits.remember(work, user.id, visit, now=now)
        token = sessions.begin(work, user, visit, now=now)
        work.commit()
    return token


def set_password(
    work: UnitOfWork, user: User, password_hash: str, *, now: datetime, actor_id: int | None
) -> None:
    """A new password ends every session and every link to set another, and the person is told."""
    user.password_hash = password_hash
    user.version += 1
    sessions.end_all(work, user.id, now=now)
    single_use.end_others(work, single_use.RESET, user.id, now=now)
    timeline.append_account_event(work, fact="password_changed", now=now, user_id=user.id, actor_id=actor_id)
    outbox.put(work, "password_changed", now=now, user_id=user.id)


def _require_both(email: str, password: str) -> None:
    """A form that was sent half empty is no try."""
    issues = [] if email.strip() else [blocking("FIELD", "email", "Write your e-mail address.")]
    issues += [] if password else [blocking("FIELD", "password", "Write your password.")]
    require(issues)


def _note_failure(portal: Portal, user: User | None, visit: Visit, now: datetime) -> None:
    with portal.work() as work:
        timeline.append_account_event(
            work,
            fact="login_failed",
            now=now,
            user_id=user.id if user else None,
            address_key=visit.address_key,
        )
        work.commit()


def _does_not_fit() -> Invalid:
    return Invalid(WRONG, [blocking("FIELD", "password", WRONG)])


def _let_in(
    portal: Portal, checked: User, visit: Visit, tried: Try | None, *, now: datetime, renewed: str = ""
) -> Entry:
    """`checked`: the user as the password was compared with; a change since then shuts the door."""
    with portal.work() as work:
        user = work.session.get(User, checked.id, with_for_update=True)
        if user is None or user.blocked_at or user.password_hash != checked.password_hash:
            raise _does_not_fit()
        limits.succeed(work, tried)
        limits.remember(work, user.id, visit, now=now)
        user.password_hash = renewed or user.password_hash
        token = sessions.begin(work, user, visit, now=now)
        timeline.append_account_event(
            work, fact="logged_in", now=now, user_id=user.id, actor_id=user.id, address_key=visit.address_key
        )
        work.commit()
        return Entry(token, user.role)
