"""How the page of one’s own release answers a step: on to the next page, or again with what was typed where it stood."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for

from portal.rules.issues import Issue
from portal.web import answering
from portal.web.access import current_person, now
from portal.web.answering import Answer
from portal.web.forms import raw
from portal.web.forms.protocol import PortalForm
from portal.web.presses import portal_for
from portal.web.submitting import views
from portal.web.submitting.cases import told_of


def answered(
    reference: str, form: PortalForm, action: Callable[..., Any], then: str | Callable[[Any], str] = ""
) -> Answer:
    """Take the step with what the form hands over; refused, the status page again.

    Its forms know theirs by the last part of the address.
    """
    typed = {**raw.last_of_each(form.typed()), "form": request.path.rpartition("/")[2]}

    def again(alert: str, issues: list[Issue]) -> str:
        return views.status_page(reference, alert=alert, issues=issues, typed=typed)

    return answering.answered(
        lambda: action(portal_for(form), current_person(), reference, **form.words(), now=now()),
        again=again,
        tell=lambda refused: told_of(reference, refused),
        then=then or url_for("submitting.status", reference=reference),
    )
