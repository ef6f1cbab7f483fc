"""What each reason code means: the checks, the decisions and the mails link here."""

from flask import render_template
from werkzeug.wrappers import Response

from portal.rules.reasons import OUTCOMES, REASONS
from portal.rules.refusals import NotFound
from portal.web.access import access
from portal.web.public import blueprint
from portal.web.public.answers import fixed_answer


@blueprint.get("/help/reasons")
@access("anyone")
def every_reason() -> Response:
    return fixed_answer(render_template("public/reasons.html", reasons=REASONS.values()))


@blueprint.get("/help/reasons/<code>")
@access("anyone")
def one_reason(code: str) -> Response:
    if code not in REASONS:
        raise NotFound
    found = REASONS[code]
    shown = {"reason": found, "outcome": OUTCOMES[found.outcome], "reasons": REASONS.values()}
    return fixed_answer(render_template("public/reason.html", **shown))
