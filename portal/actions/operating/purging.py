"""What nobody needs any more is deleted by the clock, a little at a time: ended logins, forms nobody came back for,
presses that will not come a second time, registrations nobody confirmed, and networks from where nobody has logged in
for long."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select

from portal.actions.portal import Portal
from portal.rules.login_limits import KNOWN_FOR
from portal.rules.logins import CONFIRM_WITHIN, ENDED_FOR, PARKED_FOR, REGISTRATION_WAITS
from portal.rules.presses import KEPT_FOR
from portal.storage.tables import KnownNetwork, ParkedForm, PressedForm, Registration, Session

BATCH = 200
"""Rows of a table in one go: each is one short transaction, and the next tick goes on."""


def purge(portal: Portal, *, now: datetime) -> int:
    """Delete one batch of each table; answers how many rows went."""
    return sum(_purge(portal, table, over(now)) for table, over in _OVER.items())


def _purge(portal: Portal, table: type[Any], over: ColumnElement[bool]) -> int:
    """Looked up without a lock on writing: most ticks find nothing."""
    with portal.database.reading() as session:
        ids = list(session.scalars(select(table.id).where(over).limit(BATCH)))
    if not ids:
        return 0
    with portal.work() as work:
        work.session.execute(delete(table).where(table.id.in_(ids), over))
        work.commit()
    return len(ids)


def _ended_long_ago(now: datetime) -> ColumnElement[bool]:
    """A login that idled out still tells whose form it is that comes late, so it counts to its last possible day."""
    return or_(Session.ended_at < now - ENDED_FOR, Session.expires_at < now - ENDED_FOR)


def _parked_long_ago(now: datetime) -> ColumnElement[bool]:
    return ParkedForm.parked_at < now - PARKED_FOR


def _pressed_long_ago(now: datetime) -> ColumnElement[bool]:
    return PressedForm.at < now - KEPT_FOR


def _confirmed_by_nobody(now: datetime) -> ColumnElement[bool]:
    """Its link may have been mailed once more on the last day."""
    return Registration.asked_at < now - REGISTRATION_WAITS - CONFIRM_WITHIN


def _known_long_ago(now: datetime) -> ColumnElement[bool]:
    return KnownNetwork.seen_at < now - KNOWN_FOR


_OVER: dict[type[Any], Callable[[datetime], ColumnElement[bool]]] = {
    Session: _ended_long_ago,
    ParkedForm: _parked_long_ago,
    PressedForm: _pressed_long_ago,
    Registration: _confirmed_by_nobody,
    KnownNetwork: _known_long_ago,
}
