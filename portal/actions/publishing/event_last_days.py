"""Events that went public before events were given a last day in the lists: they get it by the rules of today.

A migration cannot read the zones of what was typed; the program can, so `portal init` does it. Twice is harmless.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, literal_column, select

from portal.actions.portal import Portal
from portal.rules.expiry import expiry_of
from portal.storage.tables import Release, Revision, TimelineEntry

BATCH = 500
_LIVE: ColumnElement[str] = literal_column("'live'")


def date_events(portal: Portal) -> int:
    """Give live events without a last day theirs; answers how many had none.

    Left alone: one that was over when it went public, and one whose day an editor has set or taken away.
    """
    lacking = _lacking(portal)
    for start in range(0, len(lacking), BATCH):
        _write(portal, lacking[start : start + BATCH])
    return len(lacking)


def _lacking(portal: Portal) -> list[tuple[int, datetime]]:
    """Ids of releases with the last day that each should have."""
    set_by_hand = exists().where(TimelineEntry.release_id == Release.id, TimelineEntry.fact == "expiry_set")
    statement = (
        select(Release.id, Release.live_from, Revision.content["values"])
        .join(Revision, Revision.id == Release.live_revision_id)
        .where(
            Release.publication == _LIVE, Release.kind == "event", Release.expires_at.is_(None), ~set_by_hand
        )
    )
    with portal.database.reading() as session:
        rows = session.execute(statement).all()
    dated = (
        (row_id, expiry_of("event", values, live_from)) for row_id, live_from, values in rows if live_from
    )
    return [(row_id, over) for row_id, over in dated if over is not None]


def _write(portal: Portal, dated: list[tuple[int, datetime]]) -> None:
    with portal.work() as work:
        for row_id, over in dated:
            release = work.session.get(Release, row_id, with_for_update=True)
            if release is not None and release.expires_at is None:
                release.expires_at = over
        work.commit()
