"""JSON Feed 1.1. Small enough to be written by hand; no maintained library writes it."""

import json
from datetime import UTC, datetime
from typing import Any

from portal.outlets.feeds.entries import Entry, Feed

CONTENT_TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def write(feed: Feed) -> bytes:
    """The feed as UTF-8 JSON."""
    document = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.home_url,
        "feed_url": feed.feed_url,
        "description": feed.description,
        "icon": feed.icon_url,
        "favicon": feed.icon_url,
        "language": "en",
        "items": [_item(entry) for entry in feed.entries],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _item(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.content_html,
        "date_published": _rfc3339(entry.published),
        "date_modified": _rfc3339(entry.updated),
        "language": entry.language,
        "authors": [{"name": entry.supplier, "url": entry.supplier_url}],
        "tags": [entry.category, *filter(None, [entry.place])],
        "_portal": {
            "reference": entry.reference,
            "pubstatus": entry.pubstatus,
            **({"notice": entry.notice} if entry.notice else {}),
        },
    }


def _rfc3339(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
