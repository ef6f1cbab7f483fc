"""Another kind of news for a draft: the page that offers it, and the step."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.actions.submitting import changing_kind
from portal.rules.issues import Issue
from portal.rules.kinds import KINDS
from portal.rules.release_states import DRAFT
from portal.web import answering
from portal.web.access import access, current_person, now, portal
from portal.web.answering import Answer
from portal.web.forms.submitting import KindForm
from portal.web.forms.taking import takes
from portal.web.submitting import blueprint
from portal.web.submitting.cases import own_case, told_of


@blueprint.get("/desk/releases/<reference>/change-kind")
@access("member")
def another_kind(reference: str) -> Response | str:
    """Says what stays and what does not, before anything changes."""
    with portal().database.reading() as session:
        case = own_case(session, current_person(), reference)
        if case.edition.state != DRAFT or case.edition.is_correction:
            return redirect(url_for("submitting.status", reference=reference), 303)
    return _page(reference)


@blueprint.post("/desk/releases/<reference>/change-kind")
@access("member")
@takes(KindForm)
def change_kind(reference: str, form: KindForm) -> Answer:
    return answering.answered(
        lambda: changing_kind.change_kind(portal(), current_person(), reference, **form.words(), now=now()),
        again=lambda alert, issues: _page(reference, alert=alert, issues=issues),
        then=url_for("submitting.edit", reference=reference, page="news"),
        tell=lambda refused: told_of(reference, refused),
    )


def _page(reference: str, *, alert: str = "", issues: list[Issue] | None = None) -> str:
    with portal().database.reading() as session:
        case = own_case(session, current_person(), reference)
        return render_template(
            "submitting/another_kind.html",
            case=case,
            others=[kind for kind in KINDS.values() if kind.name != case.release.kind],
            alert=alert,
            issues=issues or [],
        )
