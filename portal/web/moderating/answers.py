"""How the newsroom’s page of one release answers a step: on to the next page, or again with the editor’s words."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for

from portal.rules.issues import Issue, blocking
from portal.rules.refusals import Invalid
from portal.web import answering
from portal.web.answering import Answer
from portal.web.moderating.review import Kept, review_page
from portal.web.release_pages import posted

UNMARKED = "This form came without the mark of the text that you read. Open the page again."


def answered(reference: str, step: Callable[[], object], then: str | Callable[[Any], str] = "") -> Answer:
    """Take the step; refused, the same screen again with what was typed in the form of the same act, and why."""

    def again(alert: str, issues: list[Issue]) -> str:
        return review_page(reference, alert=alert, issues=issues, kept=_kept())

    return answering.answered(
        step, again=again, then=then or url_for("moderating.review", reference=reference)
    )


def text_read() -> str:
    """The mark of the text that the editor had before them. Raises Invalid where the form lost it."""
    mark = request.form.get("revision_hash", "")
    if not mark:
        raise Invalid(UNMARKED, [blocking("FORMAT", "revision_hash", UNMARKED)])
    return mark


def _kept() -> Kept:
    return Kept(
        act=request.path.rpartition("/")[2],
        decision=request.form.get("decision", ""),
        reasons=posted.chosen("reasons"),
        fields=posted.fields(),
        flags=request.form.getlist("flags"),
    )
