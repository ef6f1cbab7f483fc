"""The last page and what follows it: check, send, receipt, and the steps a sender may take afterwards."""

from datetime import datetime

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.actions.releases import conversing
from portal.actions.submitting import drafting, sending
from portal.rules.issues import Issue, blocking
from portal.rules.kinds import DECLARATIONS
from portal.rules.promise import promise_by
from portal.rules.publication_time import ZoneLine
from portal.rules.refusals import Conflict, Invalid, NotFound
from portal.rules.release_states import EDITABLE_STATES
from portal.storage.queries.releases import Case
from portal.web.access import access, current_person, now, portal, settings
from portal.web.answering import Answer, told
from portal.web.release_pages import posted
from portal.web.submitting import answers, blueprint, views
from portal.web.submitting.cases import own_case
from portal.web.submitting.editing import steps_of
from portal.web.submitting.steps import answered, answered_with_words


@blueprint.get("/desk/releases/<reference>/edit/check")
@access("member")
def check(reference: str) -> Response | str:
    """All answers, what needs work, and the button that sends."""
    with portal().database.reading() as session:
        case = own_case(session, current_person(), reference)
        if case.edition.state not in EDITABLE_STATES:
            return redirect(url_for("submitting.status", reference=reference), 303)
        return _check_page(case)


@blueprint.post("/desk/releases/<reference>/edit/check")
@access("member")
def leave_check(reference: str) -> Response:
    """Keep as a draft, or go back: nothing on this page is saved before it is sent."""
    with portal().database.reading() as session:
        own_case(session, current_person(), reference)
    page = "contact" if request.form.get("go") == "back" else ""
    return redirect(
        url_for("submitting.edit", reference=reference, page=page) if page else url_for("submitting.desk"),
        303,
    )


@blueprint.post("/desk/releases/<reference>/submit")
@access("member")
def submit(reference: str) -> Answer:
    """Send it once, however often the button is pressed."""
    typed = posted.fields()
    try:
        sent = sending.submit(
            portal(),
            current_person(),
            reference,
            posted=typed,
            version=posted.version(),
            key=_key(typed),
            now=now(),
        )
    except Invalid as refused:
        return _check_again(reference, typed, 422, issues=list(refused.issues))
    except Conflict as refused:
        return _after_conflict(reference, typed, refused)
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
            sent_to=current_person().email,
        )


@blueprint.post("/desk/releases/<reference>/recall")
@access("member")
def recall(reference: str) -> Answer:
    return answered_with_words(reference, sending.recall)


@blueprint.post("/desk/releases/<reference>/ask-back")
@access("member")
def ask_back(reference: str) -> Answer:
    return answered_with_words(reference, sending.ask_back)


@blueprint.post("/desk/releases/<reference>/withdraw")
@access("member")
def withdraw(reference: str) -> Answer:
    return answered_with_words(reference, sending.withdraw)


@blueprint.post("/desk/releases/<reference>/clone")
@access("member")
def clone(reference: str) -> Answer:
    return answered(
        reference,
        lambda: drafting.clone(portal(), current_person(), reference, version=posted.version(), now=now()),
        then=lambda fresh: url_for("submitting.edit", reference=fresh, page="news"),
    )


@blueprint.post("/desk/releases/<reference>/message")
@access("member")
def message(reference: str) -> Answer:
    return answered(
        reference,
        lambda: conversing.write_to_desk(
            portal(), current_person(), reference, message=posted.words("message"), now=now()
        ),
        then=url_for("submitting.status", reference=reference, _anchor="timeline"),
    )


def _key(typed: dict[str, str]) -> str:
    key = typed.get("idempotency_key", "").strip()
    if not key:
        sentence = "This form came without its key. Open the page again and send it from there."
        raise Invalid(sentence, [blocking("FORMAT", "idempotency_key", sentence)])
    return key


def _received(case: Case) -> list[ZoneLine]:
    """The time of receipt in the sender's zone, where one was given, the site's and UTC."""
    assert case.edition.submitted_at is not None
    values = case.edition.draft.get("values", {})
    return answers.zones_of(case.edition.submitted_at, values, settings())


def _after_conflict(reference: str, typed: dict[str, str], refused: Conflict) -> tuple[str, int]:
    alert = told(refused)
    with portal().database.reading() as session:
        case = own_case(session, current_person(), reference)
        if case.edition.state in EDITABLE_STATES:
            return _check_page(case, typed=typed, alert=alert), 409
    return views.status_page(reference, alert=alert), 409


def _check_again(
    reference: str, typed: dict[str, str], status: int, *, issues: list[Issue]
) -> tuple[str, int]:
    with portal().database.reading() as session:
        case = own_case(session, current_person(), reference)
        return _check_page(case, typed=typed, issues=issues), status


def _check_page(
    case: Case, *, typed: dict[str, str] | None = None, issues: list[Issue] | None = None, alert: str = ""
) -> str:
    found = issues or sending.check(portal(), case, now=now())
    return render_template(
        "submitting/check.html",
        case=case,
        rows=answers.rows(case, settings()),
        issues=found,
        steps_of=steps_of(case, found),
        declarations=DECLARATIONS,
        ticked=typed or {},
        alert=alert,
        promise=_promise(now()),
        runs=answers.runs(case, settings()),
        sent_to=current_person().email,
    )


def _promise(instant: datetime) -> datetime:
    chosen = settings()
    return promise_by(instant, chosen.promise_hours, chosen.desk_hours, chosen.timezone)
