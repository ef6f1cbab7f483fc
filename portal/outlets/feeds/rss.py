"""RSS 2.0 by the Advisory Board's profile: `atom:link self`, the summary before `content:encoded`, opaque guids."""

from datetime import datetime
from html import escape
from typing import Any

from feedgenerator import Rss201rev2Feed
from feedgenerator.django.utils.feedgenerator import rfc3339_date

from portal.outlets.feeds.entries import Feed, without_angles

CONTENT_TYPE = "application/rss+xml; charset=utf-8"


class _Rss(Rss201rev2Feed):  # type: ignore[misc]  # feedgenerator comes without types
    """feedgenerator's RSS with the whole text, and without the hour of asking in an empty feed."""

    built_at: datetime
    icon_url: str

    def rss_attributes(self) -> dict[str, str]:
        attributes: dict[str, str] = super().rss_attributes()
        return {
            **attributes,
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_root_elements(self, handler: Any) -> None:  # an XMLGenerator of the library
        super().add_root_elements(handler)
        handler.startElement("image", {})
        for name, text in (
            ("url", self.icon_url),
            ("title", self.feed["title"]),
            ("link", self.feed["link"]),
        ):
            handler.addQuickElement(name, text)
        handler.endElement("image")

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:  # an XMLGenerator of the library
        super().add_item_elements(handler, item)
        handler.addQuickElement("dc:language", item["language"])
        # RSS has no word of its own for a change: a correction shows by this one alone.
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))
        handler.addQuickElement("content:encoded", item["content"])

    def latest_post_date(self) -> datetime:
        return self.built_at


def write(feed: Feed) -> bytes:
    """The feed as UTF-8 XML."""
    writer = _Rss(
        title=without_angles(feed.title),
        link=feed.home_url,
        description=without_angles(feed.description),
        language="en",
        feed_url=feed.feed_url,
    )
    writer.built_at = feed.updated
    writer.icon_url = feed.icon_url
    for entry in feed.entries:
        writer.add_item(
            title=without_angles(entry.title),
            link=entry.url,
            description=escape(entry.summary, quote=False),
            content=entry.content_html,
            author_name=without_angles(entry.supplier),
            pubdate=entry.published,
            updateddate=entry.updated,
            language=entry.language,
            unique_id=entry.id,
            unique_id_is_permalink=False,
            categories=[entry.category, *filter(None, [without_angles(entry.place)])],
        )
    return str(writer.writeString("utf-8")).encode()
