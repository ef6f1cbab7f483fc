"""An editor's own wording of a text that they hold: all pages of its form as one sheet."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from portal.actions.moderating import editing_text
from portal.rules.issues import Issue
from portal.rules.kinds import PAGE_TITLES, PAGES, Field, fields_of, quote_numbers
from portal.rules.refusals import NotFound
from portal.storage.queries import releases
from portal.storage.queries.releases import Case
from portal.web import answering, parked
from portal.web.access import access, current_person, now, portal
from portal.web.answering import Answer
from portal.web.moderating import blueprint
from portal.web.release_pages import posted
from portal.web.submitting.after import wording

FORM_PAGES = PAGES[:-1]


@blueprint.get("/releases/<reference>/edit")
@access("newsroom")
def edit(reference: str) -> str | Answer:
    """The text in its form; opening it changes nothing."""
    again = parked.take(current_person(), request.path)
    typed = {name: again.getlist(name)[-1] for name in again} if again else {}
    with portal().database.reading() as session:
        case = _case(session, reference)
        if not _is_mine(case) and not typed:
            return redirect(url_for("moderating.review", reference=reference), 303)
        return _drawn(session, case, typed, alert="", issues=[], kept=parked.KEPT if typed else "")


@blueprint.post("/releases/<reference>/edit")
@access("newsroom")
def save_edit(reference: str) -> Answer:
    """A new version by this editor; a material one goes to the sender for sign-off."""
    typed = posted.fields()

    def again(alert: str, issues: list[Issue]) -> str:
        with portal().database.reading() as session:
            return _drawn(session, _case(session, reference), typed, alert=alert, issues=issues)

    return answering.answered(
        lambda: editing_text.edit(
            portal(),
            current_person(),
            reference,
            posted=typed,
            material=typed.get("material") == "y",
            version=posted.version(),
            now=now(),
        ),
        again=again,
        then=url_for("moderating.review", reference=reference),
    )


def _case(session: Session, reference: str) -> Case:
    case = releases.find(session, reference)
    if case is None or case.edition.revision is None:
        raise NotFound
    return case


def _is_mine(case: Case) -> bool:
    return case.edition.holder_id == current_person().id


def _drawn(
    session: Session, case: Case, typed: Mapping[str, str], *, alert: str, issues: list[Issue], kept: str = ""
) -> str:
    assert case.edition.revision is not None  # asked by the caller
    values = {**case.edition.revision.content["values"], **typed}
    return render_template(
        "moderating/edit.html",
        case=case,
        values=values,
        sheets=[(PAGE_TITLES[page], _fields(case, page, values)) for page in FORM_PAGES],
        changes=wording(session, case),
        mine=_is_mine(case),
        alert=alert,
        issues=issues,
        kept=kept,
    )


def _fields(case: Case, page: str, values: Mapping[str, str]) -> tuple[Field, ...]:
    """One empty quote more than there are; the sender's wish for a time is not the editor's to write."""
    quotes = max(quote_numbers(values), default=0) + 2
    return fields_of(case.release.kind, page, quotes, is_correction=True)
