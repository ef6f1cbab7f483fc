"""Letters of an issue, a handful at a time: claimed by lease, looked at again, marked as handed, and marked with what became of it.

All of that is one transaction for each handful, committed before the mail server hears of it. A letter of which we
do not know whether the server took it, because one of us went away after the final dot, is uncertain and never goes
again. `at` is real time, by which leases and back-offs count; `now` is the portal's.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from portal.actions import suppressing
from portal.actions.portal import Portal
from portal.rules import digest as rules
from portal.rules import mail_refusals, suppression
from portal.rules.digest import Picked, Wants
from portal.rules.reader_choice import Choice
from portal.storage.queries import digests, suppressions
from portal.storage.tables import (
    DigestDelivery,
    DigestIssue,
    DigestItem,
    Subscriber,
    Suppression,
)
from portal.storage.unit_of_work import UnitOfWork

LEASE = timedelta(minutes=5)
"""Longer than a handful may take (outlets/bulk_mail.py)."""
BACK_OFF_MINUTES = (1, 2, 5, 15, 30, 60)
MOST_ATTEMPTS = 15
GIVES_UP_AFTER = timedelta(hours=20)
"""Yesterday's news is no news: what was not taken until then is given up."""
LONGEST_ERROR = 300

SENT, LATER, REFUSED, UNCERTAIN, UNTOUCHED = "sent", "later", "refused", "uncertain", "untouched"


@dataclass(frozen=True)
class Outcome:
    """What became of one letter. `step` and `code` are the mail server's, where it said no."""

    delivery_id: int
    outcome: str
    detail: str = ""
    step: str = ""
    code: int = 0


@dataclass(frozen=True)
class ToSend:
    """One letter that may go now, with everything that is its reader's own."""

    delivery_id: int
    reader_id: int
    email: str
    letter_nonce: str
    reader_nonce: str
    wants: Wants
    picked: Picked


@dataclass(frozen=True)
class Handful:
    """What one sender takes at once. `stamp` moves when a text of the issue has changed or must not be shown."""

    letters: tuple[ToSend, ...] = ()
    stamp: tuple[Any, ...] = ()
    taken: int = 0


@dataclass
class _Issue:
    """The issue as this handful sees it."""

    row: DigestIssue
    entries: list[rules.Entry] = field(default_factory=list)
    afterwords: list[rules.Afterword] = field(default_factory=list)
    stamp: tuple[Any, ...] = ()


def next_handful(
    portal: Portal,
    issue_id: int,
    done: Sequence[Outcome],
    *,
    size: int,
    now: datetime,
    at: datetime,
    reader_id: int | None = None,
) -> Handful:
    """Record what became of the last handful and take the next one, all in one commit. Empty where nothing is due.

    `size` 0 only records. With `reader_id` nobody else's letter is taken.
    """
    with portal.work() as work:
        _record(work, done, now, at)
        claimed = _claim(work, issue_id, size, at, reader_id) if size and _may_go(work, issue_id) else []
        handful = _looked_at_again(work, portal, issue_id, claimed, now, at) if claimed else Handful()
        work.commit()
        return handful


def settle(portal: Portal, issue_id: int, *, now: datetime, at: datetime) -> None:
    """Name as uncertain whose sender went away in the gap, give up what is too old, and end the issue where all is done."""
    with portal.work() as work:
        mine = DigestDelivery.issue_id == issue_id
        gone = and_(
            mine,
            DigestDelivery.state == "sending",
            DigestDelivery.claimed_until <= at,
            DigestDelivery.handed_at.is_not(None),
        )
        why = "The sender went away while this letter was being handed over."
        work.session.execute(
            update(DigestDelivery).where(gone).values(state="uncertain", claimed_until=None, last_error=why)
        )
        issue = work.session.get_one(DigestIssue, issue_id)
        if issue.queued_at is not None and issue.paused_at is None and now - issue.queued_at > GIVES_UP_AFTER:
            too_old = and_(mine, DigestDelivery.state == "pending")
            work.session.execute(update(DigestDelivery).where(too_old).values(state="failed"))
        left = select(DigestDelivery.id).where(mine, DigestDelivery.state.in_(digests.UNSENT)).limit(1)
        if issue.queued_at is not None and issue.finished_at is None and work.session.scalar(left) is None:
            issue.finished_at = now
        work.commit()


def ring(portal: Portal, issue_id: int) -> None:
    """Ask a worker to go on."""
    with portal.work() as work:
        work.ring("mail", "send_digest", issue_id)
        work.commit()


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many tries; a fifth more or less, so that not all letters come back at once."""
    minutes = BACK_OFF_MINUTES[min(max(attempts, 1), len(BACK_OFF_MINUTES)) - 1]
    return timedelta(minutes=minutes * random.uniform(0.8, 1.2))  # noqa: S311  # no secret, only spread


def _may_go(work: UnitOfWork, issue_id: int) -> bool:
    issue = work.session.get_one(DigestIssue, issue_id)
    return issue.queued_at is not None and issue.paused_at is None


def _claim(
    work: UnitOfWork, issue_id: int, size: int, at: datetime, reader_id: int | None
) -> list[DigestDelivery]:
    free = or_(
        DigestDelivery.state == "pending",
        and_(
            DigestDelivery.state == "sending",
            DigestDelivery.claimed_until <= at,
            DigestDelivery.handed_at.is_(None),
        ),
    )
    statement = (
        select(DigestDelivery)
        .where(DigestDelivery.issue_id == issue_id, free, DigestDelivery.next_at <= at)
        .order_by(DigestDelivery.next_at, DigestDelivery.id)
        .limit(size)
        .with_for_update(skip_locked=True)
    )
    if reader_id is not None:
        statement = statement.where(DigestDelivery.subscriber_id == reader_id)
    return list(work.session.scalars(statement))


def _looked_at_again(
    work: UnitOfWork,
    portal: Portal,
    issue_id: int,
    claimed: Sequence[DigestDelivery],
    now: datetime,
    at: datetime,
) -> Handful:
    """Subscription, suppression, pause and what is public: all of it is asked at this moment."""
    issue = _issue(work.session, issue_id, now)
    readers = _readers(work.session, claimed)
    held = _suppressed(work.session, [each.email for each in readers.values()], now)
    chosen = digests.choices(work.session, list(readers))
    after = {each.release_id for each in issue.afterwords}
    had = digests.had_by(work.session, list(readers), after, before_issue=issue_id)
    letters: list[ToSend] = []
    for row in claimed:
        reader = readers.get(row.subscriber_id)
        why_not = _why_not(reader, held, now)
        if reader is None or why_not:
            _drop(row, why_not)
            continue
        wants = Wants(chosen.get(reader.id, Choice()), reader.corrections_only)
        picked = rules.pick(issue.entries, issue.afterwords, wants, had.get(reader.id, ()))
        if picked.is_empty and (wants.corrections_only or portal.settings.digest_empty != "send"):
            _drop(row, "nothing is left to say")
            continue
        letters.append(ToSend(row.id, reader.id, reader.email, row.nonce, reader.nonce, wants, picked))
    _mark_handed(work, letters, now, at)
    _keep_ledger(work, claimed, letters)
    return Handful(tuple(letters), issue.stamp, len(claimed))


def _issue(session: Session, issue_id: int, now: datetime) -> _Issue:
    row = session.get_one(DigestIssue, issue_id)
    contents = rules.in_order(row.contents, row.chosen_order)
    entries, afterwords = rules.entries_of(contents), rules.afterwords_of(row.afterwards)
    ids = {each.release_id for each in entries} | {each.release_id for each in afterwords}
    stamp = digests.stamp(session, now, ids)
    public = {line[0] for line in stamp}
    return _Issue(
        row,
        [each for each in entries if each.release_id in public],
        [each for each in afterwords if each.what == rules.KILL or each.release_id in public],
        stamp,
    )


def _readers(session: Session, claimed: Sequence[DigestDelivery]) -> dict[int, Subscriber]:
    ids = [row.subscriber_id for row in claimed]
    statement = select(
        Subscriber.id,
        Subscriber.email,
        Subscriber.state,
        Subscriber.nonce,
        Subscriber.paused_until,
        Subscriber.corrections_only,
    ).where(Subscriber.id.in_(ids))
    return {row.id: row for row in session.execute(statement)}  # type: ignore[misc]  # rows with these names


def _suppressed(session: Session, emails: Sequence[str], now: datetime) -> frozenset[str]:
    statement = select(Suppression.email).where(Suppression.email.in_(emails), suppressions.in_force(now))
    return frozenset(session.scalars(statement))


def _why_not(reader: Subscriber | None, held: frozenset[str], now: datetime) -> str:
    if reader is None:
        return "the reader was erased"
    if reader.state != "confirmed":
        return "the reader left the list"
    if reader.paused_until is not None and reader.paused_until > now:
        return "the reader pauses"
    return "the address is suppressed" if reader.email in held else ""


def _drop(row: DigestDelivery, why: str) -> None:
    row.state, row.claimed_until, row.last_error = "dropped", None, why


def _mark_handed(work: UnitOfWork, letters: Sequence[ToSend], now: datetime, at: datetime) -> None:
    """One statement for all of them: committed before the mail server hears of the first."""
    until = at + LEASE
    work.session.execute(
        update(DigestDelivery)
        .where(DigestDelivery.id.in_([letter.delivery_id for letter in letters]))
        .values(
            state="sending",
            claimed_until=until,
            next_at=until,
            attempts=DigestDelivery.attempts + 1,
            handed_at=now,
            last_error="",
        )
        .execution_options(synchronize_session=False)
    )


def _keep_ledger(work: UnitOfWork, claimed: Sequence[DigestDelivery], letters: Sequence[ToSend]) -> None:
    """What each letter names, written before it leaves; a letter that is tried again may name less."""
    again = DigestItem.delivery_id.in_([row.id for row in claimed])
    work.session.execute(delete(DigestItem).where(again))
    named: dict[tuple[int, str], list[int]] = {}
    for letter in letters:
        for what in letter.picked.named().items():
            named.setdefault(what, []).append(letter.delivery_id)
    # One statement for each release, however many letters name it.
    for (release_id, as_what), ids in named.items():
        rows = select(DigestDelivery.id, literal(release_id), literal(as_what))
        rows = rows.where(DigestDelivery.id.in_(ids))
        columns = ["delivery_id", "release_id", "as_what"]
        work.session.execute(insert(DigestItem.__table__).from_select(columns, rows))  # type: ignore[arg-type]


def _record(work: UnitOfWork, done: Iterable[Outcome], now: datetime, at: datetime) -> None:
    """Compare-and-set on each: a letter that somebody called uncertain meanwhile is set right by what we know."""
    for each in done:
        if each.outcome == SENT:
            continue
        _record_trouble(work, each, now, at)
    work.session.flush()
    sent = [each.delivery_id for each in done if each.outcome == SENT]
    if sent:
        work.session.execute(
            update(DigestDelivery)
            .where(DigestDelivery.id.in_(sent), DigestDelivery.state.in_(("sending", "uncertain")))
            .values(state="sent", sent_at=now, claimed_until=None, last_error="")
            .execution_options(synchronize_session=False)
        )


def _record_trouble(work: UnitOfWork, each: Outcome, now: datetime, at: datetime) -> None:
    row = work.session.get(DigestDelivery, each.delivery_id)
    if row is None or row.state not in ("sending", "uncertain"):
        return
    row.claimed_until, row.last_error = None, each.detail[:LONGEST_ERROR]
    if each.outcome == UNCERTAIN:
        row.state = "uncertain"
        return
    row.handed_at = None
    if each.outcome == UNTOUCHED:
        row.state, row.attempts, row.next_at = "pending", max(0, row.attempts - 1), at
        return
    meaning = mail_refusals.meaning(each.step, each.code, each.detail.partition(" ")[2])
    gives_up = each.outcome == REFUSED or row.attempts >= MOST_ATTEMPTS
    row.state, row.next_at = ("failed" if gives_up else "pending"), at + back_off(row.attempts)
    if gives_up and each.code:
        _note_refusal(work, row, meaning, each.detail, now)


def _note_refusal(work: UnitOfWork, row: DigestDelivery, meaning: str, detail: str, now: datetime) -> None:
    """What is refused for good at the door suppresses the address; what may pass counts and decays."""
    reader = work.session.get(Subscriber, row.subscriber_id)
    if reader is None or meaning == mail_refusals.OURS:
        return
    if meaning == mail_refusals.ADDRESS:
        suppressing.suppress(work, reader.email, reason=suppression.REFUSED, detail=detail, now=now)
    else:
        suppressing.note_soft(work, reader.email, detail=detail, now=now)
