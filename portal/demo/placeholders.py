"""Days that move with the moment of loading, so that no demo text grows old.

A placeholder is `{form:offset}`, counted in days from the day of loading in the site's zone:
`{date:+12d}` becomes `6 December 2026` when it is loaded on 24 November 2026.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from babel.dates import format_date

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PLACEHOLDER = re.compile(
    r"\{(?P<form>[a-z]+)(?:@(?P<language>[a-z]{2}))?:(?P<days>[+-]\d{1,4})d"
    rf"(?: (?P<weekday>{'|'.join(WEEKDAYS)})(?:\+(?P<after>\d))?)?(?: (?P<clock>\d\d:\d\d))?\}}"
)
_FORMS: Mapping[str, Callable[[date, str], str]] = {
    "date": lambda day, language: format_date(day, "d MMMM y" if language == "en" else "long", language),
    "daymonth": lambda day, language: format_date(day, "d MMMM", language),
    "weekday": lambda day, language: format_date(day, "EEEE", language),
    "month": lambda day, language: format_date(day, "MMMM y", language),
    "year": lambda day, _language: str(day.year),
    "iso": lambda day, _language: day.isoformat(),
    "isotime": lambda day, _language: day.isoformat(),
    "numeric": lambda day, _language: f"{day.day}.{day.month}.{day.year}",
}


def filled(text: str, today: date) -> str:
    """The text with every placeholder replaced. Raises ValueError for one that cannot be read."""
    done = _PLACEHOLDER.sub(lambda found: _replacement(found, today), text)
    if "{" in done:
        raise ValueError(f"A placeholder of the demo data cannot be read: {done[done.index('{') :][:40]}")
    return done


def _replacement(found: re.Match[str], today: date) -> str:
    form, clock = found["form"], found["clock"]
    if form not in _FORMS or (clock is not None) != (form == "isotime"):
        return found[0]
    shown = _FORMS[form](_day(found, today), found["language"] or "en")
    return f"{shown}T{clock}" if clock else shown


def _day(found: re.Match[str], today: date) -> date:
    days = int(found["days"])
    day = today + timedelta(days=days)
    if found["weekday"] is None:
        return day
    wanted = WEEKDAYS.index(found["weekday"])
    # Away from the day of loading, so that what has happened stays past and what is announced stays ahead.
    away = (wanted - day.weekday()) % 7 if days >= 0 else -((day.weekday() - wanted) % 7)
    return day + timedelta(days=away + int(found["after"] or 0))
