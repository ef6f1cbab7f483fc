"""Finding a release and its editions for the people who work on it."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, exists, func, literal_column, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.rules import release_states as states
from portal.storage.asked_once import asked_once, known
from portal.storage.queries import endorsements, flags, people
from portal.storage.tables import Decision, Edition, Examination, Release, Revision, TimelineEntry
from portal.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Case:
    """A release with the edition that is worked on: the open one, or else the newest."""

    release: Release
    edition: Edition


def find(session: Session, reference: str) -> Case | None:
    """For reading."""
    statement = (
        _newest_first()
        .join(Edition.release)
        .join(Release.organisation)
        .options(contains_eager(Edition.release).contains_eager(Release.organisation))
        .where(Release.reference == reference)
    )
    editions = list(session.scalars(statement))
    if not editions:
        return None
    release = editions[0].release
    _remembered(session)[release.id] = editions
    return _case(release, editions)


def copies_counted(session: Session, revisions: Collection[int | None]) -> dict[int, int]:
    """How many near copies the checks had found of each of these revisions, by its id."""
    found = select(Examination.revision_id, Examination.near_copies)
    rows = session.execute(found.where(Examination.revision_id.in_({each for each in revisions if each})))
    return {revision: len(copies) for revision, copies in rows}


def organisations_of(session: Session, references: Collection[str]) -> dict[str, int]:
    """Whose public releases these are, by reference; what is hidden or removed is not among them."""
    rows = select(Release.reference, Release.organisation_id).where(
        Release.reference.in_(references), Release.publication == states.LIVE
    )
    return {row.reference: row.organisation_id for row in session.execute(rows)}


def find_for_change(work: UnitOfWork, reference: str) -> Case | None:
    """For changing: on PostgreSQL the release row is locked until the end of the work."""
    statement = select(Release).where(Release.reference == reference).with_for_update(of=Release)
    release = work.session.scalars(statement).one_or_none()
    return _case(release, _editions(work.session, release)) if release else None


def find_edition(session: Session, edition_id: int) -> Case | None:
    """The case of one edition, for reading; None where another edition is the one that is worked at."""
    case = find(session, _reference_of(session, edition_id))
    return case if case and case.edition.id == edition_id else None


def find_edition_for_change(work: UnitOfWork, edition_id: int) -> Case | None:
    """The case of one edition, locked like `find_for_change`."""
    case = find_for_change(work, _reference_of(work.session, edition_id))
    return case if case and case.edition.id == edition_id else None


def _reference_of(session: Session, edition_id: int) -> str:
    statement = select(Release.reference).join(Edition, Edition.release_id == Release.id)
    return session.scalar(statement.where(Edition.id == edition_id)) or ""


def decision_that_stands(session: Session, edition: Edition) -> Decision | None:
    """The newest decision on this edition that nobody took back."""
    return decision_and_senior(session, edition)[0]


def decision_and_senior(session: Session, edition: Edition) -> tuple[Decision | None, bool]:
    """The same, and whether there is an active senior editor: every step asks for both, so they come together."""
    return asked_once(session, ("decision", edition.id), lambda: _decision_and_senior(session, edition))


def _decision_and_senior(session: Session, edition: Edition) -> tuple[Decision | None, bool]:
    newest = (
        select(Decision.id)
        .where(Decision.edition_id == edition.id, Decision.undone_at.is_(None))
        .order_by(Decision.round.desc())
        .limit(1)
        .scalar_subquery()
    )
    # One row always, with a decision or without.
    one = select(literal_column("1").label("one")).subquery()
    statement = (
        select(Decision, people.senior_exists())
        .select_from(one)
        .outerjoin(Decision, Decision.id == newest)
        .options(joinedload(Decision.decided_by, innerjoin=False))
    )
    decision, senior = session.execute(statement).one()
    return decision, bool(senior)


def decider_id(session: Session, edition: Edition, decision: Decision | None) -> int | None:
    """Who decided on this edition, or who gave the first yes while it waits for a second editor. `decision`: the one that
    stands."""
    if edition.state == states.AWAITING_SECOND:
        yes = endorsements.first_yes(session, edition)
        return yes.user_id if yes else None
    return decision.decided_by_id if decision else None


def timeline(session: Session, release: Release) -> list[TimelineEntry]:
    """Every entry, newest first."""
    statement = (
        select(TimelineEntry)
        .where(TimelineEntry.release_id == release.id)
        .order_by(TimelineEntry.position.desc())
    )
    return asked_once(session, flags.timeline_of(release.id), lambda: list(session.scalars(statement)))


def last_act_of_a_person(
    session: Session, release: Release, *, besides: Collection[str] = ()
) -> TimelineEntry | None:
    """Who did what last, but for some facts: what the loser of a conflict is told."""
    whole = known(session, flags.timeline_of(release.id))
    if whole is not None:
        acts = (each for each in whole if each.actor_id is not None and each.fact not in besides)
        return next(acts, None)
    statement = (
        select(TimelineEntry)
        .where(
            TimelineEntry.release_id == release.id,
            TimelineEntry.actor_id.is_not(None),
            TimelineEntry.fact.not_in(besides),
        )
        .order_by(TimelineEntry.position.desc())
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def wrote_after(session: Session, release: Release, position: int) -> bool:
    """Has the sender written after this place of the timeline?"""
    found = exists().where(
        TimelineEntry.release_id == release.id,
        TimelineEntry.fact == "message_sent",
        TimelineEntry.position > position,
    )
    return bool(session.scalar(select(found)))


def revisions(session: Session, release: Release) -> list[Revision]:
    """Every revision of every edition with who made it, newest first."""
    statement = (
        select(Revision)
        .join(Edition, Edition.id == Revision.edition_id)
        .where(Edition.release_id == release.id)
        .options(joinedload(Revision.created_by, innerjoin=True))
        .order_by(Edition.number.desc(), Revision.number.desc())
    )
    return list(session.scalars(statement))


def corrections(session: Session, release: Release) -> frozenset[int]:
    """The ids of the editions that correct the first one."""
    return frozenset(edition.id for edition in _editions(session, release) if edition.number > 1)


def newest_revision_number(session: Session, release: Release) -> int:
    """0 for a release of which nothing was sent."""
    statement = (
        select(func.max(Revision.number))
        .join(Edition, Edition.id == Revision.edition_id)
        .where(Edition.release_id == release.id)
    )
    return session.scalar(statement) or 0


def was_ever_approved(session: Session, organisation_id: int) -> bool:
    """Has the desk ever said yes to a release of this organisation?"""
    approved = (
        exists()
        .where(Release.organisation_id == organisation_id)
        .where(Edition.release_id == Release.id, Decision.edition_id == Edition.id)
        .where(Decision.outcome == "approve", Decision.undone_at.is_(None))
    )
    return bool(session.scalar(select(approved)))


def examination(session: Session, revision_id: int | None) -> Examination | None:
    """What the checks found on a revision; None while they run."""
    return session.scalars(select(Examination).where(Examination.revision_id == revision_id)).one_or_none()


def being_written(session: Session, release: Release) -> Edition | None:
    """The correction that its sender is at work on."""
    found = (each for each in _editions(session, release) if each.number > 1 and each.state == states.DRAFT)
    return next(found, None)


def _case(release: Release, editions: list[Edition]) -> Case:
    working = next((edition for edition in editions if edition.state in states.OPEN_STATES), editions[0])
    return Case(release, working)


def _editions(session: Session, release: Release) -> list[Edition]:
    """All of them, newest first. Whoever only reads asks once for a session."""
    kept = _remembered(session)
    reads = bool(session.get_bind().get_execution_options().get("readonly"))
    if not reads or release.id not in kept:
        kept[release.id] = _read_editions(session, release)
    return kept[release.id]


def _read_editions(session: Session, release: Release) -> list[Edition]:
    return list(session.scalars(_newest_first().where(Edition.release_id == release.id)))


def _newest_first() -> Select[Edition]:
    loaded = joinedload(Edition.holder), joinedload(Edition.revision)
    return select(Edition).options(*loaded).order_by(Edition.number.desc())


def _remembered(session: Session) -> dict[int, list[Edition]]:
    kept: dict[int, list[Edition]] = session.info.setdefault("editions", {})
    return kept
