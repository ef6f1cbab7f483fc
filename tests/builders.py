"""Rows for tests, straight into the tables: people, organisations, and releases in every state.

Everything keeps the constraints of the database. Nothing here goes through actions, so a test of one thing does not
need all the others to work. Give any field of the forms by name: `published_release(work, headline="…", city="…")`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from portal.actions.releases import finding
from portal.actions.releases.content import content_hash, excerpt
from portal.storage.tables import (
    Decision,
    DecisionReason,
    Edition,
    Membership,
    Message,
    Note,
    Organisation,
    Place,
    Release,
    Revision,
    User,
)
from portal.storage.unit_of_work import UnitOfWork
from portal.text.slugs import place_slug, slugify

NOON = datetime(2026, 3, 24, 3, 20, tzinfo=UTC)
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_numbers = count(1)

NEWS = {
    "language": "en",
    "headline": "Farmers’ co-operative opens its own rice mill",
    "summary": "Eleven villages will mill, dry and pack their own jasmine rice from 1 April.",
    "city": "Battambang",
    "country": "KH",
    "contact_name": "Dewi Anggraini",
    "contact_role": "press officer",
    "contact_email": "press@lotus.example",
    "newsroom_name": "Sok Dara",
    "newsroom_phone": "+855 12 555 0177",
    "timing": "immediate",
    "body_format": "text",
    "declare_authorised": "y",
    "declare_facts": "y",
    "declare_rights": "y",
}
FACTS: dict[str, dict[str, str]] = {
    "business": {
        "news_kind": "opening",
        "location": "Battambang",
        "jobs": "120",
        "effective_date": "2026-04-01",
    },
    "community": {
        "group_name": "Lotus Library Circle",
        "group_kind": "charity",
        "beneficiary": "Children of the ward",
        "what_happens": "A library opens.",
        "date": "2026-04-04",
        "place": "Zaygyo ward",
    },
    "sports": {
        "sport": "Football",
        "competition": "Perak Youth Cup",
        "division": "Under 17, boys",
        "match_kind": "result",
        "date": "2026-03-22",
        "venue": "Padang Kinta",
        "home": "Kinta Rovers",
        "away": "Teluk Sari",
        "home_score": "2",
        "away_score": "1",
    },
    "appointment": {
        "person_name": "Ratna Kusumawardhani",
        "position": "head of safety",
        "employer": "Selat Biru Ferries",
        "appointment_kind": "hire",
        "effective_date": "2026-04-06",
        "responsibilities": "crew training and vessel inspection",
        "superior_quote": "Ratna has sent ships back to the quay.",
        "superior_name": "Bambang Hartanto",
        "superior_title": "managing director",
        "person_consent": "y",
    },
    "event": {
        "event_name": "Mekong Looms Fair",
        "event_kind": "market",
        "starts_at": "2026-04-11T09:00",
        "ends_at": "2026-04-12T17:00",
        "timezone": "Asia/Vientiane",
        "venue_name": "The old market",
        "street_address": "Sisavangvong Road, Luang Prabang",
        "price": "free",
        "organiser": "Mekong Looms Guild",
        "open_to_public": "yes",
    },
}
STORY = "<p>Eleven villages will mill, dry and pack their own rice.</p><p>The mill creates 120 jobs.</p>"


def user(
    work: UnitOfWork, *, name: str = "Aye Chan", email: str = "", role: str = "member", **more: Any
) -> User:
    """A confirmed person without a password."""
    row = User(
        name=name,
        email=email or f"person{next(_numbers)}@post.example",
        role=role,
        created_at=NOON,
        **({"confirmed_at": NOON} | more),
    )
    return _saved(work, row)


def organisation(
    work: UnitOfWork, *, name: str = "Lotus Basin Rice Growers", slug: str = "", **more: Any
) -> Organisation:
    row = Organisation(
        name=name,
        slug=slug or f"{slugify(name, 'organisation')}-{next(_numbers)}",
        name_key=name.casefold(),
        created_at=NOON,
        **({"website": "https://lotus.example/", "domain": "lotus.example"} | more),
    )
    return _saved(work, row)


def membership(work: UnitOfWork, person: User, house: Organisation, role: str = "owner") -> Membership:
    row = Membership(user_id=person.id, organisation_id=house.id, role=role, created_at=NOON)
    return _saved(work, row)


def release(
    work: UnitOfWork,
    *,
    state: str = "draft",
    kind: str = "business",
    house: Organisation | None = None,
    sender: User | None = None,
    at: datetime = NOON,
    reference: str = "",
    body_html: str = STORY,
    **values: str,
) -> Release:
    """A release whose first edition stands in `state`; nothing of it is public. `values` are fields of the forms."""
    sender = sender or user(work)
    house = house or organisation(work)
    number = next(_numbers)
    row = Release(
        reference=reference or f"SEAP-2026-{_letters(number)}",
        feed_id=f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
        kind=kind,
        organisation=house,
        created_by_id=sender.id,
        created_at=at,
        moved_at=at,
        chain_count=0,
        chain_head="",
        publication="hidden",
        version=1,
    )
    _saved(work, row)
    content = {"values": {**NEWS, **FACTS[kind], **values}, "body_html": body_html}
    edition = _saved(work, _edition(row, sender, content, state=state, at=at))
    if state != "draft":
        _send(work, edition, content, sender, at)
    return row


def published_release(work: UnitOfWork, *, at: datetime = NOON, **more: Any) -> Release:
    """Approved and public since `at`."""
    return _live(work, release(work, state="approved", at=at, **more), live_from=at, went_live_at=at)


def due_release(work: UnitOfWork, *, at: datetime = NOON, **more: Any) -> Release:
    """Public since `at`, though no clock has recorded it yet."""
    return _live(work, release(work, state="approved", at=at, **more), live_from=at)


def scheduled_release(work: UnitOfWork, *, live_from: datetime, **more: Any) -> Release:
    """Approved, and to be public at `live_from`."""
    return _live(work, release(work, state="approved", **more), live_from=live_from)


def draft_release(work: UnitOfWork, **more: Any) -> Release:
    return release(work, state="draft", **more)


def submitted_release(work: UnitOfWork, **more: Any) -> Release:
    return release(work, state="submitted", **more)


def claimed_release(work: UnitOfWork, *, editor: User, at: datetime = NOON, **more: Any) -> Release:
    """An editor is reading it."""
    row = release(work, state="submitted", at=at, **more)
    edition = row.editions[0]
    edition.state, edition.holder_id = "in_review", editor.id
    edition.claim_expires_at = at + timedelta(minutes=20)
    work.session.flush()
    return row


def decided_release(
    work: UnitOfWork, outcome: str, *, editor: User, message: str = "Please say when.", **more: Any
) -> Release:
    """`outcome`: request_changes or reject, with its decision and one reason."""
    state = {"request_changes": "changes_requested", "reject": "rejected"}[outcome]
    row = release(work, state=state, **more)
    edition = row.editions[0]
    decision = Decision(
        edition_id=edition.id,
        round=edition.round,
        revision_id=edition.revision_id,
        revision_hash=work.session.get_one(Revision, edition.revision_id).hash,
        outcome=outcome,
        message=message,
        decided_by_id=editor.id,
        decided_at=edition.decided_at,
        reasons=[DecisionReason(code="WEAK_LEAD")],
    )
    work.session.add(decision)
    work.session.flush()
    return row


def rejected_release(work: UnitOfWork, **more: Any) -> Release:
    return decided_release(
        work, "reject", editor=more.pop("editor", None) or user(work, role="editor"), **more
    )


def changes_requested_release(work: UnitOfWork, **more: Any) -> Release:
    editor = more.pop("editor", None) or user(work, role="editor")
    return decided_release(work, "request_changes", editor=editor, **more)


def withdrawn_release(work: UnitOfWork, **more: Any) -> Release:
    return release(work, state="withdrawn", **more)


def message(work: UnitOfWork, row: Release, author: User, body: str, side: str = "sender") -> Message:
    return _saved(
        work, Message(release_id=row.id, side=side, body=body, author_id=author.id, written_at=NOON)
    )


def note(work: UnitOfWork, row: Release, author: User, body: str) -> Note:
    return _saved(work, Note(release_id=row.id, body=body, author_id=author.id, written_at=NOON))


def _edition(row: Release, sender: User, content: dict[str, Any], *, state: str, at: datetime) -> Edition:
    sent = state != "draft"
    return Edition(
        release_id=row.id,
        number=1,
        state=state,
        draft=content,
        draft_saved_at=at,
        draft_saved_by_id=sender.id,
        headline=content["values"]["headline"],
        language=content["values"]["language"],
        submission_key=f"key-{row.id}",
        round=1 if sent else 0,
        flags=[],
        submitted_at=at if sent else None,
        submitted_by_id=sender.id if sent else None,
        promise_at=at + timedelta(hours=4) if sent else None,
        due_at=at + timedelta(hours=4) if sent else None,
        decided_at=at if state in ("approved", "rejected", "changes_requested") else None,
    )


def _send(work: UnitOfWork, edition: Edition, content: dict[str, Any], sender: User, at: datetime) -> None:
    values = content["values"]
    frozen = Revision(
        edition_id=edition.id,
        number=1,
        content=content,
        hash=content_hash(content),
        headline=values["headline"],
        language=values["language"],
        city=values["city"],
        country=values["country"],
        excerpt=excerpt(content),
        created_at=at,
        created_by_id=sender.id,
    )
    _saved(work, frozen)
    edition.revision_id = frozen.id
    work.session.flush()


def _live(
    work: UnitOfWork, row: Release, *, live_from: datetime, went_live_at: datetime | None = None
) -> Release:
    edition = work.session.query(Edition).filter_by(release_id=row.id).one()
    values = edition.draft["values"]
    row.live_edition_id, row.live_revision_id = edition.id, edition.revision_id
    row.slug = slugify(values["headline"])
    row.country_slug = place_slug(values["country"])
    row.city_slug = place_slug(values["country"], values["city"])
    for slug, city in ((row.country_slug, ""), (row.city_slug, values["city"])):
        if work.session.get(Place, slug) is None:
            work.session.add(Place(slug=slug, country=values["country"], city=city))
    row.live_from, row.updated_at = live_from, live_from if went_live_at else None
    row.went_live_at, row.publication = went_live_at, "live"
    work.session.flush()
    finding.index(work, row, work.session.get_one(Revision, edition.revision_id))
    return row


def _saved(work: UnitOfWork, row: Any) -> Any:
    work.session.add(row)
    work.session.flush()
    return row


def _letters(number: int) -> str:
    """Five letters of the reference alphabet, another five for every number."""
    found = ""
    for _ in range(5):
        number, place = divmod(number, len(ALPHABET))
        found = ALPHABET[place] + found
    return found
