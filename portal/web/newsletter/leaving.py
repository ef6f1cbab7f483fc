"""Leaving the daily e-mail: by the button of a page, or by the one-click POST of RFC 8058, which mail programs send."""

from __future__ import annotations

from typing import Any

from flask import Response as Answer
from flask import redirect, request
from werkzeug.wrappers import Response

from portal.actions import subscribing
from portal.rules import newsletter_links as links
from portal.rules.refusals import NotFound
from portal.web.access import access, now, portal
from portal.web.newsletter import blueprint, pages


@blueprint.get("/unsubscribe/<token>")
@access("anyone")
def leaving(token: str) -> Response:
    """A page with one button. Who fetches it, a scanner or whoever was forwarded the letter, takes nobody off."""
    try:
        return _page(token)
    except NotFound:
        return pages.link_is_gone()


@blueprint.post("/unsubscribe/<token>")
@access("anyone")
def leave(token: str) -> Response:
    """At once, and again without harm. The token alone decides for a mail program: it has no cookie and no page."""
    try:
        if request.form.get("List-Unsubscribe") == "One-Click":
            subscribing.leave(portal(), token, now=now())
            return Answer("You have left the daily e-mail.\n", content_type="text/plain; charset=utf-8")
        refusal = pages.attempt(lambda: subscribing.leave(portal(), token, now=now()))
        return _page(token, refusal=refusal) if refusal else redirect(f"/newsletter/unsubscribe/{token}", 303)
    except NotFound:
        return pages.link_is_gone()


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
