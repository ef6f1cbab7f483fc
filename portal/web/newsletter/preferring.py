"""Changing what one reads, pausing, and deleting everything: by a signed link, which is mailed to who asks for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.actions.newsletter import subscribing
from portal.actions.newsletter.subscribing import Wishes
from portal.outlets.mail.newsletter_words import choice_in_words
from portal.rules import newsletter_links as links
from portal.rules.issues import blocking
from portal.rules.reader_choice import from_json
from portal.rules.refusals import Conflict, Invalid, NotFound
from portal.storage.queries import subscribers
from portal.storage.tables import Subscriber
from portal.web.access import access, now, portal, settings
from portal.web.accounts.visiting import visit
from portal.web.newsletter import blueprint, pages
from portal.web.newsletter.pages import Refusal, Typed
from portal.web.public.answers import fixed_answer


@blueprint.get("/preferences")
@access("anyone")
def link_request() -> Response:
    deleted = request.args.get("after") == "deleted"
    return fixed_answer(render_template("newsletter/ask_link.html", typed=Typed(), deleted=deleted))


@blueprint.post("/preferences")
@access("anyone")
def ask_for_link() -> Response:
    """The same answer for every address: only its mailbox learns more."""
    typed = pages.posted()
    refusal = pages.attempt(
        lambda: subscribing.ask_for_link(portal(), email=typed.email, visit=visit(), now=now())
    )
    if refusal is None:
        return redirect("/newsletter/sent", 303)
    return pages.refused("newsletter/ask_link.html", refusal, typed=typed)


@blueprint.get("/preferences/<token>")
@access("anyone")
def preferences(token: str) -> Response:
    try:
        return _page(token)
    except NotFound:
        return pages.link_is_gone()


@blueprint.post("/preferences/<token>")
@access("anyone")
def prefer(token: str) -> Response:
    """Keeps the choice, takes over what was asked for (`go=asked`), or with the tick deletes."""
    try:
        refusal = pages.attempt(lambda: _act(token))
        if refusal is not None:
            return _page(token, refusal=refusal)
    except NotFound:
        return pages.link_is_gone()
    except Conflict as conflict:
        return _page(token, refusal=Refusal(409, alert=conflict.sentence))
    if _is_ticked("delete"):
        return redirect("/newsletter/preferences?after=deleted", 303)
    return redirect(f"/newsletter/preferences/{token}?after=saved", 303)


def _act(token: str) -> None:
    if _is_ticked("delete"):
        subscribing.prefer(portal(), token, Wishes(), delete=True, now=now())
    elif request.form.get("go") == "delete":
        sentence = "Tick the box if everything about you is to be deleted. Nothing was changed."
        raise Invalid(sentence, [blocking("FIELD", "delete", sentence)])
    elif request.form.get("go") == "asked":
        subscribing.take_what_was_asked(portal(), token)
    else:
        subscribing.prefer(portal(), token, _wishes(), now=now())


def _wishes() -> Wishes:
    typed = pages.posted()
    return Wishes(
        typed.kinds, typed.places, _is_ticked("corrections_only"), request.form.get("pause_until", "")
    )


def _is_ticked(name: str) -> bool:
    return "y" in request.form.getlist(name)


def _page(token: str, *, refusal: Refusal | None = None) -> Response:
    """Raises NotFound for a link that is not good."""
    here, moment = portal(), now()
    with here.database.reading() as session:
        reader = subscribing.reader_behind(here, session, token, links.PREFERENCES)
        words = _shown(session, reader, moment, typed=refusal is not None)
    words["unsubscribe"] = links.unsubscribe_path(here.settings.mail_key, reader.id, reader.nonce)
    if refusal is not None:
        return pages.refused("newsletter/preferences.html", refusal, **words)
    saved = request.args.get("after") == "saved"
    return pages.answer("newsletter/preferences.html", saved=saved, **words)


def _shown(session: Session, reader: Subscriber, moment: datetime, *, typed: bool) -> dict[str, Any]:
    """The reader's choice as it is kept, or as it was just typed."""
    own, asked = subscribers.choice_of(reader), from_json(reader.asked_for)
    kept = _kept(reader, own.kinds, own.places, moment)
    waits = bool(reader.asked_for) and asked != own
    return {
        "reader": reader,
        "wishes": _wishes() if typed and request.form.get("go", "save") == "save" else kept,
        "places": pages.offered_places(session, moment, own.places),
        "asked": choice_in_words(asked, subscribers.places_named(session, asked.places)) if waits else "",
        "paused": reader.paused_until if reader.paused_until and reader.paused_until > moment else None,
        "today": moment.astimezone(settings().zone).date(),
    }


def _kept(reader: Subscriber, kinds: tuple[str, ...], places: tuple[str, ...], moment: datetime) -> Wishes:
    paused = reader.paused_until
    until = paused.astimezone(settings().zone).date().isoformat() if paused and paused > moment else ""
    return Wishes(kinds, places, reader.corrections_only, until)
