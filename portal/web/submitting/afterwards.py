"""What a sender does after a decision or an editor's wording: correct, appeal, agree or object."""

from collections.abc import Callable

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal.actions import appealing, correcting, signing_off
from portal.actions.correcting import Correction
from portal.rules.refusals import Conflict, Invalid
from portal.text import plain
from portal.web.access import access, current_person, now, portal
from portal.web.errors import sentence_about
from portal.web.submitting import blueprint, posted, views

Answer = Response | tuple[str, int]


@blueprint.post("/desk/releases/<reference>/correct")
@access("member")
def correct(reference: str) -> Answer:
    """A draft with the public text in it; readers see the public text until the desk says yes."""
    return _answered(
        reference,
        "correct",
        lambda: correcting.start(
            portal(), current_person(), reference, correction_posted(), version=posted.version(), now=now()
        ),
        then=url_for("submitting.edit", reference=reference, page="news"),
    )


@blueprint.post("/desk/releases/<reference>/appeal")
@access("member")
def appeal(reference: str) -> Answer:
    return _answered(
        reference,
        "appeal",
        lambda: appealing.appeal(
            portal(),
            current_person(),
            reference,
            message=_words("message"),
            version=posted.version(),
            now=now(),
        ),
    )


@blueprint.post("/desk/releases/<reference>/signoff")
@access("member")
def signoff(reference: str) -> Answer:
    return _answered(
        reference,
        "signoff",
        lambda: signing_off.answer(
            portal(),
            current_person(),
            reference,
            answer=posted.fields().get("answer", ""),
            message=_words("message"),
            version=posted.version(),
            now=now(),
        ),
    )


def correction_posted() -> Correction:
    """What a form of either side says of a correction."""
    return Correction(posted.fields().get("correction_kind", ""), _words("what"), _words("why"))


def _answered(reference: str, form: str, step: Callable[[], None], then: str = "") -> Answer:
    """Take the step; refused, the status page again with what was typed where it was typed."""
    typed = {**posted.fields(), "form": form}
    try:
        step()
    except Conflict as refused:
        alert = f"{refused.sentence} {sentence_about(refused.winner)}".strip()
        return views.status_page(reference, alert=alert, typed=typed), 409
    except Invalid as refused:
        issues = list(refused.issues)
        return views.status_page(reference, alert=refused.sentence, issues=issues, typed=typed), 422
    return redirect(then or url_for("submitting.status", reference=reference), 303)


def _words(name: str) -> str:
    return plain.clean_text(posted.fields().get(name, ""))
