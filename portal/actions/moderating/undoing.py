"""Taking a decision back while its mail is held, so that an editor's slip costs nothing."""

from datetime import datetime
from typing import Any

from portal.actions.moderating import deciding
from portal.actions.portal import Portal
from portal.actions.releases import claims, moving
from portal.rules.permissions import Person
from portal.rules.refusals import Conflict
from portal.rules.release_states import APPROVED, AWAITING_SECOND, LIVE
from portal.storage import outbox
from portal.storage.queries import public_releases, releases
from portal.storage.queries.releases import Case
from portal.storage.tables import Decision, Release
from portal.storage.unit_of_work import UnitOfWork

TOO_LATE = "It can no longer be undone: the mail has left."
ACTED = "It can no longer be undone: somebody has taken a step since."


def undo(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str = "", now: datetime
) -> None:
    """Put the release back under review in the hands of the editor who decided; the held mail is never sent.

    Raises Conflict once the mail has left or somebody has taken a step since, NotFound.
    """
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        row = moving.require_step(work, case, "undo", actor)
        moving.require_version(work, case, version)
        if case.edition.state == AWAITING_SECOND:
            _require_last(work, case, "first_yes")
            changes: dict[str, Any] = {}
            detail: dict[str, Any] = {}
        else:
            decision = _take_back(work, case, actor, now)
            changes, detail = _edition_before(case, decision), {"undone": decision.id}
        moving.move(
            work,
            case,
            row,
            actor=actor,
            now=now,
            changes={**changes, **claims.held_by(portal, actor, now)},
            detail={**detail, **({"to_desk": message.strip()} if message.strip() else {})},
        )
        work.commit()


def _take_back(work: UnitOfWork, case: Case, actor: Person, now: datetime) -> Decision:
    """Drop what waits to be said, and put the publication back to what it was."""
    decision = releases.decision_that_stands(work.session, case.edition)
    if decision is None or decision.before is None or not outbox.mail_of(work.session, decision, now):
        raise _too_late(work, case)
    for row in outbox.held(work.session, case.release.id, now):
        if not outbox.drop(work, row, now=now):
            raise _too_late(work, case)
    if case.edition.state == APPROVED:
        _unpublish(work, case, decision.before["release"], actor, now)
    decision.undone_at = now
    return decision


def _unpublish(
    work: UnitOfWork, case: Case, before: dict[str, Any], actor: Person, now: datetime
) -> None:  # Any: whatever the columns hold
    """Hidden again where nothing was public before; else the edition before is, and its `updated` moves."""
    was_live = before["publication"] == LIVE
    if not was_live and public_releases.is_visible(work.session, case.release, now):
        before = {**before, **_seen_to_leave(case.release, now)}
    row = moving.require_publication_step(
        work, case, "undo_correction" if was_live else "undo", actor, now=now
    )
    if was_live:
        before = {**before, "went_live_at": _iso(case.release.went_live_at), "updated_at": now.isoformat()}
    columns = {name: value for name, value in before.items() if name != "publication"}  # the row says which
    moving.carry_publication(work, case, row, deciding.columns_of(case.release, columns))


def _seen_to_leave(release: Release, now: datetime) -> dict[str, Any]:
    """What was public leaves its lists before everybody's eyes: their feeds changed now."""
    return {
        "updated_at": now.isoformat(),
        "country_slug": release.country_slug,
        "city_slug": release.city_slug,
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _edition_before(case: Case, decision: Decision) -> dict[str, Any]:
    return deciding.columns_of(case.edition, decision.before["edition"] if decision.before else {})


def _require_last(work: UnitOfWork, case: Case, fact: str) -> None:
    last = releases.last_act_of_a_person(work.session, case.release)
    if last is None or last.fact != fact:
        raise moving.conflict(work, case, ACTED)


def _too_late(work: UnitOfWork, case: Case) -> Conflict:
    """Who acted since is named; where nobody did, the mail has left."""
    last = releases.last_act_of_a_person(work.session, case.release)
    by_decision = last is not None and "decision" in last.detail
    return moving.conflict(work, case, TOO_LATE if by_decision else ACTED)
