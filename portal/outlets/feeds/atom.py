"""Atom (RFC 4287): the same opaque id for life; `updated` moves with a correction, `published` never."""

from datetime import datetime
from html import escape
from typing import Any

from feedgenerator import Atom1Feed

from portal.outlets.feeds.entries import Feed

CONTENT_TYPE = "application/atom+xml; charset=utf-8"


class _Atom(Atom1Feed):  # type: ignore[misc]  # feedgenerator comes without types
    """feedgenerator's Atom with the language of each entry, and without the hour of asking in an empty feed."""

    updated_at: datetime
    icon_url: str

    def add_root_elements(self, handler: Any) -> None:  # an XMLGenerator of the library
        super().add_root_elements(handler)
        handler.addQuickElement("icon", self.icon_url)
        handler.addQuickElement("logo", self.icon_url)

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]}

    def latest_post_date(self) -> datetime:
        return self.updated_at


def write(feed: Feed) -> bytes:
    """The feed as UTF-8 XML."""
    writer = _Atom(
        title=feed.title,
        link=feed.home_url,
        description=feed.description,
        language="en",
        feed_url=feed.feed_url,
        feed_guid=feed.feed_url,
    )
    writer.updated_at = feed.updated
    writer.icon_url = feed.icon_url
    for entry in feed.entries:
        writer.add_item(
            title=entry.title,
            link=entry.url,
            description=escape(entry.summary, quote=False),
            content=entry.content_html,
            author_name=entry.supplier,
            author_link=entry.supplier_url,
            pubdate=entry.published,
            updateddate=entry.updated,
            unique_id=entry.id,
            categories=[entry.category, *filter(None, [entry.place])],
            language=entry.language,
        )
    return str(writer.writeString("utf-8")).encode()
