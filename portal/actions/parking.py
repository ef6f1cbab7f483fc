"""What somebody typed when their login had run out waits for that same person."""

import json
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import delete, select

from portal.actions.portal import Portal
from portal.rules.logins import PARKED_FOR
from portal.storage.tables import ParkedForm

MOST_FORMS = 20
LONGEST_PATH = 300
Fields = list[tuple[str, str]]


def park(portal: Portal, user_id: int, path: str, fields: Fields, *, now: datetime) -> None:
    """Keep a form's fields for one person and one page; a newer form of the page replaces the older."""
    with portal.work() as work:
        work.session.execute(
            delete(ParkedForm).where(ParkedForm.user_id == user_id, ParkedForm.path == _page(path))
        )
        work.session.add(
            ParkedForm(
                user_id=user_id,
                path=_page(path),
                fields=json.dumps(fields, ensure_ascii=False),
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


def parked(portal: Portal, user_id: int, path: str, *, now: datetime) -> Fields | None:
    """What waits for this person at this page."""
    with portal.database.reading() as session:
        found = session.scalar(
            select(ParkedForm.fields)
            .where(
                ParkedForm.user_id == user_id,
                ParkedForm.path == _page(path),
                ParkedForm.parked_at > now - PARKED_FOR,
            )
            .order_by(ParkedForm.id.desc())
            .limit(1)
        )
    return [(str(name), str(value)) for name, value in json.loads(found)] if found else None


def forget(portal: Portal, user_id: int, path: str) -> None:
    """The page was saved: what waited has been dealt with."""
    with portal.work() as work:
        work.session.execute(
            delete(ParkedForm).where(ParkedForm.user_id == user_id, ParkedForm.path == _page(path))
        )
        work.commit()


def _page(path: str) -> str:
    return urlsplit(path).path[:LONGEST_PATH]
