"""Going public: an approval sets the publication, and the sweep records that its minute has come.

Nothing here makes a release visible by itself; the public query does, from `live_from` on.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, literal_column, select

from portal.actions.mailing import alarming
from portal.actions.portal import Portal
from portal.actions.releases import mail_hold, moving
from portal.actions.releases.moving import Act
from portal.rules.expiry import corrected_expiry, expiry_of
from portal.rules.issues import Issue, blocking
from portal.rules.kinds.fields import typed
from portal.rules.publication_time import LATE, Wish, live_from, local_instant, shown, too_close, wish
from portal.rules.refusals import Invalid
from portal.rules.release_states import LIVE, publication_step
from portal.settings import Settings
from portal.storage import outbox, timeline
from portal.storage.columns import ReleaseColumns
from portal.storage.tables import ClockHold, Place, Release, Revision
from portal.storage.timeline import Happened
from portal.storage.unit_of_work import UnitOfWork
from portal.text import places, slugs

BATCH = 500
# Written out, not bound: a partial index serves only a condition that the planner can read.
_LIVE: ColumnElement[str] = literal_column("'live'")

_log = logging.getLogger(__name__)


def wished(values: Mapping[str, str], settings: Settings) -> Wish:
    """What the sender asked for, for showing; a wish that cannot be read shows as none."""
    found = _read_wish(values, settings)
    return found if isinstance(found, Wish) else Wish("immediate", None, settings.timezone)


def _wish_to_keep(values: Mapping[str, str], settings: Settings) -> Wish:
    """The same for deciding: what cannot be read is never taken for "at once". Raises Invalid."""
    found = _read_wish(values, settings)
    if isinstance(found, Issue):
        raise Invalid("The sender’s time for this release cannot be read. Ask for changes.", [found])
    return found


def _read_wish(values: Mapping[str, str], settings: Settings) -> Wish | Issue:
    names = ("timing", "release_at", "release_timezone", "release_fold")
    return wish(*(typed(values, name) for name in names), site_timezone=settings.timezone)


@dataclass(frozen=True)
class LocalTime:
    """A day and time as an editor typed them: the clock of which zone, and which one where it comes twice."""

    text: str
    zone: str = ""  # empty: the site's
    fold: str = ""


OR_EMPTY = "leave it empty to publish now"


def editors_time(
    typed_time: LocalTime, settings: Settings, *, now: datetime, otherwise: str = OR_EMPTY
) -> datetime | None:
    """The editor's own time for a release, None where none was given. Raises Invalid with the issue.

    It must be ahead, and within twelve months. `otherwise`: what else there is to do about one that is over.
    """
    if not typed_time.text.strip():
        return None
    zone = typed_time.zone.strip() or settings.timezone
    found = local_instant(
        typed_time.text, zone, typed_time.fold, field="publish_at", zone_field="publish_timezone"
    )
    if isinstance(found, datetime):
        found = (
            over(found, zone, otherwise)
            if found <= now
            else too_close(found, zone, now=now, least_minutes=0, field="publish_at") or found
        )
    if isinstance(found, Issue):
        raise Invalid("The time cannot be used.", [found])
    return found


def over(at: datetime, zone: str, otherwise: str = OR_EMPTY) -> Issue:
    """The issue of an editor's time that is over."""
    told = f"{shown(at, zone)} is over. Choose a later time{f', or {otherwise}' if otherwise else ''}."
    return blocking("EMBARGO", "publish_at", told)


def put_live(act: Act, revision: Revision, step: str, publish_at: datetime | None) -> datetime:
    """Set the publication of an approved edition in the approval's transaction; answers from when it is public.

    `step`: the approval's, `approve` or `confirm`.
    """
    if act.edition.is_correction:
        return put_correction_live(act, revision)
    release, values = act.release, revision.content["values"]
    row = publication_step(step, release.publication)
    if row is None:
        raise act.conflict("It is public already.")
    sender = _wish_to_keep(values, act.settings)
    shows_from = live_from(act.now, publish_at, sender.at, sender.timing)
    changes: ReleaseColumns = {
        "live_from": shows_from,
        "live_edition_id": act.edition.id,
        "live_revision_id": revision.id,
        "slug": release.slug or slugs.slugify(revision.headline),
        "expires_at": expiry_of(release.kind, values, shows_from),
        "archived_at": None,
        **_places(act.work, revision),
    }
    if shows_from <= act.now:  # until it shows, its feeds remember when it left them
        changes["updated_at"] = None
    act.carry_publication(row, changes)
    return shows_from


def put_correction_live(act: Act, revision: Revision) -> datetime:
    """The approved text takes the place of the public one at once: same address, same feed id, same first minute.

    Its mails wait as long as those of the decision do.
    """
    release, now = act.release, act.now
    row = publication_step("approve_correction", act.shown_publication())
    if row is None or not row.offered or release.live_from is None:
        raise act.conflict("It is no longer public, so it cannot be corrected.")
    record_if_due(act)
    act.edition.published_at = now
    changes: ReleaseColumns = {
        "live_edition_id": act.edition.id,
        "live_revision_id": revision.id,
        "updated_at": max(now, release.updated_at or now),
        **_moved_expiry(act, revision),
        **_places(act.work, revision),
    }
    detail = {"kind": act.edition.correction_kind, "what": act.edition.correction_what}
    held = mail_hold.until(act.settings, now)
    act.by_itself().move_publication(row, changes=changes, detail=detail, not_before=held)
    return release.live_from


def _moved_expiry(act: Act, revision: Revision) -> ReleaseColumns:
    """A corrected event leaves the lists after its new end."""
    release = act.release
    assert release.live_from is not None  # it is public
    was = act.session.get_one(Revision, release.live_revision_id)
    ends = corrected_expiry(
        release.kind,
        was.content["values"],
        revision.content["values"],
        expires_at=release.expires_at,
        live_from=release.live_from,
    )
    return {} if ends == release.expires_at else {"expires_at": ends, "archived_at": None}


def record_if_due(act: Act) -> bool:
    """Write down that an immediate release is public; its approval mail says so already."""
    release, row, now = act.release, publication_step("go_live", act.release.publication), act.now
    if row is None or release.went_live_at or release.live_from is None or release.live_from > now:
        return False
    if _publishing_is_stopped(act.work):
        return False
    act.carry_publication(row, moving.gone_live(release.live_from, now))
    timeline.append(
        act.work,
        release,
        fact="went_live",
        now=now,
        edition_id=release.live_edition_id,
        revision_id=release.live_revision_id,
        detail=_minutes(release.live_from, now),
    )
    return True


def record_due(portal: Portal, *, now: datetime) -> int:
    """The sweep: record what became visible, planned and actual minute, and set off its mails. Twice is harmless.

    Batches of one transaction each, so that ten thousand in one minute take seconds and nobody waits long between.
    """
    recorded = 0
    while _is_anything_due(portal, now):
        found = _record_batch(portal, now)
        recorded += found
        if found < BATCH:
            break
    return recorded


def _is_anything_due(portal: Portal, now: datetime) -> bool:
    """Looked up without a lock on writing: most ticks find nothing."""
    with portal.database.reading() as session:
        return bool(session.scalar(select(exists().where(*_due(now)))))


def _record_batch(portal: Portal, now: datetime) -> int:
    with portal.work() as work:
        due = [] if _publishing_is_stopped(work) else _due_rows(work, now)
        if not due:
            return 0
        happened = [_went_live(row, now) for row in due]
        ids = timeline.append_many(work, happened, fact="went_live", now=now)
        causes = [(row_id, row.id, row.live_edition_id) for row_id, row in zip(ids, due, strict=True)]
        outbox.put_many(work, "went_live", causes, now=now)
        late = alarming.say_if_recorded_late(work, due, now=now)
        work.commit()
    _log_late(late, due, now)
    return len(due)


def record_silently(work: UnitOfWork, *, until: datetime, now: datetime) -> int:
    """Record what was due by `until` in this transaction and tell nobody; how many. Nothing while publishing is stopped."""
    recorded = 0
    while not _publishing_is_stopped(work) and (due := _due_rows(work, until)):
        timeline.append_many(work, [_went_live(row, now) for row in due], fact="went_live", now=now)
        recorded += len(due)
    return recorded


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Release.publication == _LIVE, Release.went_live_at.is_(None), Release.live_from <= now)


def _due_rows(work: UnitOfWork, now: datetime) -> Sequence[Any]:  # rows of the columns below
    """Locked; one that somebody else is changing just now comes with the next sweep."""
    statement = (
        select(
            Release.id,
            Release.reference,
            Release.live_from,
            Release.live_edition_id,
            Release.live_revision_id,
            Release.chain_count,
            Release.chain_head,
        )
        .where(*_due(now))
        .order_by(Release.live_from, Release.id)
        .limit(BATCH)
    )
    return work.session.execute(statement.with_for_update(skip_locked=True)).all()


def _went_live(row: Any, now: datetime) -> Happened:
    return Happened(
        release_id=row.id,
        chain_count=row.chain_count,
        chain_head=row.chain_head,
        publication=LIVE,
        edition_id=row.live_edition_id,
        revision_id=row.live_revision_id,
        detail=_minutes(row.live_from, now),
        changes=dict(moving.gone_live(row.live_from, now)),
    )


def _log_late(late: Sequence[Any], due: Sequence[Any], now: datetime) -> None:
    if late:
        first = min(late, key=lambda row: row.live_from)
        _log.error(
            "ALARM: %s of %s releases were recorded late, %s by %s seconds; they were public in their minute",
            len(late),
            len(due),
            first.reference,
            int((now - first.live_from).total_seconds()),
        )


def _publishing_is_stopped(work: UnitOfWork) -> bool:
    return bool(work.session.scalar(select(exists().select_from(ClockHold))))


def _minutes(planned: datetime, now: datetime) -> dict[str, Any]:
    """Planned and actual minute; `late` in seconds where the recording came more than two minutes after."""
    late = now - planned
    told = {"late": int(late.total_seconds())} if late > LATE else {}
    return {"planned": planned.isoformat(), "recorded": now.isoformat(), **told}


def _places(work: UnitOfWork, revision: Revision) -> ReleaseColumns:
    """Where the news comes from, under the slugs that lists and feeds use; remembered as a place."""
    country, city = revision.country, places.city_of(revision.city, revision.country, revision.language)
    of_country, of_city = slugs.place_slug(country), slugs.place_slug(country, city)
    _remember_place(work, of_country, country, "")
    if of_city != of_country:
        _remember_place(work, of_city, country, city)
    return {"country_slug": of_country, "city_slug": of_city}


def _remember_place(work: UnitOfWork, slug: str, country: str, city: str) -> None:
    """One place however its name is spelt; the best spelling that ever came is the one that lists show."""
    known = work.session.get(Place, slug)
    if known is not None:
        known.city = places.better_spelling(known.city, city[:120])
    else:
        work.session.add(Place(slug=slug, country=country, city=city[:120]))
        work.session.flush()
