"""Columns of an edition that several rooms set alike."""

import secrets

from portal.actions.releases import claims, promising
from portal.storage.columns import EditionColumns


def over() -> EditionColumns:
    """The columns of an edition that has ended: nobody has claimed it, nothing is promised, nobody is reminded."""
    return {
        **claims.unclaimed(),
        **promising.no_promise(),
        "changes_due_at": None,
        "signoff_due_at": None,
        "reminder_next_at": None,
        "kept_for_id": None,
        "kept_until": None,
    }


def new_submission_key() -> str:
    """One for each round of an edition, so that two tabs and two clicks make one sending."""
    return secrets.token_urlsafe(24)
