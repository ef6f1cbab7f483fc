"""An editor's claim, a lease on a release: one person's, renewed by that person's POSTs, free again when it lapses."""

from datetime import datetime, timedelta

from portal.actions.releases.moving import Act
from portal.rules import release_states as states
from portal.rules.permissions import Person
from portal.storage.columns import EditionColumns
from portal.storage.queries.releases import Case


def is_claimed_by(case: Case, actor: Person) -> bool:
    return case.edition.state == states.IN_REVIEW and case.edition.holder_id == actor.id


def has_lapsed(case: Case, now: datetime) -> bool:
    """Read from the row; no clock process is needed for it."""
    expires = case.edition.claim_expires_at
    return expires is not None and expires <= now


def is_free(case: Case, now: datetime) -> bool:
    """Does it wait for whoever takes it?"""
    waits, read = case.edition.state == states.SUBMITTED, case.edition.state == states.IN_REVIEW
    return waits or (read and has_lapsed(case, now))


def renew_if_own(act: Act) -> None:
    """Any POST of the holder renews the claim; it never moves the version."""
    if is_claimed_by(act.case, act.person):
        renew(act)


def renew(act: Act) -> None:
    act.edition.claim_expires_at = _lapses_at(act)


def claimed_by(act: Act) -> EditionColumns:
    """The columns of an edition that whoever acts has claimed from now on."""
    return {
        "holder_id": act.person.id,
        "claim_expires_at": _lapses_at(act),
        "lapsed_holder_id": None,
        "kept_for_id": None,
        "kept_until": None,
    }


def unclaimed() -> EditionColumns:
    """The columns of an edition that nobody has claimed."""
    return {"holder_id": None, "claim_expires_at": None, "lapsed_holder_id": None, "asked_back_at": None}


def _lapses_at(act: Act) -> datetime:
    return act.now + timedelta(minutes=act.settings.claim_minutes)
