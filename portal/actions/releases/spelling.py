"""Learning the words of public releases, for those who will mistype them. The clock does it, a little at each tick.

Not in the transaction that publishes: many releases may become due in one minute, and nobody waits for a suggestion.
"""

from datetime import datetime

from portal.actions.portal import Portal
from portal.actions.releases import finding
from portal.storage.queries import known_words
from portal.storage.tables import Revision
from portal.text.spelling import grams, spellings

BATCH = 5
MOST_WORDS = 1_000
"""Of one release."""


def learn(portal: Portal, *, now: datetime) -> int:  # noqa: ARG001  # every duty of the clock is told the time
    """Learn the words of some releases whose going live is recorded; how many there were."""
    with portal.database.reading() as session:
        if not known_words.to_learn(session, 1):
            return 0
    with portal.work() as work:
        waiting = known_words.to_learn(work.session, BATCH)
        for release in waiting:
            revision = work.session.get_one(Revision, release.live_revision_id)
            found = list(spellings(finding.text_of(release, revision)).items())
            known_words.learn(work, release.id, dict(found[:MOST_WORDS]), grams)
        work.commit()
    return len(waiting)
