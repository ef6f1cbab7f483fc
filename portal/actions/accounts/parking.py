"""What somebody typed when their login had run out waits for that same person."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, select

from portal.actions.portal import Portal
from portal.rules.logins import PARKED_FOR
from portal.storage.tables import ParkedForm

MOST_FORMS = 20
Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Parked:
    """A form that waits: where it was sent to, and what stood in it."""

    sent_to: str
    fields: Fields


def park(portal: Portal, user_id: int, page: str, form: Parked, *, now: datetime) -> None:
    """Keep a form for one person and one page; a newer form of the page replaces the older."""
    with portal.work() as work:
        work.session.execute(delete(ParkedForm).where(ParkedForm.user_id == user_id, ParkedForm.path == page))
        work.session.add(
            ParkedForm(
                user_id=user_id,
                path=page,
                fields=json.dumps(asdict(form), ensure_ascii=False),
                parked_at=now,
            )
        )
        work.session.flush()
        newest = (
            select(ParkedForm.id)
            .where(ParkedForm.user_id == user_id)
            .order_by(ParkedForm.id.desc())
            .limit(MOST_FORMS)
        )
        work.session.execute(
            delete(ParkedForm).where(ParkedForm.user_id == user_id, ParkedForm.id.not_in(newest))
        )
        work.commit()


def parked(portal: Portal, user_id: int, page: str, *, now: datetime) -> Parked | None:
    """What waits for this person at this page."""
    with portal.database.reading() as session:
        found = session.scalar(
            select(ParkedForm.fields)
            .where(
                ParkedForm.user_id == user_id,
                ParkedForm.path == page,
                ParkedForm.parked_at > now - PARKED_FOR,
            )
            .order_by(ParkedForm.id.desc())
            .limit(1)
        )
    if found is None:
        return None
    kept = json.loads(found)
    return Parked(kept["sent_to"], [(str(name), str(value)) for name, value in kept["fields"]])


def forget(portal: Portal, user_id: int, page: str) -> None:
    """The page was saved: what waited has been dealt with."""
    with portal.work() as work:
        work.session.execute(delete(ParkedForm).where(ParkedForm.user_id == user_id, ParkedForm.path == page))
        work.commit()
