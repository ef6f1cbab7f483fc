"""Logins as rows: a login ends when its row ends, whatever copies of the cookie exist."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import update

from portal.actions.portal import Portal
from portal.rules.logins import ABSOLUTE, is_alive, is_stale
from portal.rules.permissions import Person
from portal.storage.queries import people, sessions
from portal.storage.tables import Session, User
from portal.storage.unit_of_work import UnitOfWork

LONGEST_AGENT = 120


@dataclass(frozen=True)
class Visit:
    """From where somebody came: the browser's name and hashed networks. Never the address itself.

    `address_key` is one connection (an IPv4 address, an IPv6 /64), `network_key` what lies around it (/24, /56),
    `site_key` the /48 of an IPv6 address.
    """

    agent: str = ""
    address_key: str = ""
    network_key: str = ""
    site_key: str = ""


@dataclass(frozen=True)
class Login:
    """A login that is good now, with the person as the permission table sees them. `has_parked`: forms wait for them."""

    session_id: int
    person: Person
    organisation_name: str
    last_seen_at: datetime
    has_parked: bool = True


def begin(work: UnitOfWork, user: User, visit: Visit, *, now: datetime) -> str:
    """Open a session and return its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    work.session.add(
        Session(
            token_hash=hash_of(token),
            user_id=user.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + ABSOLUTE,
            agent=visit.agent[:LONGEST_AGENT],
            address_key=visit.address_key,
        )
    )
    work.session.flush()
    return token


def find(portal: Portal, token: str, *, now: datetime) -> Login | None:
    """The login behind a cookie's token, with memberships read anew; None when it is no longer good."""
    with portal.database.reading() as session:
        found = sessions.with_person(session, hash_of(token))
        if found is None or not _is_good(found[0], now):
            return None
        row, memberships, has_parked = found
        person, organisation = people.person_of(row.user, memberships)
        return Login(row.id, person, organisation, row.last_seen_at, has_parked)


def open_sessions(portal: Portal, person: Person, *, now: datetime) -> list[Session]:
    """Where somebody is logged in, the newest first."""
    with portal.database.reading() as session:
        return list(sessions.alive_of(session, person.id, now))


def whose_ran_out(portal: Portal, token: str) -> int | None:
    """The id of the user whose login this was, where it ran out by itself.

    None for a stranger, a blocked user, and a login that was ended: whoever ended it wants nothing more from its cookie.
    """
    with portal.database.reading() as session:
        row = sessions.by_hash(session, hash_of(token))
        if row is None or row.ended_at is not None or row.user.blocked_at is not None:
            return None
        return row.user_id


def note_use(portal: Portal, login: Login, *, now: datetime) -> None:
    """Keep a session from idling out; written once in a while, not at every request."""
    if not is_stale(login.last_seen_at, now):
        return
    with portal.work() as work:
        work.session.execute(
            update(Session)
            .where(Session.id == login.session_id, Session.last_seen_at < now)
            .values(last_seen_at=now)
        )
        work.commit()


def end_all(work: UnitOfWork, user_id: int, *, now: datetime, but: int | None = None) -> None:
    """End every session of a user, all but one where that is named."""
    statement = update(Session).where(Session.user_id == user_id, Session.ended_at.is_(None))
    if but is not None:
        statement = statement.where(Session.id != but)
    work.session.execute(statement.values(ended_at=now).execution_options(synchronize_session=False))


def end(work: UnitOfWork, session_id: int, *, now: datetime) -> None:
    """End one session."""
    work.session.execute(
        update(Session).where(Session.id == session_id, Session.ended_at.is_(None)).values(ended_at=now)
    )


def hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _is_good(row: Session, now: datetime) -> bool:
    good = is_alive(last_seen=row.last_seen_at, expires=row.expires_at, ended=row.ended_at, now=now)
    return good and row.user.blocked_at is None and row.user.confirmed_at is not None
