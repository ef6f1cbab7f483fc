"""A release as readers see it, made from one revision and from nothing else.

Pages, feeds and mails all take it from here. What only the newsroom may see is not in it, so it cannot slip out
by a template; and an edition under review cannot show, because only the revision handed over is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from portal.rules.dateline import dateline
from portal.rules.kinds import KINDS, FactLine, Quote, facts_box, quotes_of
from portal.rules.kinds.fields import typed
from portal.rules.removal import NOTICE_WORDS
from portal.storage.queries.public_releases import Listed
from portal.storage.tables import Organisation, Release, Revision
from portal.text.places import country_name, shown_city


@dataclass(frozen=True)
class Supplier:
    """The organisation that supplied a release."""

    name: str
    slug: str
    about_html: str
    website: str

    @property
    def url(self) -> str:
        return f"/organisations/{self.slug}"


@dataclass(frozen=True)
class Contact:
    """Whom readers may ask; each part may be empty."""

    name: str
    role: str
    email: str
    phone: str
    site: str


@dataclass(frozen=True)
class Notice:
    """A dated, visible note: corrected, postponed. `first` puts it above the text instead of below."""

    id: str
    word: str
    at: datetime
    text: str
    first: bool = False
    # What the note itself begins with, where that is not the mark.
    heading: str = ""


@dataclass(frozen=True)
class PublicRelease:
    """What lists show. `url` is the path; the instants are in UTC."""

    ref: str
    feed_id: str
    slug: str
    kind: str
    headline: str
    language: str
    city: str
    country: str
    dateline: str
    excerpt: str
    organisation: Supplier
    published_at: datetime
    updated_at: datetime
    notices: tuple[Notice, ...]

    @property
    def url(self) -> str:
        return f"/releases/{self.ref}/{self.slug}"

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind].label

    @property
    def banner(self) -> Notice | None:
        """Cancelled, postponed or out of date; None for most."""
        return next((notice for notice in self.notices if notice.id in NOTICE_WORDS), None)

    @property
    def marked_headline(self) -> str:
        """`Cancelled: Mekong Looms Fair …`, for lists of plain text."""
        return f"{self.banner.word}: {self.headline}" if self.banner else self.headline

    @property
    def place(self) -> str:
        """`Battambang, Cambodia`; the city alone where it is the country."""
        return self.city if self.city == self.country else ", ".join(filter(None, (self.city, self.country)))


@dataclass(frozen=True)
class FullRelease(PublicRelease):
    """What the release's own page and the feeds show. `answers` are the public answers of the facts page."""

    subheadline: str
    summary: str
    body_html: str
    facts: tuple[FactLine, ...]
    quotes: tuple[Quote, ...]
    contact: Contact
    answers: Mapping[str, str]


def in_list(row: Listed) -> PublicRelease:
    """A public release for a list. Of its supplier the name alone is read."""
    house = Supplier(row.supplier, row.supplier_slug, about_html="", website="")
    return PublicRelease(**_for_lists(row, row, house, row.live_from))


def whole(release: Release, revision: Revision | None = None, *, now: datetime | None = None) -> FullRelease:
    """The whole text: of the approved revision, or of `revision` as it would look if it ran at `now`."""
    shown = revision or _live_revision(release)
    values = shown.content["values"]
    return FullRelease(
        **_for_lists(
            release, shown, supplier(release.organisation), release.live_from or now or shown.created_at
        ),
        subheadline=typed(values, "subheadline"),
        summary=typed(values, "summary"),
        body_html=shown.content.get("body_html", ""),
        facts=tuple(facts_box(release.kind, values)),
        quotes=tuple(quotes_of(release.kind, values)),
        contact=Contact(
            *(typed(values, f"contact_{part}") for part in ("name", "role", "email", "phone", "site"))
        ),
        answers=_public_answers(release.kind, values),
    )


def supplier(organisation: Organisation) -> Supplier:
    return Supplier(
        name=organisation.name,
        slug=organisation.slug,
        about_html=organisation.about_html,
        website=organisation.website,
    )


def _live_revision(release: Release) -> Revision:
    if release.live_revision is None:
        raise ValueError(f"{release.reference} has no approved revision")
    return release.live_revision


def _for_lists(
    release: Release | Listed, revision: Revision | Listed, house: Supplier, published_at: datetime
) -> dict[str, Any]:
    city, country, opening = _placed(revision.city, revision.country, revision.language)
    return {
        "ref": release.reference,
        "feed_id": release.feed_id,
        "slug": release.slug or "release",
        "kind": release.kind,
        "headline": revision.headline,
        "language": revision.language or "en",
        "city": city,
        "country": country,
        "dateline": opening,
        "excerpt": revision.excerpt,
        "organisation": house,
        "published_at": published_at,
        "updated_at": max(release.updated_at or published_at, published_at),
        "notices": (*_banner(release), *_corrections(release)),
    }


@lru_cache(maxsize=1_000)
def _placed(city: str, country: str, language: str) -> tuple[str, str, str]:
    """City and country as they are shown, and the dateline: looked up in the locale data once for each place."""
    shown = shown_city(city, country, language)
    opening = dateline(shown, country_name(country, language), language, country)
    return shown, country_name(country), opening


def _corrections(release: Release | Listed) -> tuple[Notice, ...]:
    """What was wrong and what is right, oldest first; a material one stands above the text."""
    return tuple(
        Notice(
            f"correction-{edition.number}",
            "Corrected",
            edition.published_at,
            edition.correction_what,
            first=edition.correction_kind == "material",
            heading="Correction",
        )
        for edition in release.corrections
        if edition.published_at is not None
    )


def _banner(release: Release | Listed) -> tuple[Notice, ...]:
    """What an editor says over a text that stays readable; its id is the kind of notice."""
    if release.notice_kind not in NOTICE_WORDS or release.notice_at is None:
        return ()
    word = NOTICE_WORDS[release.notice_kind]
    return (Notice(release.notice_kind, word, release.notice_at, release.notice_text, first=True),)


def _public_answers(kind: str, values: Mapping[str, str]) -> dict[str, str]:
    public = (field.name for field in KINDS[kind].fields if field.public and field.type != "tick")
    return {name: typed(values, name) for name in public if typed(values, name)}
