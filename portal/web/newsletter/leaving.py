"""Leaving the daily e-mail: by the button of a page, or by the one-click POST of RFC 8058, which mail programs send."""

from __future__ import annotations

from typing import Any

from flask import Response as Answer
from flask import redirect
from werkzeug.wrappers import Response

from portal.actions.newsletter import subscribing
from portal.rules import newsletter_links as links
from portal.rules.refusals import NotFound
from portal.web.access import access, now, portal
from portal.web.forms.newsletter import LeaveForm
from portal.web.forms.taking import takes
from portal.web.newsletter import blueprint, pages


@blueprint.get("/unsubscribe/<token>")
@access("anyone")
def leaving(token: str) -> Response:
    """A page with one button. Who fetches it, a scanner or whoever was forwarded the letter, takes nobody off."""
    try:
        return _page(token)
    except NotFound:
        return _nobody(token)


@blueprint.post("/unsubscribe/<token>")
@access("anyone")
@takes(LeaveForm)
def leave(token: str, form: LeaveForm) -> Response:
    """At once, and again without harm. The token alone decides for a mail program: it has no cookie and no page."""
    try:
        if form.is_one_click:
            subscribing.leave(portal(), token, now=now())
            return _plain("You have left the daily e-mail.")
        refusal = pages.attempt(lambda: subscribing.leave(portal(), token, now=now()))
        return _page(token, refusal=refusal) if refusal else redirect(f"/newsletter/unsubscribe/{token}", 303)
    except NotFound:
        return _nobody(token, one_click=form.is_one_click)


def _plain(sentence: str) -> Response:
    """For a mail program: no page, and nowhere to go on to."""
    return Answer(f"{sentence}\n", content_type="text/plain; charset=utf-8")


def _nobody(token: str, *, one_click: bool = False) -> Response:
    """A link of somebody whose data was deleted is answered with what they wanted: no letter comes."""
    with portal().database.reading() as session:
        if not subscribing.was_erased(session, token):
            return pages.link_is_gone()
    return (
        _plain("No letter comes to you by this list.")
        if one_click
        else pages.answer("newsletter/erased.html")
    )


def _page(token: str, *, refusal: pages.Refusal | None = None) -> Response:
    here = portal()
    with here.database.reading() as session:
        reader = subscribing.reader_behind(here, session, token, links.UNSUBSCRIBE)
    words: dict[str, Any] = {
        "reader": reader,
        "preferences": links.preferences_path(here.settings.mail_key, reader.id, reader.nonce),
    }
    if refusal is not None:
        return pages.refused("newsletter/leave.html", refusal, **words)
    return pages.answer("newsletter/leave.html", **words)
