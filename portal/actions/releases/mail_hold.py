"""The hold of decision mails: a while in which an editor's slip can be undone and nobody was told.

The mails of a decision wait in the outbox. Whatever a person does to the release after it ends the wait: what is
still true leaves at once, and what is not is dropped.
"""

from datetime import datetime, timedelta

from portal.rules.facts import FACTS
from portal.settings import Settings
from portal.storage import outbox
from portal.storage.queries import mailing
from portal.storage.queries.releases import Case
from portal.storage.tables import Decision, Edition, Outbox, Release, TimelineEntry
from portal.storage.unit_of_work import UnitOfWork


def until(settings: Settings, now: datetime) -> datetime:
    """When the mail of a decision taken now may leave."""
    return now + timedelta(minutes=settings.mail_hold_minutes)


def end(work: UnitOfWork, case: Case, *, now: datetime) -> None:
    """Somebody took a step: the wait is over."""
    for row in outbox.held(work.session, case.release.id, now):
        if _stands(work, case.release, row):
            outbox.let_go(work, row, now=now)
        else:
            outbox.drop(work, row, now=now)


def end_of_the_wait(work: UnitOfWork, case: Case, now: datetime) -> datetime | None:
    """When the last mail that waits may leave; None where none waits. What comes of itself is said behind it."""
    return max((row.not_before for row in outbox.held(work.session, case.release.id, now)), default=None)


def _stands(work: UnitOfWork, release: Release, row: Outbox) -> bool:
    """Is what this fact's mails would say still so?"""
    entry = work.session.get_one(TimelineEntry, row.timeline_id)
    edition = work.session.get_one(Edition, row.edition_id)
    decision = work.session.get(Decision, entry.detail.get("decision") or 0)
    return not FACTS[row.fact].why_not(mailing.standing_of(entry, edition, release, decision))
