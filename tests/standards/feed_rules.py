"""The rules by which the W3C judges feeds, as far as they can be read off a feed by itself, and those of calendars.

RSS 2.0 with the RSS Advisory Board's profile, RFC 4287 (Atom), JSON Feed 1.1, RFC 5545. The W3C's own program is in no
package registry, so its rules are written down here, each as one sentence that says what is wrong.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import feedparser
import icalendar

from tests.standards.gathering import Answer

ATOM, DC, CONTENT = (
    "{http://www.w3.org/2005/Atom}", "{http://purl.org/dc/elements/1.1/}", "{http://purl.org/rss/1.0/modules/content/}",
)  # fmt: skip
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*")
_UNSAFE = re.compile(
    r"<\s*(script|style|iframe|object|embed|form|meta|link)\b|\son\w+\s*=|javascript:", re.IGNORECASE
)
_RELATIVE = re.compile(r'\s(?:href|src)="(?!https?:|mailto:|tel:|data:|#)')
_MARKUP = re.compile(r"<[a-zA-Z/!][^>]*>|&(?:lt|gt|amp|quot|#\d+);")


def faults(answer: Answer) -> Iterator[str]:
    """What is wrong with a feed or a calendar; nothing for any other answer."""
    if answer.status != 200:
        return
    if "rss" in answer.kind:
        yield from _xml(answer, _rss)
    elif "atom" in answer.kind:
        yield from _xml(answer, _atom)
    elif "feed+json" in answer.kind:
        yield from _json_feed(json.loads(answer.body), answer)
    elif "calendar" in answer.kind:
        yield from _calendar(answer)


def is_judged(answer: Answer) -> bool:
    return answer.status == 200 and any(
        word in answer.kind for word in ("rss", "atom", "feed+json", "calendar")
    )


def _xml(answer: Answer, rules: object) -> Iterator[str]:
    if feedparser.parse(answer.body).bozo:
        yield "a feed reader stumbles over it"
    try:
        root = ET.fromstring(answer.body)
    except ET.ParseError as problem:
        yield f"it is no XML: {problem}"
        return
    yield from rules(root, answer)  # type: ignore[operator]


def _rss(root: ET.Element, answer: Answer) -> Iterator[str]:
    channel = root.find("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or channel is None:
        yield "it is not RSS 2.0"
        return
    for name in ("title", "link", "description"):
        if not (channel.findtext(name) or "").strip():
            yield f"the channel has no {name}"
    own = [link.get("href") for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if own != [answer.address]:
        yield f"atom:link rel=self says {own}"
    if not _LANGUAGE.fullmatch(channel.findtext("language") or "en"):
        yield "its language is no tag"
    for name in ("pubDate", "lastBuildDate"):
        yield from _mail_date(channel.findtext(name), name)
    items = channel.findall("item")
    yield from _twice([item.findtext("guid") or "" for item in items], "guid")
    for item in items:
        yield from _rss_item(item)


def _rss_item(item: ET.Element) -> Iterator[str]:
    title, guid = item.findtext("title") or "", item.find("guid")
    if not title.strip():
        yield "an item has no title"
    if (
        guid is None
        or not guid.text
        or (guid.get("isPermaLink", "true") == "true" and not _is_whole(guid.text))
    ):
        yield f"{title}: its guid is missing, or no address although it says so"
    if not _is_whole(item.findtext("link")):
        yield f"{title}: its link is no whole address"
    yield from _mail_date(item.findtext("pubDate"), f"{title}: pubDate", required=True)
    updated = item.findtext(f"{ATOM}updated")
    if updated and not _RFC3339.fullmatch(updated):
        yield f"{title}: atom:updated is no date"
    if not _LANGUAGE.fullmatch(item.findtext(f"{DC}language") or "en"):
        yield f"{title}: its language is no tag"
    author = item.findtext("author")
    if author and "@" not in author:
        yield f"{title}: author has no mail address; dc:creator is for names"
    yield from _content(item.findtext(f"{CONTENT}encoded") or item.findtext("description") or "", title)


def _atom(root: ET.Element, answer: Answer) -> Iterator[str]:
    if root.tag != f"{ATOM}feed":
        yield "it is not Atom"
        return
    for name in ("id", "title", "updated"):
        if len(root.findall(f"{ATOM}{name}")) != 1:
            yield f"the feed has not one {name}"
    own = [link.get("href") for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if own != [answer.address]:
        yield f"link rel=self says {own}"
    entries = root.findall(f"{ATOM}entry")
    yield from _twice([entry.findtext(f"{ATOM}id") or "" for entry in entries], "id")
    for entry in entries:
        yield from _atom_entry(entry, has_author=root.find(f"{ATOM}author") is not None)


def _atom_entry(entry: ET.Element, *, has_author: bool) -> Iterator[str]:
    title = entry.findtext(f"{ATOM}title") or ""
    for name in ("id", "title", "updated"):
        if len(entry.findall(f"{ATOM}{name}")) != 1 or not entry.findtext(f"{ATOM}{name}"):
            yield f"{title}: it has not one {name}"
    if not urlsplit(entry.findtext(f"{ATOM}id") or "").scheme:
        yield f"{title}: its id is no address"
    for name in ("updated", "published"):
        text = entry.findtext(f"{ATOM}{name}")
        if text and not _RFC3339.fullmatch(text):
            yield f"{title}: {name} is no date"
    if not has_author and entry.find(f"{ATOM}author") is None:
        yield f"{title}: neither it nor the feed has an author"
    links = [link for link in entry.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
    if not links or not all(_is_whole(link.get("href")) for link in links):
        yield f"{title}: its link is no whole address"
    heading = entry.find(f"{ATOM}title")
    if heading is not None and heading.get("type", "text") == "text" and _MARKUP.search(title):
        yield f"{title}: markup in a title that is plain text"
    yield from _content(entry.findtext(f"{ATOM}content") or entry.findtext(f"{ATOM}summary") or "", title)


def _json_feed(feed: dict[str, object], answer: Answer) -> Iterator[str]:
    if feed.get("version") != "https://jsonfeed.org/version/1.1" or not feed.get("title"):
        yield "it has not the version of JSON Feed 1.1, or no title"
    if feed.get("feed_url") != answer.address:
        yield f"feed_url says {feed.get('feed_url')}"
    items: list[dict[str, str]] = feed.get("items", [])  # type: ignore[assignment]
    yield from _twice([str(item.get("id", "")) for item in items], "id")
    for item in items:
        title = item.get("title", "")
        if not isinstance(item.get("id"), str) or not item["id"]:
            yield f"{title}: its id is no text"
        if not (item.get("content_html") or item.get("content_text")):
            yield f"{title}: it has no content"
        if not _is_whole(item.get("url")):
            yield f"{title}: its url is no whole address"
        for name in ("date_published", "date_modified"):
            if item.get(name) and not _RFC3339.fullmatch(item[name]):
                yield f"{title}: {name} is no date"
        if not _LANGUAGE.fullmatch(item.get("language") or "en"):
            yield f"{title}: its language is no tag"
        yield from _content(item.get("content_html", ""), title)


def _calendar(answer: Answer) -> Iterator[str]:
    lines = answer.body.split(b"\r\n")
    if b"\n" in answer.body.replace(b"\r\n", b""):
        yield "a line ends without CR LF"
    if any(len(line) > 75 for line in lines):
        yield "a line has more than 75 octets"
    try:
        answer.body.decode()
        calendar = icalendar.Calendar.from_ical(answer.body)
    except ValueError as problem:
        yield f"it is no calendar: {problem}"
        return
    for name in ("PRODID", "VERSION"):
        if name not in calendar:
            yield f"it has no {name}"
    events = list(calendar.walk("VEVENT"))
    yield from _twice([str(event.get("UID", "")) for event in events], "UID")
    for event in events:
        for name in ("UID", "DTSTAMP", "DTSTART", "SUMMARY"):
            if name not in event:
                yield f"{event.get('SUMMARY', 'an event')}: it has no {name}"
        if event.errors:
            yield f"{event.get('SUMMARY')}: {event.errors}"


def _content(html: str, title: str) -> Iterator[str]:
    if not html.strip():
        yield f"{title}: it has no content"
    if _UNSAFE.search(html):
        yield f"{title}: its content holds what readers have to take out"
    if _RELATIVE.search(html):
        yield f"{title}: its content has an address that is not whole"


def _twice(names: list[str], what: str) -> Iterator[str]:
    yield from (
        f"the {what} {name!r} comes {count} times" for name, count in Counter(names).items() if count > 1
    )


def _mail_date(text: str | None, name: str, *, required: bool = False) -> Iterator[str]:
    if not text:
        if required:
            yield f"{name} is missing"
        return
    try:
        moment: datetime | None = parsedate_to_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        yield f"{name} is no date of RFC 822"


def _is_whole(address: str | None) -> bool:
    parts = urlsplit(address or "")
    return parts.scheme in ("http", "https") and bool(parts.hostname)
