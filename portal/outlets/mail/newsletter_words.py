"""What mails to readers of the daily e-mail say: their links, and in words what was chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.rules import newsletter_links as links
from portal.rules.kinds import KINDS
from portal.rules.reader_choice import Choice, from_json
from portal.rules.shown_times import offset_name
from portal.settings import Settings
from portal.storage.queries.mailing import Occasion
from portal.storage.tables import Place
from portal.text.places import country_name, shown_city
from portal.text.slugs import countries_by_slug


def words(occasion: Occasion, settings: Settings, now: datetime) -> dict[str, Any]:
    """Nothing for mails that go to nobody of the readers."""
    reader = occasion.subscriber
    if reader is None:
        return {}
    home, key = settings.base_url.rstrip("/"), settings.mail_key
    return {
        "reader_state": reader.state,
        "digest_at": digest_time(settings, now),
        "asked": choice_in_words(from_json(reader.asked_for), occasion.places),
        "something_waits": bool(reader.asked_for),
        "confirm_page": home + links.confirm_path(key, reader.id, reader.nonce, reader.asked_at),
        "confirm_until": links.good_until(reader.asked_at),
        "preferences_page": home + links.preferences_path(key, reader.id, reader.nonce),
        "unsubscribe_page": home + links.unsubscribe_path(key, reader.id, reader.nonce),
        "ask_page": f"{home}/newsletter",
    }


def digest_time(settings: Settings, now: datetime) -> str:
    """`06:00 GMT+8`."""
    return f"{settings.digest_at:%H:%M} {offset_name(now.astimezone(ZoneInfo(settings.timezone)))}"


def choice_in_words(choice: Choice, places: Mapping[str, Place]) -> str:
    """`community and sport from Cambodia or Malaysia`, `everything`."""
    kinds = _listed([KINDS[kind].plural.lower() for kind in choice.kinds if kind in KINDS], "and")
    where = _listed([place_words(slug, places) for slug in choice.places], "or")
    return (kinds or "everything") + (f" from {where}" if where else "")


def place_words(slug: str, places: Mapping[str, Place]) -> str:
    """`Cambodia`, or `Battambang, Cambodia`; a place that is gone keeps its slug."""
    if slug in countries_by_slug():
        return country_name(countries_by_slug()[slug])
    place = places.get(slug)
    return f"{shown_city(place.city, place.country, 'en')}, {country_name(place.country)}" if place else slug


def _listed(names: Sequence[str], last: str) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"
