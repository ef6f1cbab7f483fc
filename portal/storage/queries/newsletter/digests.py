"""Issues of the daily e-mail: what belongs into one, who is to get it, and how far its sending has come.

What is public is asked of the one public query, at closing and again at every sending.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, TextClause, and_, exists, func, or_, select, text, tuple_
from sqlalchemy.orm import Session

from portal.rules.reader_choice import Choice
from portal.storage.queries import event_dates, public_releases
from portal.storage.queries.bounded import is_one_of
from portal.storage.queries.public_releases import Tombstone
from portal.storage.tables import (
    ChainLock,
    DigestDelivery,
    DigestIssue,
    DigestItem,
    Edition,
    Organisation,
    Release,
    Subscriber,
    Subscription,
)

GOT = ("sent", "uncertain")
"""Who may hold the mail in their hands."""
UNSENT = ("pending", "sending")
# Written out, not bound: a partial index serves only a condition that the planner can read.
IS_UNSENT: TextClause = text("digest_deliveries.state IN ('pending', 'sending')")
IS_CORRECTION: TextClause = text("editions.correction_kind <> ''")
HAS_NOTICE: TextClause = text("releases.notice_kind <> ''")
IS_TROUBLED: TextClause = text("digest_deliveries.state IN ('failed', 'uncertain', 'dropped')")
LOOKED_BACK = timedelta(days=7)
"""News that came late into the light, by a hold or a removal taken back, is news for so long."""
OVERLAP = timedelta(minutes=10)
"""So far back is looked beyond the issue before: a step that was under way while it was closed carries a time from
before, and was not seen."""
MOST_LOOKED_AT = 200
SHOWN = 20


@dataclass(frozen=True)
class Progress:
    """How far the sending of an issue has come: how many letters stand in each state."""

    counts: dict[str, int] = field(default_factory=dict)

    @property
    def readers(self) -> int:
        return sum(self.counts.values())

    @property
    def waiting(self) -> int:
        return sum(self.counts.get(state, 0) for state in UNSENT)

    def of(self, state: str) -> int:
        return self.counts.get(state, 0)


def by_date(session: Session, date: str, *, lock: bool = False) -> DigestIssue | None:
    statement = select(DigestIssue).where(DigestIssue.date == date)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalars(statement).one_or_none()


def went_out() -> ColumnElement[bool]:
    """Of an issue of which at least one letter was sent: one that nobody had anything in is no letter."""
    return exists().where(DigestDelivery.issue_id == DigestIssue.id, DigestDelivery.state.in_(GOT))


def that_went_out(session: Session, after: tuple[datetime, int] | None, size: int) -> list[DigestIssue]:
    """Issues that some reader was sent, newest first; one more than `size` says that older ones follow."""
    statement = select(DigestIssue).where(went_out())
    if after:
        statement = statement.where(tuple_(DigestIssue.due_at, DigestIssue.id) < tuple_(*after))
    statement = statement.order_by(DigestIssue.due_at.desc(), DigestIssue.id.desc()).limit(size + 1)
    return list(session.scalars(statement))


def closed_dates(session: Session, since: str) -> list[str]:
    """The dates, not before `since`, whose issue is closed; and always the newest closed one."""
    closed = select(DigestIssue.date).where(DigestIssue.closed_at.is_not(None))
    newest = session.scalar(select(func.max(DigestIssue.date)).where(DigestIssue.closed_at.is_not(None)))
    return [*session.scalars(closed.where(DigestIssue.date >= since)), *([newest] if newest else [])]


def covered_until(session: Session) -> datetime | None:
    """Up to where the issues that are closed have taken the news."""
    return session.scalar(select(func.max(DigestIssue.covers_until)))


def already_named(session: Session, since: datetime) -> frozenset[int]:
    """Ids of the releases that stood as news in an issue closed since then."""
    kept = session.scalars(select(DigestIssue.contents).where(DigestIssue.closed_at >= since))
    return frozenset(
        each["release_id"] for contents in kept for each in contents if each["section"] == "news"
    )


def already_told(session: Session, since: datetime) -> frozenset[tuple[int, str, str]]:
    """What issues closed since then told of earlier ones: release, what became of it, when."""
    kept = session.scalars(select(DigestIssue.afterwards).where(DigestIssue.closed_at >= since))
    return frozenset(
        (each["release_id"], each["what"], each["at"]) for afterwards in kept for each in afterwards
    )


def news(session: Session, now: datetime, since: datetime, until: datetime, *, first: bool) -> list[Release]:
    """Public releases that became so after `since` and up to `until`, the newest first.

    With what may have been missed by the issue before, and so with some of what it named, unless this is the `first`.
    """
    fresh = Release.live_from > since
    if not first:
        seen = since - OVERLAP
        late = or_(Release.went_live_at > seen, Release.updated_at > seen)
        fresh = or_(fresh, and_(Release.live_from > since - LOOKED_BACK, late))
    statement = (
        public_releases.public_releases(now, with_text=False)
        .where(
            Release.live_from > since - LOOKED_BACK,
            fresh,
            Release.live_from <= until,
            or_(Release.expires_at.is_(None), Release.expires_at > now),
        )
        .order_by(Release.live_from.desc(), Release.id.desc())
        .limit(MOST_LOOKED_AT)
    )
    return [row[0] for row in public_releases.read(session, statement)]


def coming_events(session: Session, now: datetime, until: datetime) -> list[tuple[Release, datetime]]:
    """Public events that begin between now and `until`, the soonest first, each with its beginning."""
    dated = event_dates.upcoming(session, now, None, MOST_LOOKED_AT)
    soon = [(each.release, each.starts_at) for each in dated if now < each.starts_at <= until]
    return sorted(soon, key=lambda pair: (pair[1], pair[0].id))


def corrected(
    session: Session, now: datetime, since: datetime, until: datetime
) -> list[tuple[int, str, datetime]]:
    """Public releases of which a correction that readers are told of ran in that time: id, reference, when."""
    newest = func.max(Edition.published_at)
    statement = (
        select(Release.id, Release.reference, newest)
        .join(Edition, Edition.release_id == Release.id)
        .where(
            public_releases.visible(now),
            Edition.state == "approved",
            Edition.published_at > since,
            Edition.published_at <= until,
            IS_CORRECTION,
            Edition.correction_kind.in_(("material", "minor")),
        )
        .group_by(Release.id, Release.reference)
        .order_by(newest)
    )
    return [(number, reference, at) for number, reference, at in session.execute(statement) if at]


def noticed(
    session: Session, now: datetime, since: datetime, until: datetime
) -> list[tuple[int, str, datetime]]:
    """Public releases over which an editor set a notice in that time."""
    statement = (
        select(Release.id, Release.reference, Release.notice_at)
        .where(
            public_releases.visible(now),
            HAS_NOTICE,
            Release.notice_at > since,
            Release.notice_at <= until,
        )
        .order_by(Release.notice_at)
    )
    return [(number, reference, at) for number, reference, at in session.execute(statement) if at]


def killed(session: Session, since: datetime, until: datetime) -> list[tuple[int, str, datetime]]:
    """Releases that were killed in that time."""
    statement = (
        select(Release.id, Release.reference, Release.removed_at)
        .where(Release.publication == "killed", Release.removed_at > since, Release.removed_at <= until)
        .order_by(Release.removed_at)
    )
    return [(number, reference, at) for number, reference, at in session.execute(statement) if at]


def killed_of_issue(session: Session, issue_id: int) -> list[int]:
    """Releases that stood in an issue as news or as dates and are killed now."""
    contents = session.scalar(select(DigestIssue.contents).where(DigestIssue.id == issue_id)) or []
    ids = {each["release_id"] for each in contents}
    killed = select(Release.id).where(Release.id.in_(ids), Release.publication == "killed")
    return list(session.scalars(killed)) if ids else []


def removed(session: Session, since: datetime, until: datetime) -> list[tuple[int, str, datetime]]:
    """Releases that were public and were taken down in that time, or whose approval was taken back then."""
    down, back = Release.removed_at, Release.updated_at
    # Each by its own index, so in two statements and not by an "or".
    each = (
        (down, is_one_of(Release.publication, ("taken_down",))),
        (back, is_one_of(Release.publication, ("hidden",))),
    )
    found = [
        (number, reference, at)
        for moment, state in each
        for number, reference, at in session.execute(
            select(Release.id, Release.reference, moment).where(state, moment > since, moment <= until)
        )
        if at
    ]
    return sorted(found, key=lambda row: row[2])


def mailed_among(session: Session, ids: Collection[int]) -> frozenset[int]:
    """Which of these releases any letter has named."""
    named = exists().where(
        DigestItem.release_id == Release.id,
        DigestDelivery.id == DigestItem.delivery_id,
        DigestDelivery.state.in_(GOT),
    )
    statement = select(Release.id).where(Release.id.in_(ids), named)
    return frozenset(session.scalars(statement)) if ids else frozenset()


def had_by(
    session: Session, readers: Collection[int], releases: Collection[int], *, before_issue: int
) -> dict[int, set[int]]:
    """Which of these releases each of these readers was sent in another issue, by reader."""
    if not readers or not releases:
        return {}
    statement = (
        select(DigestDelivery.subscriber_id, DigestItem.release_id)
        .join(DigestItem, DigestItem.delivery_id == DigestDelivery.id)
        .where(
            DigestItem.release_id.in_(releases),
            DigestDelivery.subscriber_id.in_(readers),
            DigestDelivery.state.in_(GOT),
            DigestDelivery.issue_id != before_issue,
        )
    )
    return _gathered(session.execute(statement))


def readers_who_had(session: Session, releases: Collection[int], *, before_issue: int) -> dict[int, set[int]]:
    """The same for every reader."""
    if not releases:
        return {}
    statement = (
        select(DigestDelivery.subscriber_id, DigestItem.release_id)
        .join(DigestItem, DigestItem.delivery_id == DigestDelivery.id)
        .where(
            DigestItem.release_id.in_(releases),
            DigestDelivery.state.in_(GOT),
            DigestDelivery.issue_id != before_issue,
        )
    )
    return _gathered(session.execute(statement))


def choices(session: Session, readers: Collection[int] | None = None) -> dict[int, Choice]:
    """What these readers chose, or all; who chose nothing is not in it."""
    statement = select(Subscription.subscriber_id, Subscription.dimension, Subscription.value).order_by(
        Subscription.id
    )
    if readers is not None:
        statement = statement.where(Subscription.subscriber_id.in_(readers))
    kinds: dict[int, list[str]] = {}
    places: dict[int, list[str]] = {}
    for number, dimension, value in session.execute(statement):
        (kinds if dimension == "kind" else places).setdefault(number, []).append(value)
    return {
        number: Choice(tuple(kinds.get(number, ())), tuple(places.get(number, ())))
        for number in {*kinds, *places}
    }


def confirmed_readers(session: Session, now: datetime) -> Sequence[tuple[int, bool]]:
    """Id and corrections-only of every reader who is on the list and not pausing."""
    statement = (
        select(Subscriber.id, Subscriber.corrections_only)
        .where(
            Subscriber.state == "confirmed",
            or_(Subscriber.paused_until.is_(None), Subscriber.paused_until <= now),
        )
        .order_by(Subscriber.id)
    )
    return [(number, only) for number, only in session.execute(statement)]


def public_with_text(session: Session, now: datetime, ids: Collection[int]) -> dict[int, Release]:
    """Those of these releases that are public now, whole."""
    statement = public_releases.public_releases(now).where(Release.id.in_(ids))
    return {row[0].id: row[0] for row in public_releases.read(session, statement)} if ids else {}


def suppliers(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Reference and supplier of releases, all that may be said of one that is no longer on the site."""
    statement = (
        select(Release.id, Release.reference, Organisation.name)
        .outerjoin(Organisation, Organisation.id == Release.organisation_id)
        .where(Release.id.in_(ids), Release.publication.in_(("taken_down", "hidden")))
    )
    return {number: (ref, name) for number, ref, name in session.execute(statement)} if ids else {}


def tombstones(session: Session, references: Iterable[str]) -> dict[int, Tombstone]:
    """What is left of those that were killed, by id."""
    found = (public_releases.tombstone(session, reference) for reference in references)
    return {stone.id: stone for stone in found if stone and stone.publication == "killed"}


def stamp(session: Session, now: datetime, ids: Collection[int]) -> tuple[tuple[Any, ...], ...]:
    """Moves whenever one of these releases is no longer public, reads differently, or stands elsewhere."""
    gone = Release.publication != "live"
    statement = (
        select(
            Release.id, Release.live_revision_id, Release.version, Release.publication, Release.notice_kind
        )
        .where(Release.id.in_(ids), or_(gone, public_releases.visible(now)))
        .order_by(Release.id)
    )
    return tuple(tuple(row) for row in session.execute(statement))


def publications(stamped: Iterable[tuple[Any, ...]]) -> dict[int, str]:
    """What a stamp says of where each release stands; one that is live is public, and one still to come is left out."""
    return {number: publication for number, _, _, publication, _ in stamped}


def off(stamped: Iterable[tuple[Any, ...]]) -> frozenset[int]:
    """What a stamp says of which releases are cancelled, postponed or out of date."""
    return frozenset(number for number, _, _, _, notice_kind in stamped if notice_kind)


def end_of_records(session: Session) -> int:
    """How far the one chain of all records has come: nothing about a release changes without moving it."""
    return session.scalar(select(ChainLock.last_id)) or 0


def progress(session: Session, issue_ids: Collection[int]) -> dict[int, Progress]:
    statement = (
        select(DigestDelivery.issue_id, DigestDelivery.state, func.count())
        .where(DigestDelivery.issue_id.in_(issue_ids))
        .group_by(DigestDelivery.issue_id, DigestDelivery.state)
    )
    found: dict[int, dict[str, int]] = {number: {} for number in issue_ids}
    for number, state, count in session.execute(statement):
        found[number][state] = count
    return {number: Progress(counts) for number, counts in found.items()}


def state_for(session: Session, issue_id: int, reader_id: int) -> str:
    """What became of an issue's letter to a reader; empty where there is none."""
    statement = select(DigestDelivery.state).where(
        DigestDelivery.issue_id == issue_id, DigestDelivery.subscriber_id == reader_id
    )
    return session.scalar(statement) or ""


def newest_issues(session: Session, size: int) -> Sequence[DigestIssue]:
    """Closed issues, the newest date first."""
    statement = select(DigestIssue).where(DigestIssue.closed_at.is_not(None))
    return session.scalars(statement.order_by(DigestIssue.date.desc()).limit(size)).all()


def newest_progress(session: Session) -> tuple[DigestIssue, Progress] | None:
    """The newest closed issue and how far its letters have come."""
    for issue in newest_issues(session, 1):
        return issue, progress(session, [issue.id])[issue.id]
    return None


def to_queue(session: Session, now: datetime) -> Sequence[int]:
    """Closed issues whose hour has come and whose letters are not made yet."""
    return session.scalars(
        select(DigestIssue.id)
        .where(
            DigestIssue.finished_at.is_(None),
            DigestIssue.closed_at.is_not(None),
            DigestIssue.queued_at.is_(None),
            DigestIssue.held_at.is_(None),
            DigestIssue.due_at <= now,
        )
        .order_by(DigestIssue.date)
    ).all()


def under_way(session: Session) -> Sequence[int]:
    """Issues whose letters are made and not all gone."""
    return session.scalars(
        select(DigestIssue.id)
        .where(DigestIssue.queued_at.is_not(None), DigestIssue.finished_at.is_(None))
        .order_by(DigestIssue.date)
    ).all()


def is_due(session: Session, issue_id: int, at: datetime) -> bool:
    """Is there a letter of this issue that may be tried at `at` (real time)?"""
    statement = (
        select(DigestDelivery.id)
        .where(
            DigestDelivery.issue_id == issue_id,
            IS_UNSENT,
            DigestDelivery.next_at <= at,
        )
        .limit(1)
    )
    return session.scalar(statement) is not None


def troubled(session: Session, states: Sequence[str], size: int = SHOWN) -> Sequence[tuple[Any, ...]]:
    """The newest letters in these states: date, address (None for an erased reader), state, handed at, what was said."""
    statement = (
        select(
            DigestIssue.date,
            Subscriber.email,
            DigestDelivery.state,
            DigestDelivery.handed_at,
            DigestDelivery.last_error,
        )
        .join(DigestIssue, DigestIssue.id == DigestDelivery.issue_id)
        .outerjoin(Subscriber, Subscriber.id == DigestDelivery.subscriber_id)
        .where(is_one_of(DigestDelivery.state, states), IS_TROUBLED)
        .order_by(DigestDelivery.id.desc())
        .limit(size)
    )
    return [tuple(row) for row in session.execute(statement)]


def readers_of(session: Session, release_id: int) -> list[str]:
    """Addresses of the readers whose letters named a release, as long as they are on the list."""
    statement = (
        select(Subscriber.email)
        .join(DigestDelivery, DigestDelivery.subscriber_id == Subscriber.id)
        .join(DigestItem, DigestItem.delivery_id == DigestDelivery.id)
        .where(
            DigestItem.release_id == release_id,
            DigestItem.as_what != "kill",
            DigestDelivery.state.in_(GOT),
            Subscriber.state == "confirmed",
        )
        .distinct()
        .order_by(Subscriber.email)
    )
    return list(session.scalars(statement))


def _gathered(rows: Iterable[Any]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for reader, release in rows:
        found.setdefault(reader, set()).add(release)
    return found
