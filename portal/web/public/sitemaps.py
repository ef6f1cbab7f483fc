"""The sitemap, in parts once there are many releases, and the news sitemap of the last two days."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.outlets import sitemaps
from portal.outlets.public_release import in_list
from portal.rules.kinds import KINDS
from portal.storage.queries import public_releases, sitemap
from portal.storage.queries.cursors import cursor, read_cursor
from portal.storage.queries.public_releases import Filter
from portal.storage.queries.sitemap import Address
from portal.web.access import access, now, portal, settings
from portal.web.public import blueprint
from portal.web.public.answers import public_answer

NEWS_AGE = timedelta(days=2)
PAGES = ("/", "/releases/")


@blueprint.get("/sitemap.xml")
@access("anyone")
def sitemap_xml() -> Response:
    """All of it where it fits in one file; else an index of the parts, each under this address with `after`."""
    base = settings().base_url.rstrip("/")
    with portal().database.reading() as session:
        body = _sitemap(session, now(), base, read_cursor(request.args.get("after")))
        return public_answer(session, now(), body, content_type=sitemaps.CONTENT_TYPE)


@blueprint.get("/news-sitemap.xml")
@access("anyone")
def news_sitemap_xml() -> Response:
    base, since = settings().base_url.rstrip("/"), now() - NEWS_AGE
    with portal().database.reading() as session:
        newest = public_releases.page(session, now(), Filter(), size=sitemap.PART)[: sitemap.PART]
        recent = [in_list(release) for release in newest if release.live_from >= since]
        body = sitemaps.news(recent, base, settings().site_name)
        return public_answer(session, now(), body, content_type=sitemaps.CONTENT_TYPE)


def _sitemap(session: Session, moment: datetime, base: str, after: tuple[datetime, int] | None) -> str:
    place = after or sitemap.BEGINNING
    end = sitemap.end_of_part(session, place)
    # What is kept has an end; what is not yet kept goes on for one part's length.
    size = sitemap.MOST_IN_PART if end and after else sitemap.PART + 1
    found = sitemap.part(session, moment, place, size, until=end)
    if after is None and len(found) <= sitemap.PART and end is None:
        return sitemaps.addresses([*_pages(session, moment, base), *_releases(base, found)])
    if after:
        pages = _pages(session, moment, base) if place == sitemap.BEGINNING else []
        return sitemaps.addresses([*pages, *_releases(base, found if end else found[: sitemap.PART])])
    places = sitemap.beginnings(session, moment)
    return sitemaps.index(f"{base}/sitemap.xml?after={cursor(*place)}" for place in places)


def _pages(session: Session, moment: datetime, base: str) -> list[tuple[str, datetime | None]]:
    """Every public page that is no release, by kind, place, organisation and day of the daily e-mail."""
    paths = (
        *PAGES,
        *(f"/releases/?kind={kind}" for kind in sitemap.kinds(session, moment, list(KINDS))),
        *(f"/releases/?place={slug}" for slug in sitemap.places(session, moment)),
        *(f"/organisations/{slug}" for slug in sitemap.organisations(session, moment)),
        *(f"/newsletter/issues/{day}" for day in sitemap.letters(session)),
    )
    return [(base + path, None) for path in paths]


def _releases(base: str, found: Iterable[Address]) -> list[tuple[str, datetime | None]]:
    return [(f"{base}/releases/{each.reference}/{each.slug or 'release'}", each.changed) for each in found]
