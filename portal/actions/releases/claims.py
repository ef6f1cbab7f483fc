"""An editor's lease on a release: held by one, renewed by the holder's POSTs, free again when it lapses."""

from datetime import datetime, timedelta

from portal.actions.portal import Portal
from portal.rules import release_states as states
from portal.rules.permissions import Person
from portal.storage.queries.releases import Case


def holds(case: Case, actor: Person) -> bool:
    return case.edition.state == states.IN_REVIEW and case.edition.holder_id == actor.id


def has_lapsed(case: Case, now: datetime) -> bool:
    """Read from the row; no clock process is needed for it."""
    expires = case.edition.claim_expires_at
    return expires is not None and expires <= now


def renew_if_held(portal: Portal, case: Case, actor: Person, now: datetime) -> None:
    """Any POST of the holder renews the claim; it never moves the version."""
    if holds(case, actor):
        renew(portal, case, now)


def renew(portal: Portal, case: Case, now: datetime) -> None:
    case.edition.claim_expires_at = now + timedelta(minutes=portal.settings.claim_minutes)


def held_by(portal: Portal, actor: Person, now: datetime) -> dict[str, object]:
    """The columns of an edition that this editor holds from now on."""
    return {
        "holder_id": actor.id,
        "claim_expires_at": now + timedelta(minutes=portal.settings.claim_minutes),
        "lapsed_holder_id": None,
        "kept_for_id": None,
        "kept_until": None,
    }


def not_held() -> dict[str, object]:
    """The columns of an edition that nobody holds."""
    return {"holder_id": None, "claim_expires_at": None, "lapsed_holder_id": None, "asked_back_at": None}
