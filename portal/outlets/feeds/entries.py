"""What goes into a feed, the same for RSS, Atom and JSON: absolute addresses, titles in plain text, safe characters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from portal.outlets.feeds.content import content_html, one_line
from portal.outlets.public_release import FullRelease
from portal.outlets.removed_release import HEADING, RemovedRelease
from portal.outlets.removed_release import content_html as notice_html

# An empty feed was last built "never"; the hour of asking would move its ETag for nothing.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Also what only looks like a tag and is never closed.
_TAG = re.compile(r"<(?=[A-Za-z/!?])[^<>]*>?")


@dataclass(frozen=True)
class Entry:
    """One release in a feed. `id` is opaque and never changes; `published` never moves, `updated` does."""

    id: str
    url: str
    title: str
    summary: str
    content_html: str
    language: str
    supplier: str
    supplier_url: str
    category: str
    place: str
    published: datetime
    updated: datetime
    reference: str
    # As news agencies have it: a canceled entry tells its readers to take the story out.
    pubstatus: str = "usable"
    notice: str = ""


@dataclass(frozen=True)
class Feed:
    """A whole feed. All addresses are absolute."""

    title: str
    description: str
    home_url: str
    feed_url: str
    icon_url: str
    entries: Sequence[Entry]
    # When an entry last left it without a trace.
    left_at: datetime | None = None

    @property
    def updated(self) -> datetime:
        """When anything in it changed last, be it that something left."""
        changes = [entry.updated for entry in self.entries] + ([self.left_at] if self.left_at else [])
        return max(changes, default=NEVER)


def entry(release: FullRelease, base_url: str, zone: str = "UTC") -> Entry:
    """A release as a feed entry; `base_url` has no slash at its end."""
    return Entry(
        id=release.feed_id,
        url=base_url + release.url,
        title=plain_title(release.marked_headline) or release.ref,
        summary=safe_characters(one_line(release)),
        content_html=safe_characters(content_html(release, base_url, zone)),
        language=release.language,
        supplier=plain_title(release.organisation.name) or release.organisation.slug,
        supplier_url=base_url + release.organisation.url,
        category=release.kind_label,
        place=plain_title(release.place),
        published=release.published_at,
        updated=release.updated_at,
        reference=release.ref,
        notice=release.banner.id if release.banner else "",
    )


def tombstone_entry(release: RemovedRelease, base_url: str) -> Entry:
    """What stands in the place of a killed release: the same id, and nothing of what it said."""
    why = " ".join((f"{HEADING}.", *release.why))
    return Entry(
        id=release.feed_id,
        url=base_url + release.url,
        title=plain_title(release.title),
        summary=safe_characters(why),
        content_html=safe_characters(notice_html(release)),
        language="en",
        supplier=plain_title(release.organisation.name) or release.organisation.slug,
        supplier_url=base_url + release.organisation.url,
        category=release.kind_label,
        place="",
        published=release.published_at,
        updated=release.removed_at,
        reference=release.ref,
        pubstatus="canceled",
    )


def safe_characters(text: str) -> str:
    """Without what XML 1.0 cannot hold: one such character would make the whole feed unreadable."""
    return _NOT_IN_XML.sub("", text)


def plain_title(text: str) -> str:
    """A title or a name as plain text on one line, all its words kept: what looks like a tag was typed as words."""
    return " ".join(safe_characters(text).split())


def without_angles(text: str) -> str:
    """The same for RSS, whose readers may take a title for HTML: the angles of what looks like a tag become ‹ and ›."""
    return _TAG.sub(lambda found: found[0].replace("<", "‹").replace(">", "›"), text)
