"""The daily e-mail before it exists: the page says so, and a posted address is not even read."""

from flask import redirect, render_template
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from portal.web.access import access
from portal.web.public import blueprint
from portal.web.public.answers import fixed_answer
from portal.web.tokens_in_forms import made_by_another_site


@blueprint.get("/newsletter")
@access("anyone")
def newsletter() -> Response:
    return _page(asked=False)


@blueprint.post("/newsletter")
@access("anyone")
def ask_for_newsletter() -> Response:
    """No session and so no token: where the form came from is looked at instead."""
    if made_by_another_site():
        raise BadRequest
    return redirect("/newsletter/sent", 303)


@blueprint.get("/newsletter/sent")
@access("anyone")
def newsletter_sent() -> Response:
    return _page(asked=True)


def _page(*, asked: bool) -> Response:
    return fixed_answer(render_template("public/newsletter.html", asked=asked))
