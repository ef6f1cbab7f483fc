"""A form that arrives when nobody is logged in any more: one page that keeps its words, takes the login and goes on."""

from __future__ import annotations

from flask import make_response, render_template
from werkzeug.wrappers import Response

from portal.web.forms.accounts import LoginForm
from portal.web.forms.labels import labelled
from portal.web.forms.raw import CARRIED, Pairs
from portal.web.forms.ticks import tick_names


def page(form: LoginForm, typed: Pairs, sent_to: str, status: int, *, failed: bool = False) -> Response:
    """`typed` stands in it under the labels of its own form; `sent_to` is the address that it was sent to.
    `failed`: somebody tried to log in, and it did not fit."""
    shown = [
        each for each in labelled(sent_to, typed) if not each.is_technical and each.value not in ("", "y")
    ]
    words = render_template(
        "accounts/login_lost.html",
        form=form,
        typed=labelled(sent_to, typed),
        shows_words=bool(shown),
        carried=CARRIED,
        ticks=tick_names(),
        sent_to=sent_to,
        failed=failed,
    )
    return make_response(words, status)
