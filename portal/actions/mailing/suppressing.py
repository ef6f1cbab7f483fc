"""Leaving addresses alone: what mail servers refuse is not tried for ever, and an administrator can lift it."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.actions.accounts.account_input import CODE, cleaned_email, require
from portal.actions.portal import Portal
from portal.actions.presses import begin_press, keep_press
from portal.rules.issues import Issue, blocking
from portal.rules.mailing import suppression as rules
from portal.rules.permissions import ADMIN, Person
from portal.rules.refusals import Conflict, NotFound
from portal.storage import timeline
from portal.storage.queries.newsletter import suppressions
from portal.storage.tables import Delivery, Outbox, Suppression
from portal.storage.unit_of_work import UnitOfWork
from portal.text.plain import clean_line, clean_text, excerpt

LONGEST_DETAIL = 500


def suppress(work: UnitOfWork, email: str, *, reason: str, detail: str, now: datetime) -> None:
    """From now on this address is not mailed: refused (for good), complaint, or asked (to be left alone).

    The caller commits. `detail` is what the mail server said, or who asked.
    """
    row = _row(work, email, now)
    if row.holds and row.reason in rules.WISHES:
        return
    row.holds, row.reason, row.since = True, reason, now
    row.detail = _cut(detail)


def note_soft(work: UnitOfWork, email: str, *, detail: str, now: datetime) -> bool:
    """Count a refusal that may pass. True where it was one too many and the address is left alone for a while.

    The caller commits.
    """
    row = _row(work, email, now)
    if row.holds and row.reason != rules.SOFT:
        return False
    found = rules.after_soft(row.soft_count, row.since, row.last_soft_at, now)
    row.reason, row.detail, row.last_soft_at = rules.SOFT, _cut(detail), now
    row.soft_count, row.since, row.holds = found.count, found.since, found.holds
    return found.holds


def note_refusal_of(portal: Portal, delivery_id: int, *, detail: str, now: datetime) -> None:
    """The mail server refused a notice for good: counts where it went to a reader of the daily e-mail."""
    with portal.work() as work:
        delivery = work.session.get_one(Delivery, delivery_id)
        if work.session.get_one(Outbox, delivery.outbox_id).subscriber_id is None:
            return
        suppress(work, delivery.recipient, reason=rules.REFUSED, detail=detail, now=now)
        work.commit()


def is_suppressed(session: Session, email: str, *, now: datetime) -> bool:
    """Is this address left alone now? `email` in lower case, as readers are kept."""
    return suppressions.is_suppressed(session, email, now)


def lift(portal: Portal, person: Person, *, email: str, message: str, now: datetime) -> None:
    """An administrator lets an address be mailed again. Raises NotFound, Invalid, Conflict, and Repeated for the same press."""
    if person.role != ADMIN:
        raise NotFound
    issues: list[Issue] = []
    address, why = cleaned_email(email, issues), clean_text(message)
    if not why:
        issues.append(blocking(CODE, "message", "Write why the address may be mailed again."))
    require(issues)
    with portal.work() as work:
        row = suppressions.by_email(work.session, address, lock=True)
        is_left_alone = is_suppressed(work.session, address, now=now)
        pressed = begin_press(work, portal.press, still=lambda _result: not is_left_alone)
        if row is None or not is_left_alone:
            raise Conflict("This address is not suppressed now. Nothing was changed.")
        row.holds, row.soft_count, row.last_soft_at = False, 0, None
        row.lifted_at, row.lifted_by_id, row.lifted_why = now, person.id, why
        timeline.append_account_event(work, fact="suppression_lifted", now=now, actor_id=person.id)
        keep_press(pressed)
        work.commit()


def _row(work: UnitOfWork, email: str, now: datetime) -> Suppression:
    row = suppressions.by_email(work.session, email.lower(), lock=True)
    if row is None:
        row = Suppression(email=email.lower(), reason=rules.SOFT, holds=False, soft_count=0, since=now)
        work.session.add(row)
        work.session.flush()
    return row


def _cut(detail: str) -> str:
    return excerpt(clean_line(detail), LONGEST_DETAIL)
