"""The POSTs after publication: kill, take down and put back, revert, a notice over the text, an end date."""

from collections.abc import Callable

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.actions import killing, removing
from portal.actions.killing import Kill
from portal.rules.refusals import Conflict, Invalid
from portal.text import plain
from portal.web.access import access, current_person, now, portal
from portal.web.errors import sentence_about
from portal.web.moderating import blueprint
from portal.web.moderating.review import Kept, review_page
from portal.web.submitting import posted

Answer = Response | tuple[str, int]
PLACE = "after-publication"


@blueprint.post("/releases/<reference>/kill")
@access("newsroom")
def kill(reference: str) -> Answer:
    """The first editor asks, the second one kills; a senior kills alone."""
    return _answered(
        reference,
        "kill",
        lambda: killing.kill(
            portal(), current_person(), reference, _kill(), version=posted.version(), now=now()
        ),
    )


@blueprint.post("/releases/<reference>/take-down")
@access("newsroom")
def take_down(reference: str) -> Answer:
    return _with_message(reference, "take-down")


@blueprint.post("/releases/<reference>/put-back")
@access("newsroom")
def put_back(reference: str) -> Answer:
    return _with_message(reference, "put-back")


@blueprint.post("/releases/<reference>/revert")
@access("newsroom")
def revert(reference: str) -> Answer:
    return _with_message(reference, "revert")


@blueprint.post("/releases/<reference>/notice")
@access("newsroom")
def notice(reference: str) -> Answer:
    return _answered(
        reference,
        "notice",
        lambda: removing.set_notice(
            portal(),
            current_person(),
            reference,
            kind=request.form.get("notice_kind", ""),
            text=_words("notice_text"),
            version=posted.version(),
            now=now(),
        ),
    )


@blueprint.post("/releases/<reference>/expire")
@access("newsroom")
def expire(reference: str) -> Answer:
    return _answered(
        reference,
        "expire",
        lambda: removing.expire_on(
            portal(),
            current_person(),
            reference,
            expires_at=_words("expires_at"),
            version=posted.version(),
            now=now(),
        ),
    )


def _with_message(reference: str, act: str) -> Answer:
    step = removing.STEPS[act]
    return _answered(
        reference,
        act,
        lambda: step(
            portal(),
            current_person(),
            reference,
            message=_words("message"),
            version=posted.version(),
            now=now(),
        ),
    )


def _answered(reference: str, act: str, step: Callable[[], object]) -> Answer:
    """Take the step; refused, the same screen again with what was typed in the form of the same act."""
    kept = Kept(decision=act, reasons=_reasons(), fields=posted.fields())
    try:
        step()
    except Conflict as refused:
        alert = f"{refused.sentence} {sentence_about(refused.winner)}".strip()
        return review_page(reference, alert=alert, kept=kept), 409
    except Invalid as refused:
        return review_page(reference, alert=refused.sentence, issues=list(refused.issues), kept=kept), 422
    return redirect(url_for("moderating.review", reference=reference, _anchor=PLACE), 303)


def _kill() -> Kill:
    """The tick has an empty companion: a form without either did not ask."""
    ticks = request.form.getlist("mail_readers")
    return Kill(
        message=_words("message"),
        reasons=_reasons(),
        public_text=_words("public_text"),
        mail_readers="y" in ticks if ticks else None,
    )


def _reasons() -> list[str]:
    return [code for code in request.form.getlist("reasons") if code]


def _words(name: str) -> str:
    return plain.clean_text(request.form.get(name, ""))
