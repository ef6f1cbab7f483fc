"""A release in schema.org's words, for machines that read pages. The template writes it as data, never as script."""

from datetime import UTC, datetime
from typing import Any

from portal.outlets.public_release import FullRelease, Notice
from portal.rules.kinds.fields import typed
from portal.rules.reading import read_date, read_datetime, zone_or_none

Thing = dict[str, Any]  # one schema.org object
STATUS = {
    "cancelled": "https://schema.org/EventCancelled",
    "postponed": "https://schema.org/EventPostponed",
}


def news_article(release: FullRelease, base_url: str, site_name: str) -> Thing:
    """The NewsArticle, with the event, the match or the person that it is about."""
    address = base_url + release.url
    about = _about(release)
    corrections = [_correction(note) for note in release.notices if note.heading]
    return {
        "@context": "https://schema.org",
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
        "author": _organisation(release.organisation.name, base_url + release.organisation.url),
        "publisher": _organisation(site_name, base_url + "/"),
        **({"contentLocation": _place(release.place)} if release.place else {}),
        **({"about": about} if about else {}),
        **({"correction": corrections} if corrections else {}),
    }


def _correction(note: Notice) -> Thing:
    return {"@type": "CorrectionComment", "text": note.text, "datePublished": _instant(note.at)}


def _about(release: FullRelease) -> Thing | None:
    makers = {"event": _event, "sports": _match, "appointment": _person}
    return makers[release.kind](release) if release.kind in makers else None


def _event(release: FullRelease) -> Thing | None:
    answers = release.answers
    starts, ends = (
        _local(typed(answers, name), typed(answers, "timezone")) for name in ("starts_at", "ends_at")
    )
    venue = _place(typed(answers, "venue_name"), typed(answers, "street_address"))
    organiser = {"@type": "Organization", "name": typed(answers, "organiser")}
    event = {"name": typed(answers, "event_name"), "startDate": starts, "endDate": ends, "location": venue}
    status = STATUS.get(release.banner.id, "") if release.banner else ""
    return _filled("Event", **event, organizer=organiser, eventStatus=status) if starts else None


def _match(release: FullRelease) -> Thing | None:
    answers = release.answers
    home, away = ({"@type": "SportsTeam", "name": typed(answers, side)} for side in ("home", "away"))
    day = read_date(typed(answers, "date"))
    if not (home["name"] and away["name"] and day):
        return None
    name = f"{home['name']} v {away['name']}"
    venue = _place(typed(answers, "venue"))
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


def _place(name: str, address: str = "") -> Thing:
    return _filled("Place", name=name, address=address)


def _local(text: str, zone_name: str) -> str:
    """A local time with its offset, as schema.org wants it; without one where the zone cannot be read."""
    local = read_datetime(text)
    return local.replace(tzinfo=zone_or_none(zone_name)).isoformat() if local else ""


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
