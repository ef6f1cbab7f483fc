"""A release in schema.org's words, for machines that read pages. The template writes it as data, never as script."""

import re
from datetime import UTC, datetime
from typing import Any

from portal.outlets.public_release import FullRelease, Notice
from portal.rules.kinds.fields import typed
from portal.rules.reading import is_url, read_date, read_datetime, zone_or_none
from portal.web.static_files import static_url

CONTEXT = "https://schema.org"
Thing = dict[str, Any]  # one schema.org object
_SCHEDULED = "https://schema.org/EventScheduled"
_FAR = r"(?:online|zoom|webinar|live ?stream(?:ed)?|google meet|microsoft teams|virtual(?:ly)?)\b"
_ONLINE = re.compile(rf"^(?:on |by |via |held )?{_FAR}", re.IGNORECASE)
_ONLINE_TOO = re.compile(rf"(?:\band|\bor|\balso|[,+/&(]) ?(?:on |by |via )?{_FAR}", re.IGNORECASE)
_FREE = (
    "free",
    "free of charge",
    "free admission",
    "free entry",
    "no charge",
    "gratis",
    "percuma",
    "miễn phí",
    "ฟรี",
    "免费",
    "免費",
)
_OF_ONE_CURRENCY = re.compile(
    r"(?P<before>[A-Z]{3}|[A-Z]{0,2}\$|RM|Rp|₱|฿|₫|៛|₭|€|£|¥)?\s*(?P<price>\d{1,3}(?:,\d{3})+|\d+)(?P<cents>\.\d\d)?\s*(?P<after>[A-Z]{3})?"
)
_CURRENCIES = {
    "S$": "SGD",
    "SG$": "SGD",
    "US$": "USD",
    "A$": "AUD",
    "HK$": "HKD",
    "NZ$": "NZD",
    "B$": "BND",
    "RM": "MYR",
}
_CURRENCIES |= {
    "Rp": "IDR",
    "₱": "PHP",
    "฿": "THB",
    "₫": "VND",
    "៛": "KHR",
    "₭": "LAK",
    "€": "EUR",
    "£": "GBP",
}
_ICON, _ICON_SIZE = "icon-512.png", 512
STATUS = {
    "cancelled": "https://schema.org/EventCancelled",
    "postponed": "https://schema.org/EventPostponed",
}


def things(release: FullRelease, base_url: str, site_name: str) -> list[Thing]:
    """The NewsArticle, and beside it the event that it is about: searches for events look for one of its own."""
    event = _event(release, base_url) if release.kind == "event" else None
    return [news_article(release, base_url, site_name), *([event] if event else [])]


def news_article(release: FullRelease, base_url: str, site_name: str) -> Thing:
    """The NewsArticle, with the event, the match or the person that it is about."""
    address = base_url + release.url
    about = _about(release, base_url)
    corrections = [_correction(note) for note in release.notices if note.heading]
    supplier = _organisation(release.organisation.name, base_url + release.organisation.url)
    return {
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "headline": release.headline,
        "description": release.summary or release.excerpt,
        "datePublished": _instant(release.published_at),
        "dateModified": _instant(release.updated_at),
        "inLanguage": release.language,
        "url": address,
        "mainEntityOfPage": address,
        "identifier": release.ref,
        "articleSection": release.kind_label,
        "isAccessibleForFree": True,
        "author": supplier,
        "sourceOrganization": supplier,
        "publisher": _organisation(site_name, base_url + "/") | {"logo": _logo(base_url)},
        **({"contentLocation": _place(release.place)} if release.place else {}),
        **({"about": about} if about else {}),
        **({"correction": corrections} if corrections else {}),
    }


def _logo(base_url: str) -> Thing:
    address = base_url + static_url(_ICON)
    return {"@type": "ImageObject", "url": address, "width": _ICON_SIZE, "height": _ICON_SIZE}


def _correction(note: Notice) -> Thing:
    return {"@type": "CorrectionComment", "text": note.text, "datePublished": _instant(note.at)}


def _about(release: FullRelease, base_url: str) -> Thing | None:
    if release.kind == "event":
        event = _event(release, base_url)
        return {name: event[name] for name in ("@type", "@id", "name", "startDate", "url")} if event else None
    makers = {"sports": _match, "appointment": _person}
    return makers[release.kind](release) if release.kind in makers else None


def _event(release: FullRelease, base_url: str) -> Thing | None:
    answers, address = release.answers, base_url + release.url
    starts, ends = (
        _local(typed(answers, name), typed(answers, "timezone")) for name in ("starts_at", "ends_at")
    )
    venue = typed(answers, "venue_name")
    found = _filled(
        "Event",
        name=typed(answers, "event_name") or release.headline,
        description=release.summary or release.excerpt,
        url=address,
        startDate=starts,
        endDate=ends,
        doorTime=_local(typed(answers, "doors_at"), typed(answers, "timezone")),
        eventStatus=STATUS.get(release.banner.id if release.banner else "", _SCHEDULED),
        eventAttendanceMode=f"https://schema.org/{_mode(venue)}EventAttendanceMode",
        location=_place(venue, _address(release, typed(answers, "street_address"))),
        organizer={"@type": "Organization", "name": typed(answers, "organiser") or release.organisation.name},
        offers=_offer(typed(answers, "price"), typed(answers, "ticket_url"), address),
        inLanguage=release.language,
    )
    return {"@context": CONTEXT, "@id": f"{address}#event", **found} if starts else None


def _mode(venue: str) -> str:
    """Whether one has to go there, by what was typed as its venue."""
    return "Online" if _ONLINE.search(venue) else "Mixed" if _ONLINE_TOO.search(venue) else "Offline"


def _address(release: FullRelease, street: str = "") -> Thing:
    return _filled(
        "PostalAddress", streetAddress=street, addressLocality=release.city, addressCountry=release.country
    )


def _offer(price: str, tickets: str, page: str) -> Thing | None:
    """What it costs as it was typed; as a number too where that is one price in one currency, or none at all."""
    if not price:
        return None
    offer = _filled("Offer", description=price, url=tickets if is_url(tickets) else page)
    return {**offer, **_number(price)}


def _number(price: str) -> Thing:
    if price.strip(" .").lower() in _FREE:
        return {"price": "0"}
    found = _OF_ONE_CURRENCY.fullmatch(price.strip())
    sign = (found["before"] or found["after"] or "") if found else ""
    currency = _CURRENCIES.get(sign, sign if len(sign) == 3 and sign.isalpha() else "")
    if not found or not currency or (found["before"] and found["after"]):
        return {}
    return {"price": found["price"].replace(",", "") + (found["cents"] or ""), "priceCurrency": currency}


def _match(release: FullRelease) -> Thing | None:
    answers = release.answers
    home, away = ({"@type": "SportsTeam", "name": typed(answers, side)} for side in ("home", "away"))
    day = read_date(typed(answers, "date"))
    if not (home["name"] and away["name"] and day):
        return None
    name = f"{home['name']} v {away['name']}"
    venue = _place(typed(answers, "venue"), _address(release)) if typed(answers, "venue") else None
    match = {
        "name": name,
        "startDate": day.isoformat(),
        "location": venue,
        "homeTeam": home,
        "awayTeam": away,
    }
    return _filled("SportsEvent", **match, sport=typed(answers, "sport"))


def _person(release: FullRelease) -> Thing | None:
    answers = release.answers
    employer = {"@type": "Organization", "name": typed(answers, "employer")}
    who = {"name": typed(answers, "person_name"), "jobTitle": typed(answers, "position")}
    return _filled("Person", **who, worksFor=employer) if who["name"] else None


def _filled(kind: str, **parts: Any) -> Thing:  # strings and Things
    return {"@type": kind, **{name: part for name, part in parts.items() if part}}


def _organisation(name: str, url: str) -> Thing:
    return {"@type": "Organization", "name": name, "url": url}


def _place(name: str, address: Thing | None = None) -> Thing:
    return _filled("Place", name=name, address=address)


def _local(text: str, zone_name: str) -> str:
    """A local time with its offset, as schema.org wants it; without one where the zone cannot be read."""
    local = read_datetime(text)
    return local.replace(tzinfo=zone_or_none(zone_name)).isoformat() if local else ""


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
