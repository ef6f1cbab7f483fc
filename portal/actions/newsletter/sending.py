"""Letters of an issue, a handful at a time: claimed by lease, looked at again, marked as handed, and marked with what became of it.

All of that is one transaction for each handful, committed before the mail server hears of it. A letter of which we
do not know whether the server took it, because one of us went away after the final dot, is uncertain and never goes
again. `at` is real time, by which leases and back-offs count; `now` is the portal's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import Session

from portal.actions.newsletter import telling_late
from portal.actions.newsletter.outcomes import Outcome, forget_named, record_outcomes
from portal.actions.portal import Portal
from portal.rules import digest as rules
from portal.rules.digest import Picked, Wants
from portal.rules.reader_choice import Choice
from portal.rules.release_states import LIVE
from portal.storage import digest_ledger
from portal.storage.queries import restoring
from portal.storage.queries.newsletter import digests, suppressions
from portal.storage.tables import (
    DigestDelivery,
    DigestIssue,
    Subscriber,
    Suppression,
)
from portal.storage.unit_of_work import UnitOfWork

LEASE = timedelta(minutes=5)
"""Longer than a handful may take (outlets/mail/bulk_mail.py)."""
GIVES_UP_AFTER = timedelta(hours=20)
"""Yesterday's news is no news: what was not taken until then is given up."""
ALL = Choice()


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
    """What one sender takes at once. `stamp` moves when a text of the issue has changed or must not be shown;
    `about` are the releases that it is made of, `records` how far the records had come when it was taken."""

    letters: tuple[ToSend, ...] = ()
    stamp: tuple[Any, ...] = ()
    taken: int = 0
    about: frozenset[int] = frozenset()
    records: int = 0


@dataclass
class _Issue:
    """The issue as this handful sees it."""

    entries: list[rules.Entry]
    afterwords: list[rules.Afterword]
    stamp: tuple[Any, ...]
    about: frozenset[int]
    records: int
    _picked: dict[tuple[Wants, frozenset[int]], Picked] = field(default_factory=dict)

    def picked(self, wants: Wants, had: frozenset[int]) -> Picked:
        """Worked out once for all who want and had the same."""
        found = self._picked.get((wants, had))
        if found is None:
            found = self._picked[wants, had] = rules.pick(self.entries, self.afterwords, wants, had)
        return found


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
        record_outcomes(work, done, now=now, at=at)
        if done:
            telling_late.tell(work, issue_id, at=at)
        issue = work.session.get_one(DigestIssue, issue_id) if size else None
        handful = Handful()
        if issue is not None and issue.queued_at is not None and issue.paused_at is None:
            turn = _Turn(work, issue, now, at)
            claimed = _claim(turn, size, reader_id)
            skips_empty = portal.settings.digest_empty != "send"
            handful = _looked_at_again(turn, claimed, skips_empty=skips_empty) if claimed else handful
        work.commit()
        return handful


def says_the_same(portal: Portal, handful: Handful, *, now: datetime) -> bool:
    """False where a text of the issue was changed, corrected or removed since the handful was taken."""
    with portal.database.reading() as session:
        return digests.stamp(session, now, handful.about) == handful.stamp


def settle(portal: Portal, issue_id: int, *, now: datetime, at: datetime) -> None:
    """Name as uncertain whose sender went away in the gap, give up what is too old, and end the issue where all is done."""
    with portal.work() as work:
        if restoring.is_held(work.session):
            return
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
        telling_late.tell(work, issue_id, at=at)
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


@dataclass(frozen=True)
class _Claimed:
    """One letter with its reader as they are at this moment; `reader_id` is None where they were erased."""

    id: int
    is_first_try: bool
    letter_nonce: str
    reader_id: int | None
    email: str
    state: str
    nonce: str
    paused_until: datetime | None
    corrections_only: bool
    is_suppressed: bool

    def why_not(self, now: datetime) -> str:
        """Why this letter must not go; empty where it may."""
        if self.reader_id is None:
            return "the reader was erased"
        if self.state != "confirmed":
            return "the reader left the list"
        if self.paused_until is not None and self.paused_until > now:
            return "the reader pauses"
        return "the address is suppressed" if self.is_suppressed else ""


@dataclass(frozen=True)
class _Turn:
    """One sender at work on one handful of an issue, by the portal's time and by real time."""

    work: UnitOfWork
    issue: DigestIssue
    now: datetime
    at: datetime


def _claim(turn: _Turn, size: int, reader_id: int | None) -> list[_Claimed]:
    """Letters that may be tried, locked against other senders; subscription, pause and suppression asked with them."""
    free = or_(
        DigestDelivery.state == "pending",
        and_(
            DigestDelivery.state == "sending",
            DigestDelivery.claimed_until <= turn.at,
            DigestDelivery.handed_at.is_(None),
        ),
    )
    statement = (
        select(
            DigestDelivery.id,
            and_(DigestDelivery.state == "pending", DigestDelivery.attempts == 0),
            DigestDelivery.nonce,
            Subscriber.id,
            Subscriber.email,
            Subscriber.state,
            Subscriber.nonce,
            Subscriber.paused_until,
            Subscriber.corrections_only,
            exists().where(Suppression.email == Subscriber.email, suppressions.in_force(turn.now)),
        )
        .outerjoin(Subscriber, Subscriber.id == DigestDelivery.subscriber_id)
        .where(
            DigestDelivery.issue_id == turn.issue.id,
            digests.IS_UNSENT,
            free,
            DigestDelivery.next_at <= turn.at,
            restoring.not_held(),
        )
        .order_by(DigestDelivery.next_at, DigestDelivery.id)
        .limit(size)
        .with_for_update(skip_locked=True, of=DigestDelivery)
    )
    if reader_id is not None:
        statement = statement.where(DigestDelivery.subscriber_id == reader_id)
    return [_Claimed(*tuple(row)) for row in turn.work.session.execute(statement)]


def _looked_at_again(turn: _Turn, claimed: Sequence[_Claimed], *, skips_empty: bool) -> Handful:
    """What is public and what each reader wants, asked at this moment."""
    work, issue = turn.work, _issue(turn.work.session, turn.issue, turn.now)
    readers = [each.reader_id for each in claimed if each.reader_id is not None]
    chosen = digests.choices(work.session, readers)
    after = {each.release_id for each in issue.afterwords}
    had = digests.had_by(work.session, readers, after, before_issue=turn.issue.id)
    letters: list[ToSend] = []
    dropped: dict[str, list[int]] = {}
    for row in claimed:
        why_not = row.why_not(turn.now)
        if why_not or row.reader_id is None:
            dropped.setdefault(why_not, []).append(row.id)
            continue
        wants = Wants(chosen.get(row.reader_id, ALL), row.corrections_only)
        picked = issue.picked(wants, frozenset(had.get(row.reader_id, ())))
        if picked.is_empty and (wants.corrections_only or skips_empty):
            dropped.setdefault("nothing is left to say", []).append(row.id)
            continue
        letters.append(ToSend(row.id, row.reader_id, row.email, row.letter_nonce, row.nonce, wants, picked))
    for why, ids in dropped.items():
        _drop(work, ids, why)
    _mark_handed(turn, letters)
    forget_named(work, [row.id for row in claimed if not row.is_first_try])
    _keep_ledger(work, letters)
    return Handful(tuple(letters), issue.stamp, len(claimed), issue.about, issue.records)


def _issue(session: Session, row: DigestIssue, now: datetime) -> _Issue:
    records = digests.end_of_records(session)  # first, so that whatever is committed from here on is noticed
    contents = rules.in_order(row.contents, row.chosen_order)
    afterwords = rules.afterwords_of(row.afterwards)
    ids = {each["release_id"] for each in contents} | {each.release_id for each in afterwords}
    stamp = digests.stamp(session, now, ids)
    entries = rules.entries_of(contents, digests.off(stamp))
    stands = digests.publications(stamp)
    return _Issue(
        [each for each in entries if stands.get(each.release_id) == LIVE],
        rules.that_hold(afterwords, stands),
        stamp,
        frozenset(ids),
        records,
    )


def _drop(work: UnitOfWork, ids: Sequence[int], why: str) -> None:
    work.session.execute(
        update(DigestDelivery)
        .where(DigestDelivery.id.in_(ids))
        .values(state="dropped", claimed_until=None, last_error=why)
        .execution_options(synchronize_session=False)
    )


def _mark_handed(turn: _Turn, letters: Sequence[ToSend]) -> None:
    """One statement for all of them: committed before the mail server hears of the first."""
    until = turn.at + LEASE
    turn.work.session.execute(
        update(DigestDelivery)
        .where(DigestDelivery.id.in_([letter.delivery_id for letter in letters]))
        .values(
            state="sending",
            claimed_until=until,
            next_at=until,
            attempts=DigestDelivery.attempts + 1,
            handed_at=turn.now,
            last_error="",
        )
        .execution_options(synchronize_session=False)
    )


def _keep_ledger(work: UnitOfWork, letters: Sequence[ToSend]) -> None:
    """What each letter names, written before it leaves."""
    named: dict[Picked, list[tuple[int, str]]] = {}
    rows: list[tuple[int, int, str]] = []
    for letter in letters:
        found = named.get(letter.picked)
        if found is None:
            found = named[letter.picked] = list(letter.picked.named().items())
        rows.extend((letter.delivery_id, release_id, as_what) for release_id, as_what in found)
    digest_ledger.write(work.session, rows)
