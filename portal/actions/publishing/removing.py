"""After publication, short of a kill: taken down and put back, a kill taken back, a notice over the text, an end date.

Each is a step of the publication table with wording of its own; readers, feeds and the sender are told of each.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from portal.actions.portal import Portal
from portal.actions.publishing import correcting
from portal.actions.releases.moving import Act, acting, clock_acting
from portal.rules import removal as words
from portal.rules.expiry import start_of
from portal.rules.permissions import Person
from portal.rules.reading import read_date
from portal.rules.refusals import refused, required_words
from portal.rules.release_states import PUBLISHED, Step, publication_step
from portal.storage.columns import ReleaseColumns
from portal.storage.queries import releases, removal
from portal.storage.queries.public_releases import is_visible
from portal.storage.queries.releases import Case

BATCH = 500
LONGEST_NOTICE = 1_000
_BACK: ReleaseColumns = {"removed_at": None, "removal_text": "", "removal_reasons": []}


def take_down(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str, now: datetime
) -> None:
    """Off the site, 410 under its address, until a senior puts it back. A correction under way is closed."""
    with acting(portal, actor, reference, now=now) as act:
        row = act.require_publication("take_down", version)
        why = required_words(message, "Say why it is taken down.")
        correcting.close_open_correction(act, why="The release was taken down.")
        on_public_edition(act).move_publication(row, changes={"removed_at": now}, detail={"why": why})


def put_back(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str, now: datetime
) -> None:
    """What was taken down is public again, under the same address and feed id."""
    with acting(portal, actor, reference, now=now) as act:
        _bring_back(act, act.require_publication("put_back", version), message)


def revert(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str, now: datetime
) -> None:
    """A kill is taken back: the text is public again, and everybody who was told of the kill is told of this."""
    with acting(portal, actor, reference, now=now) as act:
        _bring_back(act, act.require_publication("revert", version), message)


def set_notice(
    portal: Portal, actor: Person, reference: str, *, kind: str, text: str, version: int, now: datetime
) -> None:
    """A banner over a text that stays readable, or none. Raises Invalid, Conflict, NotFound."""
    with acting(portal, actor, reference, now=now) as act:
        row = act.require_publication("notice", version)
        changes = _notice(kind, text)
        word, says = words.NOTICE_WORDS.get(kind, ""), changes["notice_text"]
        why = f"{word}: {says}" if word else "The notice was taken off."
        on_public_edition(act).move_publication(
            row,
            changes={**changes, "notice_at": now if word else None, "updated_at": now},
            detail={"why": why, "notice": kind, "notice_text": says},
        )


def expire_on(
    portal: Portal, actor: Person, reference: str, *, expires_at: str, version: int, now: datetime
) -> None:
    """Until when it stays in lists and feeds: a date (today = until now), or empty for ever. Its address stays."""
    with acting(portal, actor, reference, now=now) as act:
        row = act.require_publication("expire_on", version)
        ends = _end(expires_at, portal, now)
        public = on_public_edition(act)
        detail = {"expires_at": ends.isoformat() if ends else ""}
        public.move_publication(row, changes={"expires_at": ends, "archived_at": None}, detail=detail)
        if ends is not None and ends <= now:
            _archive(public.by_itself())


def expire_due(portal: Portal, *, now: datetime) -> int:
    """The clock: write down what has left the lists. The lists themselves look at the date. How many were recorded."""
    with portal.database.reading() as session:
        due = list(removal.to_archive(session, now, limit=BATCH))
    return sum(_archive_one(portal, reference, now) for reference in due)


def on_public_edition(act: Act) -> Act:
    """The same, about the edition that readers see, and not about a correction under review."""
    return act.on(Case(act.release, removal.live_edition(act.session, act.release)))


def _bring_back(act: Act, row: Step, message: str) -> None:
    detail = {"why": required_words(message, "Say why it is public again.")}
    removal.end_kill_request(act.work, act.release, now=act.now)
    # Its feed entry comes back as changed, so that readers of feeds take it in again.
    changes: ReleaseColumns = {**_BACK, "updated_at": act.now}
    on_public_edition(act).move_publication(row, changes=changes, detail=detail, tell=act.person.id)


def _notice(kind: str, text: str) -> ReleaseColumns:
    if kind == words.NO_NOTICE:
        return {"notice_kind": "", "notice_text": ""}
    if kind not in words.NOTICE_WORDS:
        raise refused("notice_kind", "Choose what the notice says.")
    if len(text.strip()) > LONGEST_NOTICE:
        sentence = f"The notice has {len(text.strip())} characters. Keep {LONGEST_NOTICE} or fewer."
        raise refused("notice_text", sentence, "LENGTH")
    return {"notice_kind": kind, "notice_text": words.notice_text(kind, text)}


def _end(typed: str, portal: Portal, now: datetime) -> datetime | None:
    if not typed.strip():
        return None
    day, zone = read_date(typed), portal.settings.zone
    today: date = now.astimezone(zone).date()
    if day is None or day < today:
        sentence = "Give today or a later day as YYYY-MM-DD, or leave it empty."
        raise refused("expires_at", sentence, "FORMAT")
    return now if day == today else start_of(day, zone)


def _archive_one(portal: Portal, reference: str, now: datetime) -> bool:
    find = partial(releases.find_for_change, reference=reference)
    with clock_acting(portal, find, now=now) as act:
        if act is None or not _has_ended(act):
            return False
        _archive(on_public_edition(act))
        return True


def _has_ended(act: Act) -> bool:
    release, now = act.release, act.now
    over = release.archived_at is None and release.expires_at is not None and release.expires_at <= now
    return over and is_visible(act.session, release, now)


def _archive(act: Act) -> None:
    """By the time alone it is archived already; this writes it down."""
    row = publication_step("expire", PUBLISHED)
    assert row is not None  # a row of the table
    planned = act.release.expires_at
    detail = {"expires_at": planned.isoformat() if planned else ""}
    act.move_publication(row, changes={"archived_at": act.now}, detail=detail)


STEPS: dict[str, Callable[..., None]] = {"take-down": take_down, "put-back": put_back, "revert": revert}
"""The three that take a message and nothing else, by their address."""
