"""Releases that the public must not know of: one in every such state, a token in every field that takes words.

The token is letters and digits only, so that HTML, URLs and JSON write it as it is; base64 is looked for besides.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from portal.actions.releases.content import content_hash, excerpt
from portal.rules.kinds import KINDS, fields_of
from portal.storage.tables import ClockHold, Edition, Organisation, Release, Revision
from portal.storage.unit_of_work import UnitOfWork
from portal.text.slugs import slugify
from tests import builders

PAGES = ("news", "facts", "story", "contact")
SPOKEN = frozenset(("line", "text", "email", "phone", "url"))
ALPHABET = "bcdfghjkmnpqrstvwxyz23456789"


@dataclass(frozen=True)
class Canary:
    """One hidden release. `was_public`: something stands at its address, only not its text."""

    state: str
    token: str
    reference: str
    kind: str
    slug: str
    house_slug: str
    place_slug: str
    at: datetime
    row_id: int
    was_public: bool = False

    @cached_property
    def forms(self) -> tuple[bytes, ...]:
        """How the token could be written in an answer, in small letters."""
        written = self.token.encode()
        coded = [base64.b64encode(b"_" * shift + written)[4 if shift else 0 : -4] for shift in range(3)]
        return (written, written.hex().encode(), *(part.lower() for part in coded))

    def sings_in(self, answer: bytes) -> bool:
        small = answer.lower()
        return any(form in small for form in self.forms)


def fresh_token() -> str:
    return "canary" + "".join(secrets.choice(ALPHABET) for _ in range(18))


def said(kind: str, token: str) -> dict[str, str]:
    """Every field of the forms that takes words, with the token in it."""
    fields = (field for page in PAGES for field in fields_of(kind, page, 2))
    named = {field.name: token for field in fields if field.type in SPOKEN}
    return named | {"headline": f"{token} opens a mill", "country": "BT", "city": f"{token} town"}


def hide_everywhere(work: UnitOfWork, public_house: Organisation, now: datetime) -> list[Canary]:
    """One canary in every state that is not public. Every second one belongs to a house with public releases."""
    work.session.add(ClockHold(id=1, since=now, why="time jumped"))
    made = []
    for number, (state, make) in enumerate(STATES.items()):
        token = fresh_token()
        house = _house(work, token) if number % 2 else public_house
        kind = list(KINDS)[number % len(KINDS)]
        made.append(_described(state, token, make(work, kind, house, token, now), now))
    return made


def correction_under_review(work: UnitOfWork, release: Release, now: datetime) -> Canary:
    """A second edition of a release that stays public as it is."""
    token = fresh_token()
    edition = _next_edition(work, release, said(release.kind, token), now)
    return _described("correction under review", token, edition.release, now, was_public=True)


def gone(work: UnitOfWork, publication: str, house: Organisation, now: datetime) -> Canary:
    """A release that was public: killed or taken down."""
    token = fresh_token()
    release = builders.published_release(
        work, at=now - timedelta(days=2), house=house, **_told("sports", token)
    )
    release.slug, release.publication = "a-release-that-was-here", publication
    release.country_slug = release.city_slug = ""
    release.removed_at, release.removal_text = now - timedelta(days=1), "We withdrew this release."
    work.session.flush()
    return _described(publication, token, release, now, was_public=True)


def _described(
    state: str, token: str, release: Release, now: datetime, *, was_public: bool = False
) -> Canary:
    return Canary(
        state=state,
        token=token,
        reference=release.reference,
        kind=release.kind,
        slug=release.slug or slugify(f"{token} opens a mill"),
        house_slug=release.organisation.slug,
        place_slug=release.city_slug or "bhutan",
        at=release.live_from or now,
        row_id=release.id,
        was_public=was_public,
    )


def _house(work: UnitOfWork, token: str) -> Organisation:
    return builders.organisation(work, name=f"{token} House", slug=f"{token}-house", about=f"We are {token}.")


def _told(kind: str, token: str) -> dict[str, Any]:
    return {"kind": kind, "body_html": f"<p>{token}</p>", **said(kind, token)}


def _in(state: str) -> Make:
    def make(work: UnitOfWork, kind: str, house: Organisation, token: str, now: datetime) -> Release:
        sender = builders.user(work, name=f"{token} Person")
        row = builders.release(work, state=state, house=house, sender=sender, at=now, **_told(kind, token))
        builders.message(work, row, sender, f"A message {token}")
        builders.note(work, row, builders.user(work, role="editor"), f"A note {token}")
        return row

    return make


def _claimed(work: UnitOfWork, kind: str, house: Organisation, token: str, now: datetime) -> Release:
    editor = builders.user(work, name=f"{token} Editor", role="editor")
    return builders.claimed_release(work, editor=editor, at=now, house=house, **_told(kind, token))


def _decided(outcome: str) -> Make:
    def make(work: UnitOfWork, kind: str, house: Organisation, token: str, now: datetime) -> Release:
        editor = builders.user(work, role="editor")
        told = {"message": f"Because of {token}", "at": now, "house": house, **_told(kind, token)}
        return builders.decided_release(work, outcome, editor=editor, **told)

    return make


def _scheduled(timing: str, **after: float) -> Make:
    def make(work: UnitOfWork, kind: str, house: Organisation, token: str, now: datetime) -> Release:
        told = _told(kind, token) | {"timing": timing}
        return builders.scheduled_release(work, live_from=now + timedelta(**after), house=house, **told)

    return make


def _waiting_for_word(work: UnitOfWork, kind: str, house: Organisation, token: str, now: datetime) -> Release:
    """An editor changed it materially, and its sender has not answered."""
    row = _in("draft")(work, kind, house, token, now)
    edition = row.editions[0]
    edition.state, edition.signoff_due_at = "awaiting_signoff", now + timedelta(days=2)
    work.session.flush()
    return row


def _next_edition(work: UnitOfWork, release: Release, values: dict[str, str], now: datetime) -> Edition:
    content = {"values": {**builders.NEWS, **builders.FACTS[release.kind], **values}, "body_html": "<p>…</p>"}
    edition = Edition(
        release_id=release.id,
        number=2,
        state="submitted",
        draft=content,
        draft_saved_at=now,
        draft_saved_by_id=release.created_by_id,
        headline=values["headline"],
        language="en",
        submission_key="the second key",
        round=1,
        flags=[],
        submitted_at=now,
        submitted_by_id=release.created_by_id,
        promise_at=now + timedelta(hours=4),
        due_at=now + timedelta(hours=4),
        correction_kind="material",
        correction_what=values["headline"],
        correction_why=values["headline"],
    )
    work.session.add(edition)
    work.session.flush()
    frozen = Revision(
        edition_id=edition.id,
        number=1,
        content=content,
        hash=content_hash(content),
        headline=values["headline"],
        language="en",
        city=values["city"],
        country="BT",
        excerpt=excerpt(content),
        created_at=now,
        created_by_id=release.created_by_id,
    )
    work.session.add(frozen)
    work.session.flush()
    edition.revision_id = frozen.id
    work.session.flush()
    return edition


Make = Callable[[UnitOfWork, str, Organisation, str, datetime], Release]
STATES: dict[str, Make] = {
    "draft": _in("draft"),
    "submitted": _in("submitted"),
    "in review": _claimed,
    "awaiting a second editor": _in("awaiting_second"),
    "changes requested": _decided("request_changes"),
    "awaiting the sender’s word": _waiting_for_word,
    "rejected": _decided("reject"),
    "withdrawn": _in("withdrawn"),
    "expired": _in("expired"),
    "scheduled": _scheduled("schedule", hours=3),
    "under embargo": _scheduled("embargo", days=2),
    "due, but the clock is held": _scheduled("immediate", minutes=-1),
}
