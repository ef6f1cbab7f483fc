"""The examination of a sent edition: every check, same-story detection by an index, risk flags, priority.

It may run twice or late: it reads the row again, and a result for the same revision is written once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, contains_eager

from portal.actions.portal import Portal
from portal.actions.releases import content as contents
from portal.actions.releases.moving import Act, clock_acting
from portal.rules import second_pair
from portal.rules.issues import Issue
from portal.rules.release_states import (
    APPROVED,
    AWAITING_SIGNOFF,
    CHANGES_REQUESTED,
    HIDDEN,
    LIVE,
    WAITING_STATES,
)
from portal.rules.requirements import Measured, priority, risk_flags
from portal.settings import Settings
from portal.storage.queries import flags, near_texts, public_releases, releases
from portal.storage.queries.releases import Case
from portal.storage.tables import Edition, Examination, Release, Revision, SimilarityBand
from portal.text import similarity

SAME_STORY = 0.5
MOST_COMPARED = 12
READ_AT_ONCE = 24
AT_THE_DESK = (*WAITING_STATES, CHANGES_REQUESTED, AWAITING_SIGNOFF, APPROVED)
"""Of these states an editor may know that another house tells the same story."""


@dataclass(frozen=True)
class _Found:
    """What the checks found on one revision, before any of it is written."""

    revision_id: int
    issues: list[Issue]
    flags: set[str]
    text: similarity.Compared
    copies: list[dict[str, Any]]


def examine(portal: Portal, edition_id: int, *, now: datetime) -> bool:
    """Examine the revision that waits. False where there is nothing (more) to examine.

    Most of it is reading, and is done before the lock on writing is asked for: senders wait for that, too.
    """
    with portal.database.reading() as session:
        case = releases.find_edition(session, edition_id)
        found = _look(session, case, portal.settings, now) if case and _waits_unexamined(case) else None
    if found is None:
        return False
    find = partial(releases.find_edition_for_change, edition_id=edition_id)
    with clock_acting(portal, find, now=now) as act:
        if act is None or not _waits_unexamined(act.case):
            return False
        if act.edition.revision_id != found.revision_id:  # another text was sent meanwhile
            found = _look(act.session, act.case, act.settings, act.now)
        _write(act, found)
        return True


def examine_now(act: Act) -> None:
    """The same inside another step, which cannot wait for the checks. The act is the machine's own."""
    _write(act, _look(act.session, act.case, act.settings, act.now))


def _look(session: Session, case: Case, settings: Settings, now: datetime) -> _Found:
    revision = case.edition.revision
    assert revision is not None  # a waiting edition has one
    counts, text = contents.measured(revision.content, case.release.organisation), _comparable(revision)
    return _Found(
        revision_id=revision.id,
        issues=_issues(case, revision, counts, settings, now),
        flags=_flags_of(case, revision, counts),
        text=text,
        copies=near_copies_to(session, case, text, now),
    )


def _write(act: Act, found: _Found) -> None:
    _store(act, found)
    act.session.add_all(
        SimilarityBand(revision_id=found.revision_id, band=band, release_id=act.release.id)
        for band in set(found.text.bands)
    )
    fact = "examined_again" if _was_announced(act.case) else "examined"
    act.record(fact, detail={"look_at": len(found.issues), "near_copies": len(found.copies)})


def standing_flags(session: Session, case: Case) -> list[str]:
    """The risk flags that count now, also while the checks have not looked at the text."""
    edition, revision = case.edition, case.edition.revision
    if edition.examined_at is not None or revision is None:
        return list(edition.flags)
    counts = contents.measured(revision.content, case.release.organisation)
    return _standing(session, case, _flags_of(case, revision, counts))


def _standing(session: Session, case: Case, found: set[str]) -> list[str]:
    """What stood until now, and what this text adds to it."""
    edition = case.edition
    standing = second_pair.standing(
        edition.flags,
        flags.found_before(session, edition),
        found,
        set_by_editors=flags.set_by_editors(session, edition),
        sent_anew=edition.edited_by_id is None,
    )
    return sorted(standing)


def _flags_of(case: Case, revision: Revision, counts: Measured) -> set[str]:
    found = risk_flags(case.release.kind, revision.content["values"], counts)
    return found | ({second_pair.FIRST_RELEASE} if case.edition.is_first else set())


def _waits_unexamined(case: Case) -> bool:
    return case.edition.state in WAITING_STATES and case.edition.examined_at is None


def _was_announced(case: Case) -> bool:
    """The desk knows of it: its own wording is looked at, or the correction that an editor began."""
    return case.edition.edited_by_id is not None or case.edition.submitted_by_id is None


def _issues(
    case: Case, revision: Revision, counts: Measured, settings: Settings, now: datetime
) -> list[Issue]:
    """Judged as of the sending, so that a wish for a time that has come meanwhile is no fault of the sender."""
    return contents.issues_of(
        case.release.kind,
        revision.content,
        case.release.organisation,
        settings,
        now=case.edition.submitted_at or now,
        declared=contents.declarations_of(revision.content),
        is_correction=case.edition.is_correction,
        counts=counts,
    )


def near_copies(session: Session, case: Case, now: datetime) -> list[dict[str, Any]]:
    """Releases that share bands with this text and, compared, tell the same story: the likest first.

    For editors alone: those of other houses that wait or have their time are among them, and no sender may learn of
    these. Asked anew whenever the page is opened, so that what came later or went public meanwhile counts.
    """
    revision = case.edition.revision
    return [] if revision is None else near_copies_to(session, case, _comparable(revision), now)


def _comparable(revision: Revision) -> similarity.Compared:
    return similarity.Compared(contents.comparable_text(revision.content))


def near_copies_to(
    session: Session, case: Case, text: similarity.Compared, now: datetime
) -> list[dict[str, Any]]:
    """The same for the text that is at hand already."""
    sharing = near_texts.sharing(session, text.bands, release_id=case.release.id)
    found = [
        _near_copy(case, edition, other, text.resemblance(_comparable(other)), now)
        for other, edition in islice(_to_compare(session, case, sharing, now), MOST_COMPARED)
    ]
    alike = [copy for copy in found if copy["resemblance"] >= SAME_STORY * 100]
    return sorted(alike, key=lambda copy: -copy["resemblance"])


def near_copies_now(session: Session, editions: Sequence[Edition], now: datetime) -> dict[int, int]:
    """How many near copies each of these editions has now, by its id; one that shares no band with any is not in it.

    Asked anew like the page's own, in one statement for all that share nothing, which are nearly all.
    """
    sharing = near_texts.sharing_any(session, {each.revision_id for each in editions})
    return {
        each.id: len(near_copies(session, Case(each.release, each), now))
        for each in editions
        if each.revision_id in sharing
    }


def _to_compare(
    session: Session, case: Case, sharing: Sequence[int], now: datetime
) -> Iterator[tuple[Revision, Edition]]:
    """Those of these texts that an editor may know of, in their order; read a few at a time."""
    for handful in near_texts.in_handfuls(sharing, READ_AT_ONCE):
        known = {found[0].id: found for found in session.execute(_known(case, handful, now))}
        yield from (known[revision_id] for revision_id in handful if revision_id in known)


def _known(case: Case, revisions: Sequence[int], now: datetime) -> Select[Revision, Edition]:
    """Of another house the text that counts now, where the desk has it or readers do; of the own one every text."""
    own = Release.organisation_id == case.release.organisation_id
    current = and_(Edition.revision_id == Revision.id, Edition.state.in_(AT_THE_DESK))
    at_the_desk = and_(current, Release.publication.in_((HIDDEN, LIVE)))
    return (
        select(Revision, Edition)
        .join(Edition, Edition.id == Revision.edition_id)
        .join(Release, Release.id == Edition.release_id)
        .options(contains_eager(Edition.release))
        .where(Revision.id.in_(revisions), or_(own, public_releases.visible(now), at_the_desk))
    )


def _near_copy(
    case: Case, edition: Edition, revision: Revision, resemblance: float, now: datetime
) -> dict[str, Any]:
    release = edition.release
    shows_from = release.live_from if release.publication == LIVE else None
    state = edition.state if shows_from is None else "published" if shows_from <= now else "scheduled"
    return {
        "reference": release.reference,
        "headline": revision.headline,
        "resemblance": round(resemblance * 100),
        "organisation": release.organisation.name,
        "foreign": release.organisation_id != case.release.organisation_id,
        "state": state,
    }


def _store(act: Act, found: _Found) -> None:
    edition, now = act.edition, act.now
    assert edition.revision is not None  # a waiting edition has one
    standing = _standing(act.session, act.case, found.flags)
    rank = priority(
        edition.revision.content["values"], frozenset(standing), now, site_timezone=act.settings.timezone
    )
    act.session.add(
        Examination(
            revision_id=found.revision_id,
            edition_id=edition.id,
            issues=[asdict(issue) for issue in found.issues],
            flags=sorted(found.flags),
            near_copies=found.copies,
            priority=rank,
            examined_at=now,
        )
    )
    edition.examined_at, edition.flags, edition.priority = now, standing, rank
    edition.advice_count = len(found.issues) + len(found.copies)
