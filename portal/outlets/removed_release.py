"""A killed release as readers and feeds see it: a notice under its old address and feed id, without a byte of its text.

Its address has no slug any more, because a slug is made of the headline.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape

from portal.outlets.public_release import Supplier
from portal.rules.kinds import KINDS
from portal.rules.removal import causes
from portal.storage.queries.public_releases import Tombstone

HEADING = "Our editors have removed this release"
REQUEST = "Please don’t quote or pass on the earlier version."


@dataclass(frozen=True)
class RemovedRelease:
    """Who supplied it, when it stood there, and why it is gone: fixed sentences first, then the editors’ own words."""

    ref: str
    feed_id: str
    kind: str
    organisation: Supplier
    published_at: datetime
    removed_at: datetime
    causes: tuple[str, ...]
    text: str

    @property
    def url(self) -> str:
        return address_of(self.ref)

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind].label

    @property
    def title(self) -> str:
        """For feeds: it says what happened and never what the release said."""
        return f"Retracted: release {self.ref}, supplied by {self.organisation.name}"

    @property
    def why(self) -> tuple[str, ...]:
        return (*self.causes, self.text) if self.text else self.causes


def removed(stone: Tombstone) -> RemovedRelease:
    return RemovedRelease(
        ref=stone.reference,
        feed_id=stone.feed_id,
        kind=stone.kind,
        organisation=Supplier(name=stone.supplier, slug=stone.supplier_slug, about_html="", website=""),
        published_at=stone.live_from,
        removed_at=stone.removed_at,
        causes=causes(stone.reasons),
        text=stone.text,
    )


def address_of(reference: str) -> str:
    """Where a killed release stands; its old addresses answer with the same notice."""
    return f"/releases/{reference}"


def content_html(release: RemovedRelease) -> str:
    """The notice as one piece of HTML for a feed."""
    return "\n".join(_paragraphs(release))


def _paragraphs(release: RemovedRelease) -> Iterator[str]:
    yield f"<p><strong>PRESS RELEASE – supplied by {escape(release.organisation.name)}</strong></p>"
    yield f"<p><strong>{HEADING}.</strong> {' '.join(escape(sentence) for sentence in release.why)}</p>"
    yield f"<p>{REQUEST} Reference {escape(release.ref)}</p>"
