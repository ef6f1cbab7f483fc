"""Which of two releases that wait equally long an editor should open first."""

from datetime import UTC, date, datetime, timedelta

from portal.rules.issues import Issue
from portal.rules.kinds.fields import Values, typed
from portal.rules.publication_time import wish
from portal.rules.reading import read_date, read_datetime


def priority(
    values: Values, flags: set[str] | frozenset[str], now: datetime, *, site_timezone: str = "UTC"
) -> int:
    """0 to 100, higher is sooner: a wished time that is near, news that is of today, checks that take longer."""
    return min(100, _for_wish(values, now, site_timezone) + _for_day(values, now) + (10 if flags else 0))


def _for_wish(values: Values, now: datetime, site_timezone: str) -> int:
    names = ("timing", "release_at", "release_timezone", "release_fold")
    read = wish(*(typed(values, name) for name in names), site_timezone=site_timezone)
    if isinstance(read, Issue) or read.at is None:
        return 10
    left = read.at - now
    if left <= timedelta(hours=6):
        return 60
    return 40 if left <= timedelta(hours=24) else 0


def _for_day(values: Values, now: datetime) -> int:
    days_away = [abs((day - now.astimezone(UTC).date()).days) for day in _days(values)]
    nearest = min(days_away, default=999)
    if nearest <= 1:
        return 30
    return 15 if nearest <= 7 else 0


def _days(values: Values) -> list[date]:
    starts = read_datetime(typed(values, "starts_at"))
    read = [
        read_date(typed(values, "effective_date")),
        read_date(typed(values, "date")),
        starts and starts.date(),
    ]
    return [day for day in read if day]
