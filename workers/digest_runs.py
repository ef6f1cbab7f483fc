"""Whole runs of sending: an issue to all its readers, to one address, and in the slices of a job or of the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from portal.actions.accounts.account_input import cleaned_email, require
from portal.actions.newsletter import building, sending
from portal.actions.newsletter.building import issue_id_of, queue_deliveries
from portal.actions.portal import Portal
from portal.outlets.newsletter.daily_email import DailyEmail, daily_email
from portal.outlets.newsletter.trial_letter import send_test
from portal.rules.issues import Issue
from portal.storage.database import Session
from portal.storage.queries.newsletter import digests, subscribers
from portal.storage.queries.newsletter.digests import Progress
from portal.storage.tables import DigestIssue
from workers.bench import Bench
from workers.digest import JOB_SECONDS, real_time, send_issue

Told = Callable[[int, int], None]


def send_whole(bench: Bench, on: str, told: Told) -> dict[str, Any]:
    """Send a closed issue to everybody who has not got it. Raises NotFound, Conflict where it is held."""
    issue_id = issue_id_of(bench.portal, on)
    queue_deliveries(bench.portal, issue_id, now=bench.clock.now())
    waiting = _progress(bench, issue_id).waiting
    send_issue(bench, issue_id, told=lambda count: told(count, waiting))
    return _counts(on, _progress(bench, issue_id))


def send_to(bench: Bench, on: str, address: str) -> dict[str, Any]:
    """Send a reader's own letter, once; to an address that is no reader's the whole issue as a test.

    Raises NotFound, Conflict, Invalid.
    """
    issues: list[Issue] = []
    email = cleaned_email(address, issues)
    require(issues)
    with bench.portal.database.reading() as session:
        reader = subscribers.by_email(session, email)
    if reader is None or reader.state != "confirmed":
        taken = _send_test(bench, on, email)
        return {"date": on, "readers": 1, "sent": int(taken), "failed": int(not taken), "uncertain": 0}
    issue_id = issue_id_of(bench.portal, on)
    queue_deliveries(bench.portal, issue_id, now=bench.clock.now())
    send_issue(bench, issue_id, reader_id=reader.id)
    with bench.portal.database.reading() as session:
        state = digests.state_for(session, issue_id, reader.id)
    return _counts(on, Progress({state: 1} if state else {}))


def _send_test(bench: Bench, on: str, email: str) -> bool:
    now = bench.clock.now()
    with bench.portal.database.reading() as session:
        letters, issue = as_it_stands(bench.portal, session, on, now)
    return send_test(letters, issue, email, now)


def as_it_stands(portal: Portal, session: Session, on: str, now: datetime) -> tuple[DailyEmail, DigestIssue]:
    """The issue of a date as letters; one that is not closed yet as it would be now."""
    kept = digests.by_date(session, on)
    closed = kept if kept is not None and kept.closed_at is not None else None
    issue = closed or building.preview(portal, session, on, now=now)
    return daily_email(session, issue, portal.settings, now), issue


def send_slice(bench: Bench, issue_id: int, *, seconds: float = JOB_SECONDS) -> None:
    """As much as goes in a while; what is left is rung for again."""
    send_issue(bench, issue_id, seconds=seconds)
    if _is_due(bench, issue_id, real_time()):
        sending.ring(bench.portal, issue_id)


def due_issues(bench: Bench, at: datetime) -> list[int]:
    """Issues of which a letter may go at `at` (real time), for the clock; the others are brought to their end."""
    with bench.portal.database.reading() as session:
        under_way = list(digests.under_way(session))
    due = [issue_id for issue_id in under_way if _is_due(bench, issue_id, at)]
    for issue_id in set(under_way) - set(due):
        sending.settle(bench.portal, issue_id, now=bench.clock.now(), at=at)
    return due


def _is_due(bench: Bench, issue_id: int, at: datetime) -> bool:
    with bench.portal.database.reading() as session:
        issue = session.get_one(DigestIssue, issue_id)
        return issue.paused_at is None and digests.is_due(session, issue_id, at)


def _progress(bench: Bench, issue_id: int) -> Progress:
    with bench.portal.database.reading() as session:
        return digests.progress(session, [issue_id])[issue_id]


def _counts(on: str, found: Progress) -> dict[str, Any]:
    return {
        "date": on,
        "readers": found.readers,
        "sent": found.of("sent"),
        "failed": found.of("failed"),
        "uncertain": found.of("uncertain"),
    }
