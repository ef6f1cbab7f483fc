"""The POSTs of the newsroom. Each parses, hands over and answers; a refusal keeps the editor's words."""

from collections.abc import Callable

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.actions import conversing, moderating
from portal.actions.deciding import Verdict
from portal.rules.refusals import Conflict, Invalid
from portal.text import plain
from portal.web.access import access, current_person, now, portal
from portal.web.errors import sentence_about
from portal.web.moderating import blueprint
from portal.web.moderating.review import Kept, review_page
from portal.web.submitting import posted

Answer = Response | tuple[str, int]


@blueprint.post("/releases/<reference>/claim")
@access("newsroom")
def claim(reference: str) -> Answer:
    return _answered(
        reference,
        lambda: moderating.claim(portal(), current_person(), reference, version=posted.version(), now=now()),
    )


@blueprint.post("/releases/<reference>/let-go")
@access("newsroom")
def let_go(reference: str) -> Answer:
    return _answered(
        reference,
        lambda: moderating.let_go(portal(), current_person(), reference, version=posted.version(), now=now()),
        then=url_for("moderating.queue"),
    )


@blueprint.post("/releases/<reference>/take-over")
@access("newsroom")
def take_over(reference: str) -> Answer:
    return _answered(
        reference,
        lambda: moderating.take_over(
            portal(),
            current_person(),
            reference,
            message=_words("message"),
            version=posted.version(),
            now=now(),
        ),
    )


@blueprint.post("/releases/<reference>/hand-back")
@access("newsroom")
def hand_back(reference: str) -> Answer:
    return _answered(
        reference,
        lambda: moderating.hand_back(
            portal(),
            current_person(),
            reference,
            message=_words("message"),
            version=posted.version(),
            now=now(),
        ),
        then=url_for("moderating.queue"),
    )


@blueprint.post("/releases/<reference>/decide")
@access("newsroom")
def decide(reference: str) -> Answer:
    """Approve, ask for changes or reject the text whose hash the form carries."""
    return _answered(
        reference,
        lambda: moderating.decide(
            portal(), current_person(), reference, _verdict(), version=posted.version(), now=now()
        ),
        then=url_for("moderating.queue", done=reference),
    )


@blueprint.post("/releases/<reference>/note")
@access("newsroom")
def note(reference: str) -> Answer:
    return _answered(
        reference,
        lambda: moderating.add_note(portal(), current_person(), reference, note=_words("note"), now=now()),
        then=url_for("moderating.review", reference=reference, _anchor="notes"),
    )


@blueprint.post("/releases/<reference>/message")
@access("newsroom")
def message(reference: str) -> Answer:
    return _answered(
        reference,
        lambda: conversing.write_to_sender(
            portal(), current_person(), reference, message=_words("message"), now=now()
        ),
        then=url_for("moderating.review", reference=reference, _anchor="timeline"),
    )


def _answered(reference: str, step: Callable[[], object], then: str = "") -> Answer:
    """Take the step; refused, the same screen again with what was typed and why."""
    try:
        step()
    except Conflict as refused:
        alert = f"{refused.sentence} {sentence_about(refused.winner)}".strip()
        return review_page(reference, alert=alert, kept=_kept()), 409
    except Invalid as refused:
        return review_page(reference, alert=refused.sentence, issues=list(refused.issues), kept=_kept()), 422
    return redirect(then or url_for("moderating.review", reference=reference), 303)


def _words(name: str) -> str:
    return plain.clean_text(request.form.get(name, ""))


def _reasons() -> list[str]:
    """The codes that were chosen; a select in which nothing is chosen sends an empty one."""
    return [code for code in request.form.getlist("reasons") if code]


def _verdict() -> Verdict:
    revision_hash = request.form.get("revision_hash", "")
    if not revision_hash:
        raise Invalid("This form came without the mark of the text that you read. Open the page again.")
    return Verdict(
        decision=request.form.get("decision", ""),
        revision_hash=revision_hash,
        reasons=_reasons(),
        message=_words("message"),
        publish_at=request.form.get("publish_at", ""),
        publish_timezone=request.form.get("publish_timezone", ""),
        publish_fold=request.form.get("publish_fold", ""),
        identity_person=plain.clean_line(request.form.get("identity_person", "")),
        identity_number=plain.clean_line(request.form.get("identity_number", "")),
        identity_source=plain.clean_line(request.form.get("identity_source", "")),
        consent_note=_words("consent_note"),
        check_note=_words("check_note"),
    )


def _kept() -> Kept:
    return Kept(
        decision=request.form.get("decision", ""),
        reasons=_reasons(),
        fields=posted.fields(),
        flags=request.form.getlist("flags"),
    )
