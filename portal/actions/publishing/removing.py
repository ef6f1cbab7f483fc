"""After publication, short of a kill: taken down and put back, a kill taken back, a notice over the text, an end date.

Each is a step of the publication table with wording of its own; readers, feeds and the sender are told of each.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from portal.actions.portal import Portal
from portal.actions.publishing import correcting
from portal.actions.releases import moving
from portal.rules import removal as words
from portal.rules.expiry import start_of
from portal.rules.issues import blocking
from portal.rules.permissions import Person
from portal.rules.reading import read_date
from portal.rules.refusals import Invalid
from portal.rules.release_states import PUBLISHED, Step, publication_step
from portal.storage.queries import releases, removal
from portal.storage.queries.public_releases import is_visible
from portal.storage.queries.releases import Case
from portal.storage.unit_of_work import UnitOfWork

BATCH = 500
LONGEST_NOTICE = 1_000
_BACK: dict[str, Any] = {"removed_at": None, "removal_text": "", "removal_reasons": []}


def take_down(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str, now: datetime
) -> None:
    """Off the site, 410 under its address, until a senior puts it back. A correction under way is closed."""
    with portal.work() as work:
        case, row = _open(work, actor, reference, "take_down", version, now)
        detail = {"why": _required(message, "Say why it is taken down.")}
        correcting.close_open_correction(work, case, now, why="The release was taken down.")
        changes = {"removed_at": now}
        moving.move_publication(
            work, _public(work, case), row, actor=actor, now=now, changes=changes, detail=detail
        )
        work.commit()


def put_back(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str, now: datetime
) -> None:
    """What was taken down is public again, under the same address and feed id."""
    _bring_back(portal, actor, reference, "put_back", version, message, now)


def revert(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str, now: datetime
) -> None:
    """A kill is taken back: the text is public again, and everybody who was told of the kill is told of this."""
    _bring_back(portal, actor, reference, "revert", version, message, now)


def set_notice(
    portal: Portal, actor: Person, reference: str, *, kind: str, text: str, version: int, now: datetime
) -> None:
    """A banner over a text that stays readable, or none. Raises Invalid, Conflict, NotFound."""
    with portal.work() as work:
        case, row = _open(work, actor, reference, "notice", version, now)
        changes = _notice(kind, text)
        word = words.NOTICE_WORDS.get(kind, "")
        why = f"{word}: {changes['notice_text']}" if word else "The notice was taken off."
        moving.move_publication(
            work,
            _public(work, case),
            row,
            actor=actor,
            now=now,
            changes={**changes, "notice_at": now if word else None, "updated_at": now},
            detail={"why": why, "notice": kind, "notice_text": changes["notice_text"]},
        )
        work.commit()


def expire_on(
    portal: Portal, actor: Person, reference: str, *, expires_at: str, version: int, now: datetime
) -> None:
    """Until when it stays in lists and feeds: a date (today = until now), or empty for ever. Its address stays."""
    with portal.work() as work:
        case, row = _open(work, actor, reference, "expire_on", version, now)
        ends = _end(expires_at, portal, now)
        public = _public(work, case)
        detail = {"expires_at": ends.isoformat() if ends else ""}
        changes = {"expires_at": ends, "archived_at": None}
        moving.move_publication(work, public, row, actor=actor, now=now, changes=changes, detail=detail)
        if ends is not None and ends <= now:
            _archive(work, public, now)
        work.commit()


def expire_due(portal: Portal, *, now: datetime) -> int:
    """The clock: write down what has left the lists. The lists themselves look at the date. How many were recorded."""
    with portal.database.reading() as session:
        due = list(removal.to_archive(session, now, limit=BATCH))
    return sum(_archive_one(portal, reference, now) for reference in due)


def _open(
    work: UnitOfWork, actor: Person, reference: str, step: str, version: int, now: datetime
) -> tuple[Case, Step]:
    case = moving.open_case(work, reference, actor)
    row = moving.require_publication_step(work, case, step, actor, now=now)
    moving.require_version(work, case, version)
    return case, row


def _bring_back(
    portal: Portal, actor: Person, reference: str, step: str, version: int, message: str, now: datetime
) -> None:
    with portal.work() as work:
        case, row = _open(work, actor, reference, step, version, now)
        detail = {"why": _required(message, "Say why it is public again.")}
        removal.end_kill_request(work, case.release, now=now)
        # Its feed entry comes back as changed, so that readers of feeds take it in again.
        changes = {**_BACK, "updated_at": now}
        moving.move_publication(
            work,
            _public(work, case),
            row,
            actor=actor,
            now=now,
            changes=changes,
            detail=detail,
            tell=actor.id,
        )
        work.commit()


def _public(work: UnitOfWork, case: Case) -> Case:
    return Case(case.release, removal.live_edition(work.session, case.release))


def _required(message: str, sentence: str) -> str:
    if not message.strip():
        raise Invalid(sentence, [blocking("WRITING", "message", sentence)])
    return message.strip()


def _notice(kind: str, text: str) -> dict[str, Any]:
    if kind == words.NO_NOTICE:
        return {"notice_kind": "", "notice_text": ""}
    if kind not in words.NOTICE_WORDS:
        sentence = "Choose what the notice says."
        raise Invalid(sentence, [blocking("WRITING", "notice_kind", sentence)])
    if len(text.strip()) > LONGEST_NOTICE:
        sentence = f"The notice has {len(text.strip())} characters. Keep {LONGEST_NOTICE} or fewer."
        raise Invalid(sentence, [blocking("LENGTH", "notice_text", sentence)])
    return {"notice_kind": kind, "notice_text": words.notice_text(kind, text)}


def _end(typed: str, portal: Portal, now: datetime) -> datetime | None:
    if not typed.strip():
        return None
    day, zone = read_date(typed), portal.settings.zone
    today: date = now.astimezone(zone).date()
    if day is None or day < today:
        sentence = "Give today or a later day as YYYY-MM-DD, or leave it empty."
        raise Invalid(sentence, [blocking("FORMAT", "expires_at", sentence)])
    return now if day == today else start_of(day, zone)


def _archive_one(portal: Portal, reference: str, now: datetime) -> bool:
    with portal.work() as work:
        case = releases.find_for_change(work, reference)
        if case is None or not _has_ended(work, case, now):
            return False
        _archive(work, _public(work, case), now)
        work.commit()
        return True


def _has_ended(work: UnitOfWork, case: Case, now: datetime) -> bool:
    release = case.release
    over = release.archived_at is None and release.expires_at is not None and release.expires_at <= now
    return over and is_visible(work.session, release, now)


def _archive(work: UnitOfWork, public: Case, now: datetime) -> None:
    """By the time alone it is archived already; this writes it down."""
    row = publication_step("expire", PUBLISHED)
    assert row is not None  # a row of the table
    planned = public.release.expires_at
    detail = {"expires_at": planned.isoformat() if planned else ""}
    moving.move_publication(
        work, public, row, actor=None, now=now, changes={"archived_at": now}, detail=detail
    )


STEPS: dict[str, Callable[..., None]] = {"take-down": take_down, "put-back": put_back, "revert": revert}
"""The three that take a message and nothing else, by their address."""
