"""The examination of a sent edition: every check, same-story detection by an index, risk flags, priority.

It may run twice or late: it reads the row again, and a result for the same revision is written once.
"""

from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.actions.portal import Portal
from portal.actions.releases import content as contents
from portal.actions.releases.moving import Act, clock_acting
from portal.rules import second_pair
from portal.rules.issues import Issue
from portal.rules.release_states import WAITING_STATES
from portal.rules.requirements import priority, risk_flags
from portal.storage.queries import flags, public_releases, releases
from portal.storage.queries.releases import Case
from portal.storage.tables import Edition, Examination, Release, Revision, SimilarityBand
from portal.text import similarity

SAME_STORY = 0.5
MOST_COMPARED = 12


def examine(portal: Portal, edition_id: int, *, now: datetime) -> bool:
    """Examine the revision that waits. False where there is nothing (more) to examine."""
    find = partial(releases.find_edition_for_change, edition_id=edition_id)
    with clock_acting(portal, find, now=now) as act:
        if act is None or not _waits_unexamined(act.case):
            return False
        examine_now(act)
        return True


def examine_now(act: Act) -> None:
    """The same inside another step, which cannot wait for the checks. The act is the machine's own."""
    revision = act.edition.revision
    assert revision is not None  # a waiting edition has one
    issues, copies = _issues(act, revision), _same_stories(act, revision)
    _store(act, revision, issues, copies)
    fact = "examined_again" if _was_announced(act.case) else "examined"
    act.record(fact, detail=_counts(issues, copies))


def standing_flags(session: Session, case: Case) -> list[str]:
    """The risk flags that count now, also while the checks have not looked at the text."""
    edition, revision = case.edition, case.edition.revision
    if edition.examined_at is not None or revision is None:
        return list(edition.flags)
    return _standing(session, case, revision)


def _standing(session: Session, case: Case, revision: Revision) -> list[str]:
    """What stood until now, and what this text adds to it."""
    edition = case.edition
    standing = second_pair.standing(
        edition.flags,
        flags.found_before(session, edition),
        _flags_of(case, revision),
        set_by_editors=flags.set_by_editors(session, edition),
        sent_anew=edition.edited_by_id is None,
    )
    return sorted(standing)


def _flags_of(case: Case, revision: Revision) -> set[str]:
    found = risk_flags(
        case.release.kind,
        revision.content["values"],
        contents.measured(revision.content, case.release.organisation),
    )
    return found | ({second_pair.FIRST_RELEASE} if case.edition.is_first else set())


def _waits_unexamined(case: Case) -> bool:
    return case.edition.state in WAITING_STATES and case.edition.examined_at is None


def _was_announced(case: Case) -> bool:
    """The desk knows of it: its own wording is looked at, or the correction that an editor began."""
    return case.edition.edited_by_id is not None or case.edition.submitted_by_id is None


def _issues(act: Act, revision: Revision) -> list[Issue]:
    """Judged as of the sending, so that a wish for a time that has come meanwhile is no fault of the sender."""
    return contents.issues_of(
        act.release.kind,
        revision.content,
        act.release.organisation,
        act.settings,
        now=act.edition.submitted_at or act.now,
        declared=contents.declarations_of(revision.content),
        is_correction=act.edition.is_correction,
    )


def _same_stories(act: Act, revision: Revision) -> list[dict[str, Any]]:
    """Own and public releases that share a band and, compared, tell the same story. Never another house's secret."""
    text = contents.comparable_text(revision.content)
    found = [
        _near_copy(other, release, similarity.resemblance(text, contents.comparable_text(other.content)))
        for other, release in act.session.execute(_candidates(act.case, similarity.bands(text), act.now))
    ]
    alike = [copy for copy in found if copy["resemblance"] >= SAME_STORY * 100]
    return sorted(alike, key=lambda copy: -copy["resemblance"])


def _candidates(case: Case, bands: list[int], now: datetime) -> Any:
    own = Release.organisation_id == case.release.organisation_id
    sharing = select(SimilarityBand.revision_id).where(
        SimilarityBand.band.in_(bands), SimilarityBand.release_id != case.release.id
    )
    return (
        select(Revision, Release)
        .join(Edition, Edition.id == Revision.edition_id)
        .join(Release, Release.id == Edition.release_id)
        .where(Revision.id.in_(sharing), or_(own, public_releases.visible(now)))
        .order_by(Revision.id.desc())
        .limit(MOST_COMPARED)
    )


def _near_copy(revision: Revision, release: Release, resemblance: float) -> dict[str, Any]:
    return {
        "reference": release.reference,
        "headline": revision.headline,
        "resemblance": round(resemblance * 100),
    }


def _store(act: Act, revision: Revision, issues: list[Issue], copies: list[dict[str, Any]]) -> None:
    values, edition, now = revision.content["values"], act.edition, act.now
    standing = _standing(act.session, act.case, revision)
    rank = priority(values, frozenset(standing), now, site_timezone=act.settings.timezone)
    act.session.add(
        Examination(
            revision_id=revision.id,
            edition_id=edition.id,
            issues=[asdict(issue) for issue in issues],
            flags=sorted(_flags_of(act.case, revision)),
            near_copies=copies,
            priority=rank,
            examined_at=now,
        )
    )
    edition.examined_at, edition.flags, edition.priority = now, standing, rank
    edition.advice_count = len(issues) + len(copies)
    _remember_bands(act, revision)


def _remember_bands(act: Act, revision: Revision) -> None:
    text = contents.comparable_text(revision.content)
    act.session.add_all(
        SimilarityBand(revision_id=revision.id, band=band, release_id=act.release.id)
        for band in set(similarity.bands(text))
    )


def _counts(issues: list[Issue], copies: list[dict[str, Any]]) -> dict[str, int]:
    return {"look_at": len(issues), "near_copies": len(copies)}
