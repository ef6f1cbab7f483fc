"""How the page of one’s own release answers a step: on to the next page, or again with what was typed where it stood."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for

from portal.rules.issues import Issue
from portal.web import answering
from portal.web.access import current_person, now, portal
from portal.web.answering import Answer
from portal.web.release_pages import posted
from portal.web.submitting import views


def answered(reference: str, step: Callable[[], Any], then: str | Callable[[Any], str] = "") -> Answer:
    """Take the step; refused, the status page again. Its forms know theirs by the last part of the address."""
    typed = {**posted.fields(), "form": request.path.rpartition("/")[2]}

    def again(alert: str, issues: list[Issue]) -> str:
        return views.status_page(reference, alert=alert, issues=issues, typed=typed)

    return answering.answered(
        step, again=again, then=then or url_for("submitting.status", reference=reference)
    )


def answered_with_words(reference: str, action: Callable[..., None]) -> Answer:
    """An action that takes a message to the desk and the version, and nothing else."""
    return answered(
        reference,
        lambda: action(
            portal(),
            current_person(),
            reference,
            message=posted.words("message"),
            version=posted.version(),
            now=now(),
        ),
    )
