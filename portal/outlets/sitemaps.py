"""What search engines are told: every public address with its last change, and the news of the last two days.

Written here and not by a library: there are ten elements, and all that has to be escaped goes through one function.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from portal.outlets.feeds.entries import safe_characters
from portal.outlets.public_release import PublicRelease

CONTENT_TYPE = "application/xml; charset=utf-8"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_CHINESE = {"zh": "zh-cn", "zh-hans": "zh-cn", "zh-cn": "zh-cn", "zh-sg": "zh-cn"}
_CHINESE |= {"zh-hant": "zh-tw", "zh-tw": "zh-tw", "zh-hk": "zh-tw"}


def addresses(pairs: Iterable[tuple[str, datetime | None]]) -> str:
    """A sitemap of absolute addresses, each with its last change where it has one."""
    urls = (_element("url", _location(address) + _last_change(changed)) for address, changed in pairs)
    return _document("urlset", f'xmlns="{_SITEMAP}"', urls)


def index(parts: Iterable[str]) -> str:
    """An index of sitemaps by their absolute addresses."""
    return _document(
        "sitemapindex", f'xmlns="{_SITEMAP}"', (_element("sitemap", _location(part)) for part in parts)
    )


def news(releases: Iterable[PublicRelease], base_url: str, site_name: str) -> str:
    """Google's news sitemap; empty where nothing is new, under the same address."""
    urls = (_news_url(release, base_url, site_name) for release in releases)
    return _document("urlset", f'xmlns="{_SITEMAP}" xmlns:news="{_NEWS}"', urls)


def _news_url(release: PublicRelease, base_url: str, site_name: str) -> str:
    publication = _element("news:name", _text(site_name)) + _element(
        "news:language", _text(_language(release))
    )
    about = (
        _element("news:publication", publication)
        + _element("news:publication_date", _instant(release.published_at))
        + _element("news:title", _text(release.headline) or release.ref)
    )
    return _element("url", _location(base_url + release.url) + _element("news:news", about))


def _language(release: PublicRelease) -> str:
    """ISO 639, except for Chinese, where the script is told by a country."""
    tag = release.language.lower()
    whole, primary = "-".join(tag.split("-")[:2]), tag.partition("-")[0]
    return _CHINESE.get(whole) or _CHINESE.get(primary) or primary


def _document(name: str, attributes: str, children: Iterable[str]) -> str:
    return "".join(_lines(name, attributes, children))


def _lines(name: str, attributes: str, children: Iterable[str]) -> Iterator[str]:
    yield f"{_HEAD}<{name} {attributes}>\n"
    for child in children:
        yield child + "\n"
    yield f"</{name}>\n"


def _location(address: str) -> str:
    return _element("loc", escape(address))


def _last_change(at: datetime | None) -> str:
    return _element("lastmod", _instant(at)) if at else ""


def _element(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>"


def _text(words: str) -> str:
    return escape(safe_characters(words))


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
