"""A decision that came too early or to somebody else's release: its words go along while the editor takes it.

The forms that take a release carry them under names of their own; they are kept like a form whose login ran out, until
the decision is sent.
"""

from flask import url_for

from portal.actions.accounts import parking
from portal.actions.accounts.parking import Parked
from portal.web.access import current_person, now, portal
from portal.web.forms.moderating import CarryingForm


def along(reference: str, form: CarryingForm) -> str:
    """Keep what the form carried, now that the release is this editor's; the page on which it stands again."""
    page = url_for("moderating.review", reference=reference)
    fields = form.carried()
    if fields:
        sent_to = url_for("moderating.decide", reference=reference)
        parking.park(portal(), current_person().id, page, Parked(sent_to, fields), now=now())
    return page
