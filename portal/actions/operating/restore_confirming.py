"""Ending the hold of a restored copy: an operator says what of the old may still go, and the rest never does.

Old is what was due before the hold began: the run of the database that is lost may have sent it. What people did
since then, and what comes due later, goes as always.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, update

from portal.actions.newsletter import building
from portal.actions.portal import Portal
from portal.actions.publishing import going_live
from portal.rules import digest as rules
from portal.rules.refusals import Conflict
from portal.rules.restore import Mark
from portal.storage import restore_mark, timeline
from portal.storage.queries import restoring
from portal.storage.queries.newsletter import digests
from portal.storage.tables import ClockHold, ClockLease, Delivery, DigestDelivery, DigestIssue, Outbox
from portal.storage.tables.operations import RESTORE
from portal.storage.unit_of_work import UnitOfWork

SKIP, SEND = "skip", "send"
CHOICES = (SKIP, SEND)
SKIPPED = "Skipped when a restored copy was confirmed."
ONLY_ROW = 1


@dataclass(frozen=True)
class Plan:
    """What the hold keeps back. `issues` are dates; `due` are references, public from the confirmation on."""

    since: datetime
    why: str
    mails: int
    later_mails: int
    issues: Sequence[str]
    due: Sequence[str]


def plan(portal: Portal, *, now: datetime) -> Plan | None:
    """None where no restored copy is held."""
    with portal.database.reading() as session:
        hold = restoring.hold(session)
        if hold is None:
            return None
        found = restoring.waiting(session, hold.since, now)
    issues = sorted({*found.issues, *_unclosed(portal, hold.since)})
    return Plan(hold.since, hold.why, found.mails, found.later_mails, issues, found.due)


def confirm(portal: Portal, *, mails: str, issues: str, by: str, now: datetime) -> None:
    """End the hold, in one transaction; `mails` and `issues` are SKIP or SEND. Raises Conflict where none stands."""
    mark = restore_mark.read(portal.settings.instance_path)
    unclosed = []
    with portal.database.reading() as session:
        hold = restoring.hold(session)
    if hold is not None and issues == SKIP:
        unclosed = _unclosed(portal, hold.since)
    with portal.work() as work:
        lifting = delete(ClockHold).where(ClockHold.kind == RESTORE)
        if hold is None or work.session.execute(lifting).rowcount == 0:  # type: ignore[attr-defined]  # a CursorResult
            raise Conflict("Nothing is held: this database is not known as a restored copy.")
        if issues == SKIP:
            _skip_issues(work, portal, unclosed, hold.since, now)
        if mails == SKIP:
            _skip_mails(work, hold.since, now)
        run = _new_run(work, mark, now)
        detail = {"mails": mails, "issues": issues, "by": by}
        timeline.append_account_event(work, fact="restore_confirmed", now=now, detail=detail)
        work.ring("publication", "go_live", ONLY_ROW)
        work.commit()
    restore_mark.write(portal.settings.instance_path, run)


def _unclosed(portal: Portal, since: datetime) -> list[str]:
    """Dates whose issue was due before the hold and is not closed in the copy."""
    return [day.isoformat() for day in building.due_dates(portal, now=since)]


def _skip_mails(work: UnitOfWork, since: datetime, now: datetime) -> None:
    """What is due is recorded as public without its mails, too: its senders were told in their minute."""
    work.session.execute(
        update(Outbox).where(*restoring.due_before(since)).values(dropped_at=now, relayed_at=now)
    )
    work.session.execute(
        update(Delivery)
        .where(Delivery.state.in_(restoring.UNSENT))
        .values(state="dropped", claimed_until=None, last_error=SKIPPED)
    )
    going_live.record_silently(work, until=since, now=now)


def _skip_issues(
    work: UnitOfWork, portal: Portal, unclosed: Sequence[str], since: datetime, now: datetime
) -> None:
    """They count as sent: what stood in them is news no more."""
    for on in unclosed:
        _close(work, portal, on, now)
    issues = update(DigestIssue).where(*restoring.unfinished_issues(since)).returning(DigestIssue.id)
    ended = {
        "queued_at": func.coalesce(DigestIssue.queued_at, now),
        "finished_at": now,
        "version": DigestIssue.version + 1,
    }
    ids = list(work.session.scalars(issues.values(**ended).execution_options(synchronize_session=False)))
    of_them = DigestDelivery.issue_id.in_(ids)
    for state, becomes in (("pending", "dropped"), ("sending", "uncertain")):
        work.session.execute(
            update(DigestDelivery)
            .where(of_them, DigestDelivery.state == state)
            .values(state=becomes, claimed_until=None, last_error=SKIPPED)
            .execution_options(synchronize_session=False)
        )


def _close(work: UnitOfWork, portal: Portal, on: str, now: datetime) -> None:
    settings = portal.settings
    due = rules.due_at(date.fromisoformat(on), settings.digest_at, settings.zone)
    issue = digests.by_date(work.session, on, lock=True)
    if issue is None:
        issue = DigestIssue(date=on, due_at=due, chosen_order=[], version=1)
        work.session.add(issue)
    if issue.closed_at is None:
        building.fill(work.session, issue, until=due, due=due, now=now)
        work.session.flush()


def _new_run(work: UnitOfWork, mark: Mark | None, now: datetime) -> Mark:
    """From here on this is the database; every machine that knows the runs before goes along with it."""
    lease = work.session.get(ClockLease, ONLY_ROW)
    if lease is None:
        lease = ClockLease(id=ONLY_ROW, holder="", expires=0.0, epoch="", ticks=0, past_epochs="")
        work.session.add(lease)
    known = [*lease.past_epochs.split(), lease.epoch, mark.epoch if mark else ""]
    lease.past_epochs = " ".join(dict.fromkeys(each for each in known if each))
    lease.epoch = secrets.token_hex(16)
    work.session.flush()
    return Mark(lease.epoch, lease.ticks, lease.ticked_at or now)
