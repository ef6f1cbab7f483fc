"""The editors' queue: what waits, what is due first, and what was decided. Rows, never Redis."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, true, tuple_
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from portal.rules.permissions import DECIDERS, Person
from portal.rules.release_states import OPEN_STATES
from portal.storage.queries import endorsements, people
from portal.storage.queries.bounded import MOST, count_of, counted
from portal.storage.queries.cursors import read_cursor
from portal.storage.tables import Decision, Edition, Endorsement, Release, Revision, TimelineEntry, User

PAGE = 50
VIEWS = ("due", "new", "mine", "soon", "senders", "answers", "asked", "decided")
# Views whose rows need not wait for a decision.
OF_ANY_STATE = ("answers", "asked", "decided")

# Written out, so that the partial indexes serve (see storage/tables/releases.py).
_WAITS: ColumnElement[bool] = literal_column(
    "editions.state IN ('submitted', 'in_review', 'awaiting_second')"
)
_ASKS: ColumnElement[bool] = literal_column("releases.answer_wanted_at IS NOT NULL")
_UNREAD: ColumnElement[bool] = literal_column("editions.state = 'submitted'")


# What may have become of a release since it was decided.
SINCE = (
    "decision_undone",
    "unscheduled",
    "rescheduled",
    "embargo_lifted",
    "killed",
    "kill_asked",
    "kill_lapsed",
    "reverted",
    "taken_down",
    "put_back",
    "notice_set",
    "archived",
    "correction_published",
    "withdrawn",
    "appealed",
    "reopened",
    "submitted",
    "recalled",
    "expired",
)


@dataclass(frozen=True)
class DecidedItem:
    """A decision with its edition; `newest`: what has become of the release since, where this is its last decision."""

    decision: Decision
    edition: Edition
    newest: TimelineEntry | None = None


@dataclass(frozen=True)
class KillAsked:
    """A kill that waits for another editor's answer, with the headline that readers see."""

    asked: Endorsement
    release: Release
    headline: str


@dataclass(frozen=True)
class Asking:
    """A release whose sender waits for an answer, with the edition that is worked on."""

    release: Release
    edition: Edition


def page(
    session: Session, view: str, user_id: int, *, after: str | None = None, size: int = PAGE
) -> list[Edition]:
    """One page of waiting editions, `size` + 1 at the most: the extra row says that more follow."""
    by = Edition.wish_at if view == "soon" else Edition.promise_at
    statement = _chosen(_waiting(), view, user_id)
    position = read_cursor(after)
    if position:
        statement = statement.where(tuple_(by, Edition.id) > tuple_(*position))
    return list(session.scalars(statement.order_by(by, Edition.id).limit(size + 1)))


def decided(session: Session, *, after: str | None = None, size: int = PAGE) -> list[DecidedItem]:
    """Decisions, newest first."""
    statement = (
        select(Decision, Edition)
        .join(Edition, Edition.id == Decision.edition_id)
        .join(Edition.release)
        .join(Release.organisation)
        .options(contains_eager(Edition.release).contains_eager(Release.organisation))
    )
    position = read_cursor(after)
    if position:
        statement = statement.where(tuple_(Decision.decided_at, Decision.id) < tuple_(*position))
    rows = session.execute(
        statement.order_by(Decision.decided_at.desc(), Decision.id.desc()).limit(size + 1)
    ).all()
    since = _newest_facts(session, {edition.release_id for _, edition in rows})
    last = _last_decisions(session, {edition.release_id for _, edition in rows})
    return [
        DecidedItem(
            decision,
            edition,
            since.get(edition.release_id) if last[edition.release_id] == decision.id else None,
        )
        for decision, edition in rows
    ]


def kills_asked(session: Session, now: datetime) -> list[KillAsked]:
    """The kills that wait for an answer, those first that lapse first."""
    standing = select(Endorsement).where(_kill_stands(now)).order_by(Endorsement.falls_at, Endorsement.id)
    # In two steps: where none stands, as nearly always, SQLite would read all releases to say so.
    found = session.scalars(standing.limit(MOST)).all()
    if not found:
        return []
    texts = (
        select(Release, Revision.headline)
        .join(Revision, Revision.id == Release.live_revision_id)
        .where(Release.id.in_({asked.release_id for asked in found}))
    )
    by_id = {release.id: (release, headline) for release, headline in session.execute(texts)}
    return [KillAsked(asked, *by_id[asked.release_id]) for asked in found if asked.release_id in by_id]


def asking(session: Session, *, after: str | None = None, size: int = PAGE) -> list[Asking]:
    """Releases whose sender waits for an answer, the longest wait first; one more than `size` where more follow."""
    statement = select(Release).where(_ASKS).options(selectinload(Release.editions))
    position = read_cursor(after)
    if position:
        statement = statement.where(tuple_(Release.answer_wanted_at, Release.id) > tuple_(*position))
    found = session.scalars(statement.order_by(Release.answer_wanted_at, Release.id).limit(size + 1))
    return [Asking(release, _worked_on(release)) for release in found]


def counts(session: Session, user_id: int, *, now: datetime, since: datetime) -> dict[str, int]:
    """How many stand in each view, and how many are over their promise, each as far as `bounded.MOST`.

    `since`: the start of today.
    """
    done = (Decision.decided_at >= since, Decision.undone_at.is_(None))
    each = {
        **{view: _count(view, user_id) for view in VIEWS if view not in OF_ANY_STATE},
        "late": counted(_WAITS, Edition.promise_at < now, table=Edition),
        "decided": counted(*done, table=Decision),
        "answers": counted(_ASKS, table=Release),
        "asked": counted(_kill_stands(now), table=Endorsement),
    }
    found = session.execute(select(*(statement.scalar_subquery() for statement in each.values()))).one()
    return dict(zip(each, found, strict=True))


def next_due(session: Session, reader: Person, *, besides: int, now: datetime) -> Edition | None:
    """What to read after this one: the first in the queue that this editor may take and decide."""
    statement = (
        _waiting()
        .where(_UNREAD, Edition.id != besides, *_free_for(reader, now))
        .order_by(Edition.promise_at, Edition.id)
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def oldest_waiting(session: Session) -> datetime | None:
    """When the release that waits longest was sent."""
    return session.scalar(
        select(Edition.submitted_at).where(_WAITS).order_by(Edition.submitted_at, Edition.id).limit(1)
    )


def _free_for(reader: Person, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """As `actions.reservations` says it of one: of another house, not kept for another, no appeal against oneself.

    An appeal against oneself is one's own where nobody else may decide.
    """
    others = (
        select(User.id)
        .where(User.role.in_(DECIDERS), people.active(), User.id != reader.id)
        .where(~people.belongs_to(Release.organisation_id))
    )
    return (
        Release.organisation_id.not_in(reader.memberships),
        or_(Edition.kept_for_id.is_(None), Edition.kept_for_id == reader.id, Edition.kept_until <= now),
        or_(
            Edition.appealed_at.is_(None),
            Edition.rejected_by_id.is_(None),
            Edition.rejected_by_id != reader.id,
            ~others.exists(),
        ),
    )


def _kill_stands(now: datetime) -> ColumnElement[bool]:
    return and_(Endorsement.act == "kill", Endorsement.ended_at.is_(None), Endorsement.falls_at > now)


def _worked_on(release: Release) -> Edition:
    """The open edition, or else the newest."""
    is_open = (each for each in release.editions if each.state in OPEN_STATES)
    return next(is_open, release.editions[-1])


def _newest_facts(session: Session, release_ids: set[int]) -> dict[int, TimelineEntry]:
    """Of each of these releases the newest of the facts that change what became of it."""
    newest = (
        select(func.max(TimelineEntry.id))
        .where(TimelineEntry.release_id.in_(release_ids), TimelineEntry.fact.in_(SINCE))
        .group_by(TimelineEntry.release_id)
    )
    # Asked for in two steps: PostgreSQL would join the groups to the whole table.
    ids = session.scalars(newest).all()
    rows = session.scalars(select(TimelineEntry).where(TimelineEntry.id.in_(ids)))
    return {row.release_id: row for row in rows}


def _last_decisions(session: Session, release_ids: set[int]) -> dict[int, int]:
    # One look for each release: PostgreSQL would join all decisions to a handful of editions.
    newest = (
        select(func.max(Decision.id))
        .join(Edition, Edition.id == Decision.edition_id)
        .where(Edition.release_id == Release.id)
        .correlate(Release)
        .scalar_subquery()
    )
    statement = select(Release.id, newest).where(Release.id.in_(release_ids))
    return {release_id: last for release_id, last in session.execute(statement) if last}


def _is_known_sender() -> ColumnElement[bool]:
    """Of the edition in question; under a name of its own, since some questions join its release besides."""
    sent = aliased(Release)
    house = select(sent.organisation_id).where(sent.id == Edition.release_id).correlate(Edition)
    return endorsements.is_known(house.scalar_subquery())


def _count(view: str, user_id: int) -> Select[int]:
    waiting = select(Edition.id).where(_WAITS)
    if view != "senders":
        return count_of(_chosen(waiting, view, user_id))
    # Who is known is asked of so many at the most, however many of them are.
    first = waiting.where(Edition.is_first.is_(true())).limit(MOST + 1).subquery()
    return select(func.count()).where(Edition.id.in_(select(first.c.id)), ~_is_known_sender())


def _waiting() -> Select[Edition]:
    return (
        select(Edition)
        .join(Edition.release)
        .join(Release.organisation)
        .options(
            contains_eager(Edition.release).contains_eager(Release.organisation),
            joinedload(Edition.holder),
            joinedload(Edition.kept_for),
        )
        .where(_WAITS)
    )


def _chosen(statement: Select[Any], view: str, user_id: int) -> Select[Any]:
    conditions: dict[str, ColumnElement[bool]] = {
        "new": _UNREAD,
        "mine": Edition.holder_id == user_id,
        "soon": Edition.wish_at.is_not(None),
        "senders": and_(Edition.is_first.is_(true()), ~_is_known_sender()),
    }
    return statement.where(conditions[view]) if view in conditions else statement
