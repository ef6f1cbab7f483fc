"""Which public pages may be kept, and what of the query each of them reads. Everything else of a query changes nothing."""

from __future__ import annotations

from flask import Flask
from werkzeug.exceptions import HTTPException

from portal.front.door import KnownNames

READS: dict[str, tuple[str, ...]] = {
    "public.front": (),
    "public.listing": ("kind", "place", "org", "q", "after"),
    "public.release": (),
    "public.organisation": ("after",),
    "public.search": ("q", "after"),
    "public.feed": (),
    "public.event_ics": (),
    "public.events_ics": ("place",),
    "public.every_reason": (),
    "public.one_reason": (),
    "public.sitemap_xml": ("after",),
    "public.news_sitemap_xml": (),
    "public.favicon": (),
    "public.touch_icon": (),
    "public.manifest": (),
    "newsletter.past_issues": ("after",),
    "newsletter.issue": (),
    "static": ("v",),
}


def known_names(app: Flask) -> KnownNames:
    """Asked with a path: the names that its page reads, or None where nothing of it is kept."""
    addresses = app.url_map.bind("localhost")

    def names(path: str) -> tuple[str, ...] | None:
        try:
            endpoint, _ = addresses.match(path, method="GET")
        except HTTPException:
            return None
        return READS.get(endpoint)

    return names
