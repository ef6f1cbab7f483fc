"""`/newsroom/numbers`: plain counts of the desk and of the daily e-mail; nobody is tracked for them."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from portal.outlets.mail.newsletter_words import place_words
from portal.rules.kinds import KINDS
from portal.storage.queries import desk_numbers
from portal.storage.queries.newsletter import newsletter_numbers, subscribers
from portal.web.access import access, now, portal, settings
from portal.web.moderating import blueprint

DAYS = 30


@blueprint.get("/numbers")
@access("newsroom")
def numbers() -> str:
    moment = now()
    since = _start_of(moment, DAYS)
    with portal().database.reading() as session:
        desk = desk_numbers.desk_numbers(session, since=since, now=moment)
        return render_template(
            "moderating/numbers.html",
            days=DAYS,
            desk=desk,
            median=span_in_words(desk.median),
            readers=newsletter_numbers.readers(session, moment),
            kinds=_kinds(session),
            places=_places(session),
            issues=_issues(session, since),
        )


def span_in_words(span: timedelta | None) -> str:
    """`1 h 12 min`, `2 d 3 h`; nothing for none."""
    if span is None:
        return ""
    minutes = round(span.total_seconds() / 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60:02} min" if hours else f"{minutes} min"


def _start_of(moment: datetime, days: int) -> datetime:
    """Midnight at the site, so many days ago."""
    zone = settings().zone
    day = moment.astimezone(zone).date() - timedelta(days=days)
    return datetime.combine(day, time(), tzinfo=zone)


def _kinds(session: Session) -> list[tuple[str, int]]:
    found = newsletter_numbers.by_choice(session, "kind")
    return [
        (KINDS[value].plural if value in KINDS else value or "Every kind", count) for value, count in found
    ]


def _places(session: Session) -> list[tuple[str, int]]:
    found = newsletter_numbers.by_choice(session, "place")
    known = subscribers.places_named(session, [value for value, _count in found if value])
    return [(place_words(value, known) if value else "The whole region", count) for value, count in found]


def _issues(session: Session, since: datetime) -> list[dict[str, Any]]:
    """Each issue with how many left on its day."""
    zone = settings().zone
    left = Counter(at.astimezone(zone).date() for at in newsletter_numbers.left_since(session, since))
    found = newsletter_numbers.issues(session)
    return [
        {**vars(each), "day": day, "left": left[day]}
        for each in found
        for day in [date.fromisoformat(each.date)]
    ]
