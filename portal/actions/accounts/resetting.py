"""A forgotten password: a mailed link, good for an hour, that sets a new one and ends every session."""

from datetime import datetime

from portal.actions.accounts import limits, passwords, single_use
from portal.actions.accounts.account_input import cleaned_email, require
from portal.actions.accounts.logging_in import set_password
from portal.actions.accounts.registering import take_newest
from portal.actions.accounts.sessions import Visit
from portal.actions.portal import Portal
from portal.rules import login_limits
from portal.rules.issues import Issue
from portal.storage import outbox, timeline
from portal.storage.queries import people
from portal.storage.tables import User
from portal.storage.unit_of_work import UnitOfWork


def ask_for_reset(portal: Portal, *, email: str, visit: Visit, now: datetime) -> None:
    """Mail a link where the address has an account; nobody else learns whether it has. Raises Invalid, Throttled."""
    issues: list[Issue] = []
    address = cleaned_email(email, issues)
    require(issues)
    limits.begin_try(portal, login_limits.RESET, account=address, visit=visit, now=now, mail_to=address)
    with portal.work() as work:
        user = people.by_email(work.session, address)
        if user is None or user.blocked_at is not None:
            _note_stranger(work, visit, now)
        else:
            _mail_link(work, user, visit, now)
        work.commit()


def whose_reset(portal: Portal, token: str, *, now: datetime) -> User:
    """Whose password a link may set. Raises NotFound for a link that is not good."""
    with portal.database.reading() as session:
        row = single_use.read(session, token, single_use.RESET, portal.settings.mail_key, now=now)
        return session.get_one(User, row.user_id)


def reset(portal: Portal, token: str, password: str, *, visit: Visit | None = None, now: datetime) -> None:
    """Set the new password. The link also proves the mailbox, so it confirms a registration that waits, without the
    password that was typed there. Raises NotFound, Invalid."""
    user = whose_reset(portal, token, now=now)
    require(passwords.issues_with(password, user.name, user.email, portal.settings.site_name))
    hashed = passwords.hash_password(password)
    with portal.work() as work:
        row = single_use.read(work.session, token, single_use.RESET, portal.settings.mail_key, now=now)
        single_use.use(work, row, now=now)
        user = people.locked(work.session, row.user_id)
        pressed_from = visit or Visit()
        take_newest(work, user, pressed_from=pressed_from.address_key, now=now)
        set_password(work, user, hashed, now=now, actor_id=None)
        limits.forgive(work, portal, user.email)
        limits.remember(work, user.id, pressed_from, now=now)
        work.commit()


def _mail_link(work: UnitOfWork, user: User, visit: Visit, now: datetime) -> None:
    """Links that were mailed before stay good until one is used: a stranger who asks cannot end the owner's."""
    token = single_use.issue(work, single_use.RESET, email=user.email, user_id=user.id, now=now)
    timeline.append_account_event(
        work, fact="reset_asked", now=now, user_id=user.id, address_key=visit.address_key
    )
    outbox.put(work, "reset_asked", now=now, user_id=user.id, token_id=token.id)


def _note_stranger(work: UnitOfWork, visit: Visit, now: datetime) -> None:
    timeline.append_account_event(work, fact="reset_asked_unknown", now=now, address_key=visit.address_key)
