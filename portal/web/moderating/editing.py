"""An editor's own wording of a text that they have claimed: all pages of its form as one sheet."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from portal.actions.moderating import editing_text
from portal.rules.issues import Issue
from portal.rules.kinds import PAGE_TITLES
from portal.rules.refusals import NotFound
from portal.storage.queries import releases
from portal.storage.queries.releases import Case
from portal.web import answering, parked
from portal.web.access import access, current_person, now, portal
from portal.web.answering import Answer
from portal.web.forms import raw
from portal.web.forms.release_page import FORM_PAGES, EditForm, edit_form_of
from portal.web.forms.taking import takes
from portal.web.moderating import blueprint
from portal.web.presses import portal_for
from portal.web.release_pages.versions import wording


def _posted_form(reference: str) -> EditForm:
    """The form of all pages for this kind of release. Raises NotFound."""
    with portal().database.reading() as session:
        case = _case(session, reference)
        form, values = edit_form_of(case.release.kind), _current(case)
    return form.read(values=values)


@blueprint.get("/releases/<reference>/edit")
@access("newsroom")
def edit(reference: str) -> str | Answer:
    """The text in its form; opening it changes nothing."""
    again = parked.take(current_person(), request.path)
    typed = raw.last_of_each(again) if again else {}
    with portal().database.reading() as session:
        case = _case(session, reference)
        if not _is_mine(case) and not typed:
            return redirect(url_for("moderating.review", reference=reference), 303)
        return _drawn(session, case, typed, alert="", issues=[], kept=parked.KEPT if typed else "")


@blueprint.post("/releases/<reference>/edit")
@access("newsroom")
@takes(EditForm, made=_posted_form)
def save_edit(reference: str, form: EditForm) -> Answer:
    """A new version by this editor; a material one goes to the sender for sign-off."""
    typed = {**form.posted(), "material": form.material.data}

    def again(alert: str, issues: list[Issue]) -> str:
        with portal().database.reading() as session:
            return _drawn(session, _case(session, reference), typed, alert=alert, issues=issues)

    return answering.answered(
        lambda: editing_text.edit(
            portal_for(form),
            current_person(),
            reference,
            posted=form.posted(),
            material=form.material.is_ticked,
            version=form.version.handed_over(),
            now=now(),
        ),
        again=again,
        then=url_for("moderating.review", reference=reference, done="edit"),
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
    values = {**_current(case), **typed}
    form = edit_form_of(case.release.kind)(values=values)
    form.show(issues)
    return render_template(
        "moderating/edit.html",
        case=case,
        values=values,
        sheets=[(PAGE_TITLES[page], form.of_page(page)) for page in FORM_PAGES],
        form_of_text=form,
        changes=wording(session, case),
        mine=_is_mine(case),
        alert=alert,
        issues=issues,
        kept=kept,
    )


def _current(case: Case) -> dict[str, str]:
    """What stands in the text that is under review."""
    assert case.edition.revision is not None  # asked by the caller
    values: dict[str, str] = case.edition.revision.content["values"]
    return values
