"""What readers of the daily e-mail choose in its forms, checked. One place for the words of refusals."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.actions.accounts.account_input import CODE
from portal.rules.issues import Issue, blocking
from portal.rules.kinds import KINDS
from portal.rules.reader_choice import Choice
from portal.rules.reading import read_date
from portal.storage.queries import public_releases
from portal.text.slugs import countries_by_slug

LONGEST_PAUSE = timedelta(days=366)
LONGEST_SLUG = 120


def cleaned_choice(
    session: Session,
    kinds: Iterable[str],
    places: Iterable[str],
    issues: list[Issue],
    *,
    now: datetime,
    kept: Collection[str] = (),
) -> Choice:
    """Kinds and places, each once; issues are added for what nobody offered. `kept` are places chosen before.

    Every country may be chosen, whether or not it has a release, so that nothing shows by what is refused.
    """
    chosen = Choice(_once(kinds), _once(places))
    if any(kind not in KINDS for kind in chosen.kinds):
        issues.append(blocking(CODE, "kinds", "We do not have one of these kinds. Choose from the list."))
    if not all(place in kept or _is_known(session, place, now) for place in chosen.places):
        issues.append(blocking(CODE, "places", "We do not know one of these places. Choose from the list."))
    return chosen


def read_pause(typed: str, zone: ZoneInfo, issues: list[Issue], *, now: datetime) -> datetime | None:
    """The instant at which the day begins on which letters start again; None for no pause."""
    if not typed.strip():
        return None
    day = read_date(typed)
    problem = _problem_with(day, now.astimezone(zone).date())
    if problem or day is None:
        issues.append(blocking(CODE, "pause_until", problem))
        return None
    return datetime.combine(day, time(), tzinfo=zone)


def _problem_with(day: date | None, today: date) -> str:
    if day is None:
        return "This is not a date. Choose the day on which letters start again, or leave it empty."
    if day <= today:
        return "This day has begun or passed. Choose a later one, or leave it empty."
    if day - today > LONGEST_PAUSE:
        return "This is more than a year away. Choose an earlier day, or leave the list."
    return ""


def _once(chosen: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in chosen if each))


def _is_known(session: Session, slug: str, now: datetime) -> bool:
    if slug in countries_by_slug():
        return True
    is_plain = len(slug) <= LONGEST_SLUG and slug.isascii() and slug.replace("-", "").isalnum()
    return is_plain and public_releases.place(session, now, slug) is not None
