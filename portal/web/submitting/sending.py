"""The last page and what follows it: check, send, receipt, and the steps a sender may take afterwards."""

from datetime import datetime

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.actions.releases import conversing
from portal.actions.submitting import drafting, sending
from portal.rules.issues import Issue
from portal.rules.promise import promise_by
from portal.rules.publication_time import ZoneLine
from portal.rules.refusals import Conflict, Invalid, NotFound
from portal.rules.release_states import EDITABLE_STATES
from portal.storage.queries.releases import Case
from portal.web import parked
from portal.web.access import access, current_person, now, portal, settings
from portal.web.answering import Answer
from portal.web.forms.protocol import VersionForm
from portal.web.forms.release_page import CheckForm
from portal.web.forms.submitting import MessageForm, WriteForm
from portal.web.forms.taking import takes
from portal.web.submitting import answers, blueprint, views
from portal.web.submitting.cases import own_case, told_of
from portal.web.submitting.editing import steps_of
from portal.web.submitting.steps import answered


@blueprint.get("/desk/releases/<reference>/edit/check")
@access("member")
def check(reference: str) -> Response | str:
    """All answers, what needs work, and the button that sends."""
    with portal().database.reading() as session:
        case = own_case(session, current_person(), reference)
        if case.edition.state not in EDITABLE_STATES:
            return redirect(url_for("submitting.status", reference=reference), 303)
        return _check_page(case, was_interrupted=parked.take(current_person(), request.path) is not None)


@blueprint.post("/desk/releases/<reference>/edit/check")
@access("member")
@takes(CheckForm)
def leave_check(reference: str, form: CheckForm) -> Response:
    """Keep as a draft, or go back: nothing on this page is saved before it is sent."""
    with portal().database.reading() as session:
        own_case(session, current_person(), reference)
    page = "contact" if form.go.data == "back" else ""
    return redirect(
        url_for("submitting.edit", reference=reference, page=page) if page else url_for("submitting.desk"),
        303,
    )


@blueprint.post("/desk/releases/<reference>/submit")
@access("member")
@takes(CheckForm)
def submit(reference: str, form: CheckForm) -> Answer:
    """Send it once, however often the button is pressed."""
    try:
        sent = sending.submit(
            portal(),
            current_person(),
            reference,
            posted=form.posted(),
            version=form.version.handed_over(),
            key=form.key(),
            now=now(),
        )
    except Invalid as refused:
        return _check_again(reference, form, issues=list(refused.issues))
    except Conflict as refused:
        return _after_conflict(reference, form, refused)
    already = "1" if sent.already else None
    return redirect(url_for("submitting.receipt", reference=reference, already=already), 303)


@blueprint.get("/desk/releases/<reference>/receipt")
@access("member")
def receipt(reference: str) -> str:
    """What was received, by when we decide, and what happens next. Prints on one sheet."""
    with portal().database.reading() as session:
        case = own_case(session, current_person(), reference)
        if case.edition.submitted_at is None:
            raise NotFound
        return render_template(
            "submitting/receipt.html",
            case=case,
            received=_received(case),
            runs=answers.runs(case, settings()),
            sent_before=bool(request.args.get("already")),
            recall=MessageForm(),
            withdraw=MessageForm(),
            sent_to=current_person().email,
        )


@blueprint.post("/desk/releases/<reference>/recall")
@access("member")
@takes(MessageForm)
def recall(reference: str, form: MessageForm) -> Answer:
    return answered(reference, form, sending.recall)


@blueprint.post("/desk/releases/<reference>/ask-back")
@access("member")
@takes(MessageForm)
def ask_back(reference: str, form: MessageForm) -> Answer:
    return answered(reference, form, sending.ask_back)


@blueprint.post("/desk/releases/<reference>/withdraw")
@access("member")
@takes(MessageForm)
def withdraw(reference: str, form: MessageForm) -> Answer:
    return answered(reference, form, sending.withdraw)


@blueprint.post("/desk/releases/<reference>/clone")
@access("member")
@takes(VersionForm)
def clone(reference: str, form: VersionForm) -> Answer:
    return answered(
        reference,
        form,
        drafting.clone,
        then=lambda fresh: url_for("submitting.edit", reference=fresh, page="news"),
    )


@blueprint.post("/desk/releases/<reference>/message")
@access("member")
@takes(WriteForm)
def message(reference: str, form: WriteForm) -> Answer:
    there = url_for("submitting.status", reference=reference, _anchor="timeline")
    return answered(reference, form, conversing.write_to_desk, then=there)


def _received(case: Case) -> list[ZoneLine]:
    """The time of receipt in the sender's zone, where one was given, the site's and UTC."""
    assert case.edition.submitted_at is not None
    values = case.edition.draft.get("values", {})
    return answers.zones_of(case.edition.submitted_at, values, settings())


def _after_conflict(reference: str, form: CheckForm, refused: Conflict) -> tuple[str, int]:
    alert = told_of(reference, refused)
    with portal().database.reading() as session:
        case = own_case(session, current_person(), reference)
        if case.edition.state in EDITABLE_STATES:
            return _check_page(case, form=form, alert=alert), 409
    return views.status_page(reference, alert=alert), 409


def _check_again(reference: str, form: CheckForm, *, issues: list[Issue]) -> tuple[str, int]:
    with portal().database.reading() as session:
        case = own_case(session, current_person(), reference)
        return _check_page(case, form=form, issues=issues), 422


def _check_page(
    case: Case,
    *,
    form: CheckForm | None = None,
    issues: list[Issue] | None = None,
    alert: str = "",
    was_interrupted: bool = False,
) -> str:
    found, form = issues or sending.check(portal(), case, now=now()), form or CheckForm()
    form.show(found)
    rows, left_over = answers.with_issues(answers.rows(case, settings()), found)
    return render_template(
        "submitting/check.html",
        case=case,
        rows=rows,
        left_over=left_over,
        anchors=answers.anchors(case.release.reference, found),
        issues=found,
        steps_of=steps_of(case, found),
        declarations=form.declarations,
        alert=alert,
        was_interrupted=was_interrupted,
        promise=_promise(now()),
        runs=answers.runs(case, settings()),
        sent_to=current_person().email,
    )


def _promise(instant: datetime) -> datetime:
    chosen = settings()
    return promise_by(instant, chosen.promise_hours, chosen.desk_hours, chosen.timezone)
