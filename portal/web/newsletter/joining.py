"""Asking for the daily e-mail, and the one tap that confirms it."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template
from werkzeug.wrappers import Response

from portal.actions.newsletter import subscribing
from portal.outlets.mail.newsletter_words import choice_in_words
from portal.rules import newsletter_links as links
from portal.rules.reader_choice import from_json
from portal.rules.refusals import NotFound
from portal.storage.queries.newsletter import subscribers
from portal.web.access import access, now, portal
from portal.web.accounts.visiting import visit
from portal.web.forms.newsletter import ConfirmForm, JoinForm
from portal.web.forms.taking import takes
from portal.web.newsletter import blueprint, pages
from portal.web.public.answers import fixed_answer, public_answer


@blueprint.get("")
@access("anyone")
def newsletter() -> Response:
    moment = now()
    with portal().database.reading() as session:
        words = pages.joining_words(session, JoinForm(), moment)
        return public_answer(session, moment, render_template("newsletter/join.html", **words))


@blueprint.post("")
@access("anyone")
@takes(JoinForm)
def ask(form: JoinForm) -> Response:
    """The same answer for every address: only its mailbox learns more."""
    refusal = pages.attempt(lambda: subscribing.join(portal(), **form.words(), visit=visit(), now=now()))
    if refusal is None:
        return redirect("/newsletter/sent", 303)
    with portal().database.reading() as session:
        words = pages.joining_words(session, form, now())
    return pages.refused("newsletter/join.html", refusal, **words)


@blueprint.get("/sent")
@access("anyone")
def sent() -> Response:
    return fixed_answer(render_template("newsletter/sent.html"))


@blueprint.get("/confirm/<token>")
@access("anyone")
def confirmation(token: str) -> Response:
    """Opening the link changes nothing; its button does."""
    try:
        return _confirmation(token)
    except NotFound:
        return pages.link_is_gone()


@blueprint.post("/confirm/<token>")
@access("anyone")
@takes(ConfirmForm)
def confirm(token: str, form: ConfirmForm) -> Response:
    """The button of the page; where the link has expired the button mails a fresh one."""
    try:
        refusal = pages.attempt(lambda: _press(token, form))
        if refusal is not None:
            return _confirmation(token, refusal=refusal)
    except NotFound:
        return pages.link_is_gone()
    return redirect("/newsletter/sent" if form.again.is_ticked else f"/newsletter/confirm/{token}", 303)


def _press(token: str, form: ConfirmForm) -> None:
    if form.again.is_ticked:
        subscribing.ask_again(portal(), token, visit=visit(), now=now())
    else:
        subscribing.confirm(portal(), token, now=now())


def _confirmation(token: str, *, refusal: pages.Refusal | None = None) -> Response:
    """Waiting for the button, confirmed, or expired. Raises NotFound for a link that is not good."""
    here, moment = portal(), now()
    with here.database.reading() as session:
        reader = subscribing.reader_behind(here, session, token, links.CONFIRM)
        if reader.state == subscribing.LEFT:
            raise NotFound
        asked = from_json(reader.asked_for)
        choice = asked if reader.state == subscribing.ASKED else subscribers.choice_of(reader)
        places = subscribers.places_named(session, choice.places)
    words: dict[str, Any] = {
        "reader": reader,
        "choice": choice_in_words(choice, places),
        "expired": reader.state == subscribing.ASKED and links.is_expired(reader.asked_at, moment),
        "expires_at": links.good_until(reader.asked_at),
        "preferences": links.preferences_path(here.settings.mail_key, reader.id, reader.nonce),
    }
    if refusal is not None:
        return pages.refused("newsletter/confirm.html", refusal, **words)
    return pages.answer("newsletter/confirm.html", **words)
