"""Addresses that are left alone: what the newsroom sees of them, and the form by which an administrator lifts one."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.actions.mailing import suppressing
from portal.rules.mailing.suppression import ends_at
from portal.rules.permissions import ADMIN
from portal.rules.refusals import Conflict, Invalid, Repeated
from portal.storage.queries.newsletter import suppressions
from portal.web.access import access, current_person, now, portal
from portal.web.forms.newsletter import LiftSuppressionForm
from portal.web.forms.taking import takes
from portal.web.newsletter import desk
from portal.web.presses import portal_for

WORDS = {
    "refused": "Refused for good",
    "soft": "Refused several times",
    "complaint": "Complained",
    "asked": "Asked to be left alone",
}


@desk.post("/newsletter/lift-suppression")
@access("admin")
@takes(LiftSuppressionForm)
def lift_suppression(form: LiftSuppressionForm) -> Response | tuple[str, int]:
    """The address may be mailed again, from the next letter on."""
    try:
        suppressing.lift(portal_for(form), current_person(), **form.words(), now=now())
    except Repeated:
        pass  # lifted already, by the same press
    except Invalid as refused:
        form.show(refused.issues)
        return _page(form), 422
    except Conflict as refused:
        return _page(form, alert=refused.sentence), 409
    return redirect("/newsroom/newsletter#suppressions", 303)


def shown(session: Session, form: LiftSuppressionForm | None = None) -> dict[str, Any]:
    """What `newsletter/_suppressions.html` needs."""
    moment = now()
    rows = suppressions.listed(session, moment)
    return {
        "suppressions": [(row, WORDS[row.reason], ends_at(row.reason, row.since)) for row in rows],
        "suppressed": suppressions.count(session, moment),
        "lifting": form or LiftSuppressionForm(),
        "may_lift": current_person().role == ADMIN,
    }


def _page(form: LiftSuppressionForm, *, alert: str = "") -> str:
    with portal().database.reading() as session:
        return render_template(
            "newsletter/suppressions.html",
            issues=form.issues,
            alert=alert,
            **shown(session, form),
        )
