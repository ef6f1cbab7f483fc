"""When a release leaves the lists by itself: an event on the day after it ended, everything else never."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.rules.reading import read_datetime, zone_or_none


def expiry_of(kind: str, values: Mapping[str, str], live_from: datetime) -> datetime | None:
    """The instant (UTC) at which the day after an event's last day begins where it takes place; None for never.

    An event that was over before its release went public is a report and stays until an editor sets a date.
    """
    if kind != "event":
        return None
    ends = read_datetime(values.get("ends_at", "")) or read_datetime(values.get("starts_at", ""))
    zone = zone_or_none(values.get("timezone", ""))
    if ends is None or zone is None:
        return None
    over = start_of(ends.date() + timedelta(days=1), zone)
    return over if over > live_from else None


def corrected_expiry(
    kind: str,
    was: Mapping[str, str],
    becomes: Mapping[str, str],
    *,
    expires_at: datetime | None,
    live_from: datetime,
) -> datetime | None:
    """The expiry after a correction: it moves with an event's end, unless an editor had set a date by hand."""
    by_itself = expires_at == expiry_of(kind, was, live_from)
    return expiry_of(kind, becomes, live_from) if by_itself else expires_at


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which a day begins in a zone."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
