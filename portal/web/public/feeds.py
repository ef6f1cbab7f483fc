"""Feeds of everything, of a kind, of a place and of an organisation."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.outlets.feeds import atom, json_feed, rss
from portal.outlets.feeds.entries import Entry, Feed, entry, plain_title, tombstone_entry
from portal.outlets.public_release import whole
from portal.outlets.removed_release import removed
from portal.rules.kinds import KINDS
from portal.rules.refusals import NotFound
from portal.settings import Settings
from portal.storage.queries import public_releases
from portal.storage.queries.public_releases import Filter, Tombstone
from portal.storage.tables import Organisation, Place, Release
from portal.web.access import access, now, portal, settings
from portal.web.public import blueprint, pages
from portal.web.public.addresses import is_slug
from portal.web.public.answers import open_to_scripts, public_answer
from portal.web.static_files import static_url

ITEMS = 30
ICON = "icon-144.png"  # RSS allows a width of 144 at the most
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
        answer = public_answer(
            session, now(), writer.write(made), content_type=writer.CONTENT_TYPE, changed=changed
        )
        return open_to_scripts(answer)


def feed_of(session: Session, moment: datetime, chosen_settings: Settings, which: str, form: str) -> Feed:
    """The feed of that name. Raises NotFound where there is none, as for a place without public releases."""
    choice = chosen(session, moment, which)
    base, site = chosen_settings.base_url.rstrip("/"), chosen_settings.site_name
    entries = _entries(session, moment, choice.filter, base, chosen_settings.timezone)
    newest = max((entry.updated for entry in entries), default=None)
    return Feed(
        title=plain_title(f"{site}: {choice.words}"),
        description=plain_title(f"{choice.words}, newest first. Each was supplied by the organisation behind it and read by an editor."),
        home_url=base + choice.path,
        feed_url=f"{base}/feeds/{which}.{form}",
        icon_url=base + static_url(ICON),
        entries=entries,
        left_at=public_releases.last_left(session, moment, choice.filter, since=newest) if newest else None,
    )  # fmt: skip


def _entries(session: Session, moment: datetime, chosen: Filter, base: str, zone: str) -> list[Entry]:
    """The newest by the time they went public; a killed release keeps its place as a notice."""
    live = public_releases.page_with_text(session, moment, chosen, size=ITEMS)
    gone = public_releases.tombstones(session, moment, chosen, ITEMS)
    rows: list[Release | Tombstone] = [*live, *gone]
    newest = sorted(rows, key=_position, reverse=True)[:ITEMS]
    return [_entry(row, base, zone) for row in newest]


def _entry(row: Release | Tombstone, base: str, zone: str) -> Entry:
    if isinstance(row, Tombstone):
        return tombstone_entry(removed(row), base)
    return entry(whole(row), base, zone)


def chosen(session: Session, moment: datetime, which: str) -> Chosen:
    """What the feed of that name holds. Raises NotFound where there is none."""
    if which == "all":
        return Chosen(Filter(), "All releases", "/")
    if which in KINDS:
        words = pages.heading(kind=which, place="", organisation="")
        return Chosen(Filter(kind=which), words, f"/releases/?kind={which}")
    sort, _, slug = which.partition("-")
    if sort == "place":
        place = _place(session, moment, slug)
        words = pages.heading(kind="", place=pages.place_name(place), organisation="")
        return Chosen(Filter(place=place), words, f"/releases/?place={slug}")
    if sort == "org":
        organisation = _organisation(session, moment, slug)
        words = pages.heading(kind="", place="", organisation=organisation.name)
        return Chosen(Filter(organisation=slug), words, f"/organisations/{slug}")
    raise NotFound


def _place(session: Session, moment: datetime, slug: str) -> Place:
    found = public_releases.place_in_feeds(session, moment, slug) if is_slug(slug) else None
    if found is None:
        raise NotFound
    return found


def _organisation(session: Session, moment: datetime, slug: str) -> Organisation:
    found = public_releases.organisation_in_feeds(session, moment, slug) if is_slug(slug) else None
    if found is None:
        raise NotFound
    return found


def _position(row: Release | Tombstone) -> tuple[datetime, int]:
    assert row.live_from is not None  # both have been public
    return row.live_from, row.id
