"""An editor's claim, a lease on a release: held by one, renewed by the holder's POSTs, free again when it lapses."""

from datetime import datetime, timedelta

from portal.actions.releases.moving import Act
from portal.rules import release_states as states
from portal.rules.permissions import Person
from portal.storage.columns import EditionColumns
from portal.storage.queries.releases import Case


def holds(case: Case, actor: Person) -> bool:
    return case.edition.state == states.IN_REVIEW and case.edition.holder_id == actor.id


def has_lapsed(case: Case, now: datetime) -> bool:
    """Read from the row; no clock process is needed for it."""
    expires = case.edition.claim_expires_at
    return expires is not None and expires <= now


def is_free(case: Case, now: datetime) -> bool:
    """Does it wait for whoever takes it?"""
    waits, read = case.edition.state == states.SUBMITTED, case.edition.state == states.IN_REVIEW
    return waits or (read and has_lapsed(case, now))


def renew_if_held(act: Act) -> None:
    """Any POST of the holder renews the claim; it never moves the version."""
    if holds(act.case, act.person):
        renew(act)


def renew(act: Act) -> None:
    act.edition.claim_expires_at = _lapses_at(act)


def held_by(act: Act) -> EditionColumns:
    """The columns of an edition that whoever acts holds from now on."""
    return {
        "holder_id": act.person.id,
        "claim_expires_at": _lapses_at(act),
        "lapsed_holder_id": None,
        "kept_for_id": None,
        "kept_until": None,
    }


def not_held() -> EditionColumns:
    """The columns of an edition that nobody holds."""
    return {"holder_id": None, "claim_expires_at": None, "lapsed_holder_id": None, "asked_back_at": None}


def _lapses_at(act: Act) -> datetime:
    return act.now + timedelta(minutes=act.settings.claim_minutes)
