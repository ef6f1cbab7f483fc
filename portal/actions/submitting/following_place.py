"""What follows from the place of a release until its sender chooses otherwise: the zone of its time, the zone and the
currency of its facts.

A form offers them; what was offered and left alone moves with the country, what somebody changed stays. The content
remembers the names of what was changed, under `chosen`.
"""

from collections.abc import Mapping

from portal.actions.releases.content import Content, without_an_unwished_time
from portal.rules.kinds import Values, typed
from portal.text.places import currency_of
from portal.text.zones import usual_zone


def offers(values: Values, site_timezone: str) -> dict[str, str]:
    """The value of each such field by the place in these answers; empty where a place has no usual one."""
    country = typed(values, "country")
    zone = usual_zone(country, typed(values, "city"))
    return {"release_timezone": zone or site_timezone, "timezone": zone, "currency": currency_of(country)}


def open_offers(content: Content, site_timezone: str) -> dict[str, str]:
    """Those that a form still makes: the field is empty, and nobody has emptied it."""
    values, chosen = content.get("values", {}), content.get("chosen", ())
    found = offers(values, site_timezone).items()
    return {name: offer for name, offer in found if offer and not typed(values, name) and name not in chosen}


def followed(before: Content, after: Content, posted: Mapping[str, str], site_timezone: str) -> Content:
    """The content `after` a page was saved, with what was chosen on it remembered and the rest moved to the place's own.

    A release that runs as soon as it is approved keeps neither time nor zone.
    """
    old, new = offers(before["values"], site_timezone), offers(after["values"], site_timezone)
    chosen = {name for name in old if _is_chosen(name, before, after, posted, old[name])}
    moved = {
        name: new[name]
        for name in old.keys() - chosen - posted.keys()
        if name in after["values"] and (after["values"][name] or name != "currency")
    }
    kept = {**after, "values": {**after["values"], **moved}, "chosen": sorted(chosen)}
    timed = without_an_unwished_time(kept)
    return timed if timed["chosen"] else {key: value for key, value in timed.items() if key != "chosen"}


def _is_chosen(name: str, before: Content, after: Content, posted: Mapping[str, str], offer: str) -> bool:
    """Once changed, chosen: also where it is what we would offer at another place."""
    stood = before["values"].get(name, "").strip() or ("" if name in before.get("chosen", ()) else offer)
    if name in before.get("chosen", ()) or stood != offer:
        return True
    return name in posted and after["values"].get(name, "").strip() != stood
