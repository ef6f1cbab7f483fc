"""Keeping the parts of the sitemap: they only grow at the end, so where each begins is written down once."""

from datetime import datetime

from portal.actions.portal import Portal
from portal.storage.queries import sitemap

AT_ONCE = 20
"""Parts in one go: each reads as many keys of an index as it has addresses."""


def keep_parts(portal: Portal, *, now: datetime, most: int = AT_ONCE) -> int:
    """Write down where the next parts begin, once they are full. How many were."""
    kept = 0
    while kept < most and _keep_next(portal, now):
        kept += 1
    return kept


def _keep_next(portal: Portal, now: datetime) -> bool:
    """Looked up without a lock on writing: it nearly always finds nothing."""
    with portal.database.reading() as session:
        if sitemap.next_beginning(session, now, sitemap.last_kept(session), recorded=True) is None:
            return False
    with portal.work() as work:
        following = sitemap.next_beginning(work.session, now, sitemap.last_kept(work.session), recorded=True)
        if following is None:
            return False
        sitemap.keep_beginning(work, following)
        work.commit()
    return True
