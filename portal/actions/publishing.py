"""Going public: an approval sets the publication, and the sweep records that its minute has come.

Nothing here makes a release visible by itself; the public query does, from `live_from` on.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import exists, select

from portal.actions import moving
from portal.actions.portal import Portal
from portal.rules.issues import Issue
from portal.rules.kinds.fields import typed
from portal.rules.publication_time import Wish, live_from, local_instant, wish
from portal.rules.refusals import Invalid
from portal.rules.release_states import LIVE, publication_step
from portal.settings import Settings
from portal.storage import timeline
from portal.storage.queries import releases
from portal.storage.queries.releases import Case
from portal.storage.tables import ClockHold, Place, Release, Revision
from portal.storage.unit_of_work import UnitOfWork
from portal.text import slugs

BATCH = 500


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


def editors_time(text: str, zone: str, fold: str, settings: Settings) -> datetime | None:
    """The editor's own time for a release, None where none was given. Raises Invalid with the issue."""
    if not text.strip():
        return None
    found = local_instant(
        text, zone.strip() or settings.timezone, fold, field="publish_at", zone_field="publish_timezone"
    )
    if isinstance(found, Issue):
        raise Invalid("The time cannot be used.", [found])
    return found


def put_live(
    work: UnitOfWork,
    case: Case,
    revision: Revision,
    *,
    publish_at: datetime | None,
    settings: Settings,
    now: datetime,
) -> datetime:
    """Set the publication of an approved edition in the approval's transaction; answers from when it is public."""
    release, sender = case.release, _wish_to_keep(revision.content["values"], settings)
    if publication_step("approve", release.publication) is None:
        raise moving.conflict(work, case, "It is public already.")
    release.publication = LIVE
    release.live_from = live_from(now, publish_at, sender.at, sender.timing)
    release.live_edition_id, release.live_revision_id = case.edition.id, revision.id
    release.slug = release.slug or slugs.slugify(revision.headline)
    _place(work, release, revision)
    return release.live_from


def record_if_due(work: UnitOfWork, release: Release, *, now: datetime) -> bool:
    """Write down that an immediate release is public; its approval mail says so already."""
    if release.live_from is None or release.live_from > now or _held(work):
        return False
    release.went_live_at = now
    release.updated_at = release.live_from
    timeline.append(work, release, fact="went_live", now=now, edition_id=release.live_edition_id,
                    revision_id=release.live_revision_id, detail=_minutes(release, now))  # fmt: skip
    return True


def record_due(portal: Portal, *, now: datetime) -> int:
    """The sweep: record what became visible, planned and actual minute, and set off its mails. Twice is harmless."""
    with portal.database.reading() as session:
        due = list(
            session.scalars(
                select(Release.reference)
                .where(Release.publication == LIVE, Release.went_live_at.is_(None), Release.live_from <= now)
                .order_by(Release.live_from)
                .limit(BATCH)
            )
        )
    return sum(_record_one(portal, reference, now) for reference in due)


def _record_one(portal: Portal, reference: str, now: datetime) -> bool:
    with portal.work() as work:
        case = releases.find_for_change(work, reference)
        if case is None or not _is_due(case.release, now) or _held(work):
            return False
        case.release.went_live_at = now
        case.release.updated_at = case.release.live_from
        moving.record(work, case, "went_live", actor=None, now=now, detail=_minutes(case.release, now))
        work.commit()
        return True


def _is_due(release: Release, now: datetime) -> bool:
    return (
        release.publication == LIVE
        and release.went_live_at is None
        and release.live_from is not None
        and release.live_from <= now
    )


def _held(work: UnitOfWork) -> bool:
    return bool(work.session.scalar(select(exists().select_from(ClockHold))))


def _minutes(release: Release, now: datetime) -> dict[str, str]:
    planned = release.live_from.isoformat() if release.live_from else ""
    return {"planned": planned, "recorded": now.isoformat()}


def _place(work: UnitOfWork, release: Release, revision: Revision) -> None:
    """Remember where the news comes from, under the slugs that lists and feeds use."""
    country = revision.country
    release.country_slug = slugs.place_slug(country)
    _remember_place(work, release.country_slug, country, "")
    release.city_slug = slugs.place_slug(country, revision.city)
    if release.city_slug != release.country_slug:
        _remember_place(work, release.city_slug, country, revision.city)


def _remember_place(work: UnitOfWork, slug: str, country: str, city: str) -> None:
    if work.session.get(Place, slug) is None:
        work.session.add(Place(slug=slug, country=country, city=city[:120]))
        work.session.flush()
