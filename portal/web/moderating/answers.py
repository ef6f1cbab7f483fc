"""How the newsroom’s page of one release answers a step: on to the next page, or again with the editor’s words."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for

from portal.rules.issues import Issue
from portal.web import answering
from portal.web.access import current_person, now, portal
from portal.web.answering import Answer
from portal.web.forms.protocol import PortalForm
from portal.web.moderating.review import kept_of, review_page
from portal.web.presses import portal_for


def answered(
    reference: str,
    form: PortalForm,
    action: Callable[..., Any],
    then: str | Callable[[Any], str] = "",
    *,
    once: bool = True,
) -> Answer:
    """Take the step with what the form hands over; refused, the same screen with what was typed in it, and why.

    Done, it ends on the page that says so: this one unless `then` leads elsewhere. `once`: the same press again does
    nothing more; without it the action itself judges a repetition by its effect.
    """
    act = request.path.rpartition("/")[2]

    def again(alert: str, issues: list[Issue]) -> str:
        return review_page(reference, alert=alert, issues=issues, kept=kept_of(form.typed(), act))

    return answering.answered(
        lambda: action(
            portal_for(form) if once else portal(), current_person(), reference, **form.words(), now=now()
        ),
        again=again,
        then=then or url_for("moderating.review", reference=reference, done=act),
    )
