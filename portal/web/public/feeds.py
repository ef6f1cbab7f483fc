"""Feeds of everything, of a kind, of a place and of an organisation."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.outlets.feeds import atom, json_feed, rss
from portal.outlets.feeds.entries import Feed, entry, plain_title
from portal.outlets.public_release import whole
from portal.rules.kinds import KINDS
from portal.rules.refusals import NotFound
from portal.settings import Settings
from portal.storage.queries import public_releases
from portal.storage.queries.public_releases import Filter
from portal.web.access import access, now, portal, settings
from portal.web.public import blueprint, pages
from portal.web.public.answers import public_answer

ITEMS = 30
WRITERS = {"rss": rss, "atom": atom, "json": json_feed}


@dataclass(frozen=True)
class Chosen:
    """Which releases a feed holds, the words for them, and the page that shows the same ones."""

    filter: Filter
    words: str
    path: str


@blueprint.get("/feeds/<which>.<any(rss, atom, json):form>")
@access("anyone")
def feed(which: str, form: str) -> Response:
    writer = WRITERS[form]
    with portal().database.reading() as session:
        made = feed_of(session, now(), settings(), which, form)
        changed = made.updated if made.entries else None
        return public_answer(
            session, now(), writer.write(made), content_type=writer.CONTENT_TYPE, changed=changed
        )


def feed_of(session: Session, moment: datetime, chosen_settings: Settings, which: str, form: str) -> Feed:
    """The feed of that name. Raises NotFound where there is none, as for a place without public releases."""
    chosen = _chosen(session, moment, which)
    base, site = chosen_settings.base_url.rstrip("/"), chosen_settings.site_name
    found = public_releases.page(session, moment, chosen.filter, size=ITEMS, with_text=True)
    return Feed(
        title=plain_title(f"{site}: {chosen.words}"),
        description=plain_title(f"{chosen.words}, newest first. Each was supplied by the organisation behind it and read by an editor."),
        home_url=base + chosen.path,
        feed_url=f"{base}/feeds/{which}.{form}",
        entries=[entry(whole(release), base) for release in found[:ITEMS]],
    )  # fmt: skip


def _chosen(session: Session, moment: datetime, which: str) -> Chosen:
    if which == "all":
        return Chosen(Filter(), "All releases", "/")
    if which in KINDS:
        words = pages.heading(kind=which, place="", organisation="")
        return Chosen(Filter(kind=which), words, f"/releases/?kind={which}")
    sort, _, slug = which.partition("-")
    if sort == "place":
        place = pages.known_place(session, moment, slug)
        words = pages.heading(kind="", place=pages.place_name(place), organisation="")
        return Chosen(Filter(place=place), words, f"/releases/?place={slug}")
    if sort == "org":
        organisation = pages.known_organisation(session, moment, slug)
        words = pages.heading(kind="", place="", organisation=organisation.name)
        return Chosen(Filter(organisation=slug), words, f"/organisations/{slug}")
    raise NotFound
