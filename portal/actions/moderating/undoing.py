"""Taking a decision back while its mail is held, so that an editor's slip costs nothing."""

from datetime import datetime
from typing import Any

from portal.actions.moderating import deciding
from portal.actions.portal import Portal
from portal.actions.releases import claims
from portal.actions.releases.moving import Act, acting
from portal.rules.permissions import Person
from portal.rules.refusals import Conflict
from portal.rules.release_states import APPROVED, AWAITING_SECOND, LIVE
from portal.storage import outbox
from portal.storage.columns import EditionColumns
from portal.storage.queries import public_releases, releases
from portal.storage.tables import Decision, Release

TOO_LATE = "It can no longer be undone: the mail has left."
ACTED = "It can no longer be undone: somebody has taken a step since."


def undo(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str = "", now: datetime
) -> None:
    """Put the release back under review in the hands of the editor who decided; the held mail is never sent.

    Raises Conflict once the mail has left or somebody has taken a step since, NotFound.
    """
    with acting(portal, actor, reference, now=now) as act:
        row = act.require("undo", version)
        changes, detail = _before(act)
        words = message.strip()
        changes |= claims.claimed_by(act)
        act.move(row, changes=changes, detail={**detail, **({"to_desk": words} if words else {})})


def _before(act: Act) -> tuple[EditionColumns, dict[str, Any]]:
    """The columns of the edition before the decision, and what the timeline keeps of it."""
    if act.edition.state == AWAITING_SECOND:
        _require_last(act, "first_yes")
        return {}, {}
    decision = _take_back(act)
    kept = decision.before["edition"] if decision.before else {}
    return deciding.columns_of(act.edition, kept), {"undone": decision.id}


def _take_back(act: Act) -> Decision:
    """Drop what waits to be said, and put the publication back to what it was."""
    decision = releases.decision_that_stands(act.session, act.edition)
    if decision is None or decision.before is None or not outbox.mail_of(act.session, decision, act.now):
        raise _too_late(act)
    for row in outbox.held(act.session, act.release.id, act.now):
        if not outbox.drop(act.work, row, now=act.now):
            raise _too_late(act)
    if act.edition.state == APPROVED:
        _unpublish(act, decision.before["release"])
    decision.undone_at = act.now
    return decision


def _unpublish(act: Act, before: dict[str, Any]) -> None:  # Any: whatever the columns hold
    """Hidden again where nothing was public before; else the edition before is, and its `updated` moves."""
    release = act.release
    was_live = before["publication"] == LIVE
    before = {name: value for name, value in before.items() if name != "publication"}  # the row says which
    if not was_live and public_releases.is_visible(act.session, release, act.now):
        before = {**before, **_seen_to_leave(release, act.now)}
    row = act.require_publication_step("undo_correction" if was_live else "undo")
    if was_live:
        before = {**before, "went_live_at": _iso(release.went_live_at), "updated_at": _iso(act.now)}
    act.carry_publication(row, deciding.columns_of(release, before))


def _seen_to_leave(release: Release, now: datetime) -> dict[str, Any]:
    """What was public leaves its lists before everybody's eyes: their feeds changed now."""
    return {
        "updated_at": now.isoformat(),
        "country_slug": release.country_slug,
        "city_slug": release.city_slug,
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _require_last(act: Act, fact: str) -> None:
    last = releases.last_act_of_a_person(act.session, act.release)
    if last is None or last.fact != fact:
        raise act.conflict(ACTED)


def _too_late(act: Act) -> Conflict:
    """Who acted since is named; where nobody did, the mail has left."""
    last = releases.last_act_of_a_person(act.session, act.release)
    by_decision = last is not None and "decision" in last.detail
    return act.conflict(TOO_LATE if by_decision else ACTED)
